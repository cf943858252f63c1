/// Makes a vocabulary from the lists of a GGUF file: tokens, their types, and merges.
///
/// The strings are given one after the other as the file has them, UTF-8 in GPT-2's byte alphabet, so
/// that 201,088 tokens and 446,189 merges are read without a `String` for any of them:
///
///     var builder = VocabularyBuilder(tokenTypes: types)
///     for token in tokens { try builder.append(token: token) }
///     for merge in merges { try builder.append(merge: merge) }
///     let vocabulary = try builder.finish()
///
/// Ordinary tokens and bytes are what text becomes. Tokens of the types *unknown*, *control* and *user
/// defined* are special tokens; *unused* ones have bytes, and text never becomes one.
///
/// *Pieces that are a token.* In a vocabulary trained by counting, which has one merge per token, a piece
/// becomes a token only if its merges lead there. One derived from a .tiktoken file, where a token has
/// several merges, takes the token at once, as tiktoken does. In o200k both are the same.
public struct VocabularyBuilder {
  private let tokenTypes: [Int32]?
  private var list = TokenList()
  private var merges = MergeList()
  private var mergeCount = 0
  private var tables: (tokens: TokenTable, byteTokens: Table<UInt32>, pointers: TokenTable.Pointers)?
  private var scratch = Table<UInt8>(repeating: 0, count: 1024)

  /// A vocabulary without tokens yet.
  ///
  /// - Parameter tokenTypes: the list `tokenizer.ggml.token_type`; `nil` makes every token an ordinary one.
  public init(tokenTypes: [Int32]?) {
    self.tokenTypes = tokenTypes
  }

  /// Adds the next token, an entry of `tokenizer.ggml.tokens`.
  ///
  /// - Parameter token: UTF-8.
  /// - Throws: `TokenizerError` if the token is malformed or has no type.
  /// - Precondition: no merge was added yet.
  public mutating func append(token: RawSpan) throws(TokenizerError) {
    precondition(mergeCount == 0, "tokens come before merges")
    let type = try type(of: list.count)
    try token.withUnsafeBytes { (token) throws(TokenizerError) in try append(token, type) }
  }

  private func type(of token: TokenID) throws(TokenizerError) -> TokenType {
    guard let tokenTypes else { return .normal }
    guard token < tokenTypes.count else {
      throw .countMismatch(tokens: token + 1, tokenTypes: tokenTypes.count)
    }
    guard let type = TokenType(rawValue: tokenTypes[token]) else {
      throw .unknownTokenType(tokenTypes[token], token: token)
    }
    return type
  }

