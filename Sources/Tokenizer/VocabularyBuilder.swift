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
/// *Pieces that are a token.* A vocabulary trained by counting makes a token of a piece only if its merges
/// lead there. One derived from a .tiktoken file, where a token has several merges, takes the token at
/// once, as tiktoken does. In o200k both are the same.
public struct VocabularyBuilder {
  private let tokenTypes: [Int32]?
  private var list = TokenList()
  private var merges = MergeList()
  private var mergeCount = 0
  private var tables: (table: TokenTable, byteTokens: Table<UInt32>)?
  private var scratch: [UInt8] = []

  /// A vocabulary without tokens yet.
  ///
  /// - Parameter tokenTypes: the list `tokenizer.ggml.token_type`; `nil` makes every token an ordinary one.
  public init(tokenTypes: [Int32]?) {
    self.tokenTypes = tokenTypes
    list.reserve(bytes: 8 * (tokenTypes?.count ?? 0), tokens: tokenTypes?.count ?? 0)
  }

  /// Adds the next token, an entry of `tokenizer.ggml.tokens`.
  ///
  /// - Throws: `TokenizerError` if the token is malformed or has no type.
  /// - Precondition: no merge was added yet.
  public mutating func append(token: RawSpan) throws(TokenizerError) {
    precondition(tables == nil, "tokens come before merges")
    let id = list.tokenCount
    var type = TokenType.normal
    if let tokenTypes {
      guard id < tokenTypes.count else { throw .countMismatch(tokens: id + 1, tokenTypes: tokenTypes.count) }
      guard let known = TokenType(rawValue: tokenTypes[id]) else {
        throw .unknownTokenType(tokenTypes[id], token: id)
      }
      type = known
    }
    switch type {
    case .normal:
      try list.appendToken(isOrdinary: true) { (bytes: inout [UInt8]) throws(TokenizerError) in
        let isValid = token.withUnsafeBytes { ByteAlphabet.append($0, to: &bytes) }
        guard isValid else { throw .malformedToken(id) }
      }
    case .byte:
      let byte = token.withUnsafeBytes { Self.byte(named: $0) }
      guard let byte else { throw .malformedByteToken(id) }
      try list.appendToken(isOrdinary: true) { $0.append(byte) }
    case .unknown, .control, .userDefined:
      guard let text = token.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
        throw .malformedToken(id)
      }
      try list.appendSpecialToken(text)
    case .unused:
      try list.appendToken(isOrdinary: false) { bytes in
        token.withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
    }
  }

  /// Adds the next merge, an entry of `tokenizer.ggml.merges`: two tokens with a space between them.
  ///
  /// - Throws: `TokenizerError` if the merge is malformed or names or makes a token that does not exist; the
  ///   first merge also if the tokens are not all there, are double, or lack a single byte.
  public mutating func append(merge: RawSpan) throws(TokenizerError) {
    let index = mergeCount
    mergeCount += 1
    let table = try tokenTable()
    scratch.removeAll(keepingCapacity: true)
    var leftLength = 0
    let isValid = merge.withUnsafeBytes { merge in
      guard let space = merge.firstIndex(of: UInt8(ascii: " ")), space > 0, space + 1 < merge.count,
        ByteAlphabet.append(UnsafeRawBufferPointer(rebasing: merge[..<space]), to: &scratch)
      else { return false }
      leftLength = scratch.count
      return ByteAlphabet.append(UnsafeRawBufferPointer(rebasing: merge[(space + 1)...]), to: &scratch)
    }
    guard isValid else { throw .malformedMerge(index: index) }
    let (left, right, result) = scratch.withUnsafeBufferPointer { bytes in
      (
        table.find(UnsafeBufferPointer(rebasing: bytes[..<leftLength])),
        table.find(UnsafeBufferPointer(rebasing: bytes[leftLength...])),
        table.find(bytes)
      )
    }
    guard left != noToken, right != noToken else { throw .unknownTokenInMerge(index: index) }
    guard result != noToken else { throw .unknownMergeResult(index: index) }
    try merges.append(left: left, right: right, result: result)
  }

  /// Makes the vocabulary.
  ///
  /// - Throws: `TokenizerError` if the tokens are not all there, are double, or lack a single byte, or if a
  ///   merge is double.
  public mutating func finish() throws(TokenizerError) -> Vocabulary {
    let table = try tokenTable()
    guard let byteTokens = tables?.byteTokens else { throw .missingByteToken(0) }
    let mergeTable = try merges.makeTable()
    let pieceTable =
      merges.hasSeveralMergesForAToken
      ? table : list.makePieceTable(of: table, merges: mergeTable, byteTokens: byteTokens)
    return try Vocabulary(
      tokenTable: table, pieceTable: pieceTable, mergeTable: mergeTable, byteTokens: byteTokens,
      specialTokens: list.makeSpecialTokens())
  }

  private mutating func tokenTable() throws(TokenizerError) -> TokenTable {
    if let tables { return tables.table }
    if let tokenTypes, tokenTypes.count != list.tokenCount {
      throw .countMismatch(tokens: list.tokenCount, tokenTypes: tokenTypes.count)
    }
    let made = try list.makeTokenTable()
    tables = made
    return made.table
  }

  /// `<0x0A>` → 10
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
enum TokenType: Int32 {
  case normal = 1
  case unknown = 2
  case control = 3
  case userDefined = 4
  case unused = 5
  case byte = 6
}

extension Vocabulary {
  /// Makes a vocabulary from lists as a GGUF file has them, for lists that are small.
  ///
  /// - Parameters:
  ///   - tokens: in GPT-2's byte alphabet.
  ///   - tokenTypes: GGUF's types, as many as there are tokens; `nil` makes every token an ordinary one.
  ///   - merges: two tokens with a space between them, in order of rank.
  /// - Throws: `TokenizerError`, as `VocabularyBuilder` does.
  public static func fromLists(
    tokens: [String], tokenTypes: [Int32]? = nil, merges: [String]
  ) throws(TokenizerError) -> Vocabulary {
    var builder = VocabularyBuilder(tokenTypes: tokenTypes)
    for token in tokens {
      let bytes = Array(token.utf8)
      try builder.append(token: bytes.span.bytes)
    }
    for merge in merges {
      let bytes = Array(merge.utf8)
      try builder.append(merge: bytes.span.bytes)
    }
    return try builder.finish()
  }
}
