/// Turns text into tokens and tokens into text, by the rules of o200k.
///
///     let tokenizer = Tokenizer(vocabulary: try Vocabulary(tiktoken: "o200k_base.tiktoken"))
///     tokenizer.encode("Hello, world")          // [13225, 11, 2375]
///     try tokenizer.decode([13225, 11, 2375])   // "Hello, world"
///
/// It has no state: one tokenizer serves any number of threads.
public struct Tokenizer: Sendable {
  /// The tokens it knows.
  public let vocabulary: Vocabulary

  /// A tokenizer with this vocabulary.
  public init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
  }

  /// The tokens of a text.
  ///
  /// Decoding them gives the text back, byte for byte. Time and memory grow with the length of the text
  /// times at most its logarithm, whatever the text is.
  ///
  /// - Parameters:
  ///   - text: any text, of any length.
  ///   - policy: what to make of text that spells a special token. The default leaves it text.
  public func encode(_ text: String, specialTokens policy: SpecialTokenPolicy = .asText) -> [TokenID] {
    var text = text
    return text.withUTF8 { encode($0, allowed: allowedTokens(policy)) }
  }

  /// The tokens of a text that must not spell special tokens, except some.
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - allowed: names of special tokens, which become those tokens.
  /// - Throws: `TokenizerError.specialTokenInText` for the first of the others.
  public func encodeRejectingSpecialTokens(
    _ text: String, allowing allowed: Set<String> = []
  ) throws(TokenizerError) -> [TokenID] {
    let allowedTokens = Set(allowed.compactMap(vocabulary.specialToken))
    let rejected = Set(vocabulary.specialTokens.tokens.map(\.id)).subtracting(allowedTokens)
    var text = text
    let match = text.withUTF8 { vocabulary.specialTokenFinder.first(in: $0, from: 0, of: rejected) }
    if let match, let name = vocabulary.specialTokenText(match.token) {
      throw .specialTokenInText(name, byteOffset: match.range.lowerBound)
    }
    return text.withUTF8 { encode($0, allowed: allowedTokens) }
  }

  /// How many tokens a text has.
  public func count(_ text: String, specialTokens policy: SpecialTokenPolicy = .asText) -> Int {
    encode(text, specialTokens: policy).count
  }

  /// The special tokens that a policy reads: `nil` for all.
  private func allowedTokens(_ policy: SpecialTokenPolicy) -> Set<TokenID>? {
    switch policy {
    case .asText: []
    case .allowAll: nil
    case .allow(let names): Set(names.compactMap(vocabulary.specialToken))
    }
  }

  private func encode(_ text: UnsafeBufferPointer<UInt8>, allowed: Set<TokenID>?) -> [TokenID] {
    var tokens: [TokenID] = []
    tokens.reserveCapacity(text.count / 4 + 8)
    var encoder = TextEncoder(vocabulary)
    if allowed?.isEmpty ?? false {
      encoder.encode(text, into: &tokens)
      return tokens
    }
    // The text around a special token is encoded as if it stood alone.
    var offset = 0
    while let match = vocabulary.specialTokenFinder.first(in: text, from: offset, of: allowed) {
      encoder.encode(UnsafeBufferPointer(rebasing: text[offset..<match.range.lowerBound]), into: &tokens)
      tokens.append(match.token)
      offset = match.range.upperBound
    }
    encoder.encode(UnsafeBufferPointer(rebasing: text[offset...]), into: &tokens)
    return tokens
  }
}