  private mutating func append(_ token: UnsafeRawBufferPointer, _ type: TokenType) throws(TokenizerError) {
    let output = scratch(of: token.count).base
    switch type {
    case .normal:
      guard let count = ByteAlphabet.decode(token, output) else { throw .malformedToken(list.count) }
      try list.append(UnsafeBufferPointer(start: output, count: count))
    case .byte:
      guard let byte = Self.byte(named: token) else { throw .malformedByteToken(list.count) }
      output[0] = byte
      try list.append(UnsafeBufferPointer(start: output, count: 1))
    case .unknown, .control, .userDefined:
      guard let text = String(validating: token, as: UTF8.self) else { throw .malformedToken(list.count) }
      try list.appendSpecial(text)
    case .unused:
      try list.appendOther(token.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// Adds the next merge, an entry of `tokenizer.ggml.merges`: two tokens with a space between them.
  ///
  /// - Parameter merge: UTF-8.
  /// - Throws: `TokenizerError` if the merge is malformed or names or makes a token that does not exist. The
  ///   first merge also throws if tokens are missing or occur twice, or if a single byte has no token.
  public mutating func append(merge: RawSpan) throws(TokenizerError) {
    let index = mergeCount
    mergeCount += 1
    if tables == nil { _ = try makeTables() }
    try merge.withUnsafeBytes { (merge) throws(TokenizerError) in try append(merge, index) }
  }

  private mutating func append(_ merge: UnsafeRawBufferPointer, _ index: Int) throws(TokenizerError) {
    // Lookups read 8 bytes at a time.
    let bytes = scratch(of: merge.count + 8).base
    guard let tokens = tables?.pointers, let space = merge.firstIndex(of: UInt8(ascii: " ")),
      let left = ByteAlphabet.decode(UnsafeRawBufferPointer(rebasing: merge[..<space]), bytes), left > 0,
      let right = ByteAlphabet.decode(UnsafeRawBufferPointer(rebasing: merge[(space + 1)...]), bytes + left),
      right > 0
    else { throw .malformedMerge(index: index) }
    let leftToken = tokens.find(Piece(bytes, length: left, available: left + right + 8))
    let rightToken = tokens.find(Piece(bytes + left, length: right, available: right + 8))
    guard leftToken != noToken, rightToken != noToken else { throw .unknownTokenInMerge(index: index) }
    let both = Piece(bytes, length: left + right, available: left + right + 8)
    var result = merges.lastResult
    if !tokens.has(both, at: result) { result = tokens.find(both) }
    guard result != noToken else { throw .unknownMergeResult(index: index) }
    try merges.append(left: leftToken, right: rightToken, result: result)
  }

  /// Makes the vocabulary.
  ///
  /// - Returns: the vocabulary; the builder is of no more use.
  /// - Throws: `TokenizerError` if tokens are missing or occur twice, if a single byte has no token, if a
  ///   merge or the name of a special token occurs twice, or if the tables would be slow.
  public mutating func finish() throws(TokenizerError) -> Vocabulary {
    try Vocabulary(makeVocabularyTables(), specialTokens: specialTokens)
  }

  var specialTokens: SpecialTokens { list.makeSpecialTokens() }

  mutating func makeVocabularyTables() throws(TokenizerError) -> VocabularyTables {
    let (tokens, byteTokens) = try makeTables()
    let mergeTable = try merges.makeTable(tokens: tokens.tokens)
    let pieces =
      merges.hasSeveralMergesForAToken
      ? tokens : try list.makePieceTable(of: tokens, merges: mergeTable, byteTokens: byteTokens)
    return VocabularyTables(tokens: tokens, pieces: pieces, merges: mergeTable, byteTokens: byteTokens)
  }

  private mutating func makeTables() throws(TokenizerError) -> (
    tokens: TokenTable, byteTokens: Table<UInt32>
  ) {
    if let tables { return (tables.tokens, tables.byteTokens) }
    if let tokenTypes, tokenTypes.count != list.count {
      throw .countMismatch(tokens: list.count, tokenTypes: tokenTypes.count)
    }
    let (tokens, byteTokens) = try list.makeTable()
    tables = (tokens, byteTokens, TokenTable.Pointers(tokens))
    return (tokens, byteTokens)
  }

  /// Memory for at least so many bytes.
  private mutating func scratch(of count: Int) -> Table<UInt8> {
    if scratch.count < count { scratch = Table(repeating: 0, count: 2 * count) }
    return scratch
  }

  /// The byte of a name such as `<0x0A>`.
  private static func byte(named name: UnsafeRawBufferPointer) -> UInt8? {
    guard name.count == 6, name.starts(with: "<0x".utf8), name[5] == UInt8(ascii: ">") else { return nil }
    func digit(_ character: UInt8) -> UInt8? {
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    guard let high = digit(name[3]), let low = digit(name[4]) else { return nil }
    return high << 4 | low
  }
}

/// The values of `tokenizer.ggml.token_type`.
package enum TokenType: Int32 {
  case normal = 1
  case unknown = 2
  case control = 3
  case userDefined = 4
  case unused = 5
  case byte = 6
}

extension Vocabulary {
  /// Makes a vocabulary from lists as a GGUF file has them, where they are small.
  ///
  /// - Parameters:
  ///   - tokens: in GPT-2's byte alphabet.
  ///   - tokenTypes: GGUF's types, as many as there are tokens; `nil` makes every token an ordinary one.
  ///   - merges: two tokens with a space between them, in order of rank.
  /// - Throws: `TokenizerError`, as `VocabularyBuilder` does.
  public convenience init(
    tokens: [String], tokenTypes: [Int32]? = nil, merges: [String]
  ) throws(TokenizerError) {
    var builder = VocabularyBuilder(tokenTypes: tokenTypes)
    for token in tokens { try builder.append(token: Array(token.utf8).span.bytes) }
    for merge in merges { try builder.append(merge: Array(merge.utf8).span.bytes) }
    try self.init(builder.makeVocabularyTables(), specialTokens: builder.specialTokens)
  }
}
