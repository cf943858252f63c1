public import GPTOSSTokenizer

#if canImport(FoundationEssentials)
  public import struct FoundationEssentials.URL
#else
  public import struct Foundation.URL
#endif

/// The tokens that a synthetic model's file lists, spelled as GGUF spells them.
public struct SyntheticVocabulary: Sendable {
  /// In GPT-2's byte alphabet, special tokens by their names.
  private(set) var tokens: [String]
  private(set) var types: [TokenType]
  /// Two tokens with a space between them, the first to merge first.
  private(set) var merges: [String]

  /// A vocabulary for text of any kind in 352 tokens: every byte, 64 frequent pieces of English, Harmony's
  /// nine special tokens and 23 reserved ones.
  public static let builtIn: SyntheticVocabulary = {
    var vocabulary = SyntheticVocabulary(
      tokens: (UInt8.min...UInt8.max).map { ByteAlphabet.spell([$0]) }, merges: builtInMerges)
    vocabulary.tokens += builtInMerges.map { $0.filter { $0 != " " } }
    vocabulary.types = vocabulary.tokens.map { _ in .normal }
    vocabulary.appendSpecialTokens(through: 351)
    return vocabulary
  }()

  /// The vocabulary of a .tiktoken file, with Harmony's special tokens after it.
  ///
  /// The file `o200k_base.tiktoken` gives the 201,088 tokens and 446,189 merges of published gpt-oss files.
  ///
  /// - Throws: `TokenizerError` if the file cannot be read or is malformed.
  public init(tiktoken path: String) throws(TokenizerError) {
    self.init(try Vocabulary(tiktoken: path, specialTokens: .none))
  }

  /// The vocabulary of a .tiktoken file that a URL names.
  ///
  /// - Throws: `TokenizerError` as for a path, and for the address of something else than a local file.
  public init(tiktoken url: URL) throws(TokenizerError) {
    self.init(try Vocabulary(tiktoken: url, specialTokens: .none))
  }

  private init(_ vocabulary: Vocabulary) {
    self.init(tokens: [], merges: [])
    tokens.reserveCapacity(vocabulary.count)
    for token in 0..<vocabulary.count {
      // Ids that the file leaves out are tokens that no text becomes.
      let bytes = vocabulary.bytes(of: token)
      tokens.append(bytes.map(ByteAlphabet.spell) ?? "<|reserved_\(token)|>")
      types.append(bytes == nil ? .control : .normal)
      if let bytes { appendMerges(of: bytes, in: vocabulary) }
    }
    if vocabulary.count == SpecialTokens.o200kHarmony.tokens[0].id {
      // The model has no row for the last one.
      for special in SpecialTokens.o200kHarmony.tokens.dropLast() { append(special.text, .control) }
    } else {
      appendSpecialTokens(through: vocabulary.count + 31)
    }
  }

  private init(tokens: [String], merges: [String]) {
    self.tokens = tokens
    self.merges = merges
    types = []
  }

  /// The vocabulary with unused tokens at its end, if it has fewer than `count`.
  func padded(to count: Int?) -> SyntheticVocabulary {
    var padded = self
    while padded.tokens.count < count ?? 0 { padded.append("<|unused_\(padded.tokens.count)|>", .unused) }
    return padded
  }

  /// Every way to put the token together from two others, as in published files: lower ids come first.
  private mutating func appendMerges(of bytes: [UInt8], in vocabulary: Vocabulary) {
    var splits: [(left: TokenID, right: TokenID, length: Int)] = []
    for length in 1..<max(bytes.count, 1) {
      guard let left = vocabulary.token(of: Array(bytes[..<length])),
        let right = vocabulary.token(of: Array(bytes[length...]))
      else { continue }
      splits.append((left, right, length))
    }
    splits.sort { ($0.left, $0.right) < ($1.left, $1.right) }
    for split in splits {
      let (left, right) = (bytes[..<split.length], bytes[split.length...])
      merges.append("\(ByteAlphabet.spell(left)) \(ByteAlphabet.spell(right))")
    }
  }

  private mutating func append(_ token: String, _ type: TokenType) {
    tokens.append(token)
    types.append(type)
  }

  /// Harmony's special tokens from the next id on, then reserved ones up to `last`.
  private mutating func appendSpecialTokens(through last: Int) {
    for special in SpecialTokens.o200kHarmony.tokens where !special.text.hasPrefix("<|reserved_") {
      append(special.text, .control)
    }
    while tokens.count <= last { append("<|reserved_\(tokens.count)|>", .control) }
  }

  /// What byte-pair training on a few pages of English prose merges first; `Ġ` is a space.
  private static let builtInMerges = [
    "Ġ t", "e r", "Ġ a", "o n", "i n", "o r", "Ġt h", "e s", "e n", "a t", "Ġ s", "i t", "Ġth e", "r e",
    "Ġ f",
    "Ġ m", "Ġ c", "i on", "Ġ w", "Ġ o", "Ġ b", "n d", "l e", "d e", "Ġ in", "Ġ p", "a r", "i s", "e d", "a l",
    "Ġ on", "o u", "Ġ l", "c t", "c h", "Ġa nd", "Ġt o", "t s", "r o", "in g", "t o", "Ġ n", "s e", "a n",
    "Ġo f",
    "Ġ e", "s t", "Ġ or", "i c", "Ġc o", "i f", "a m", "Ġ d", "k en", "Ġ re", "v er", "e l", "Ġth at",
    "Ġf or",
    "Ġ is", "Ġ it", "Ġ h", "i l", "en t",
  ]
}
