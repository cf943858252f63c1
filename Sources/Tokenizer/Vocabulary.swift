/// The number of a token, from 0.
public typealias TokenID = Int

/// A byte-pair vocabulary: tokens and their bytes, which of them merge, and special tokens.
///
/// It never changes after it was made, and may be shared between threads.
public final class Vocabulary: Sendable {
  /// One more than the highest token id. A .tiktoken file may leave ids below it without a token.
  public let count: Int

  /// The special tokens, in order of id.
  public let specialTokens: SpecialTokens

  let tokenTable: TokenTable
  /// The tokens that a piece with their bytes becomes at once.
  let pieceTable: TokenTable
  let mergeTable: MergeTable
  /// `[256]`: the token of every single byte.
  let byteTokens: Table<UInt32>
  let specialTokenFinder: SpecialTokenFinder
  private let specialTokenNames: [TokenID: String]

  init(
    tokenTable: TokenTable, pieceTable: TokenTable, mergeTable: MergeTable, byteTokens: Table<UInt32>,
    specialTokens: SpecialTokens
  ) throws(TokenizerError) {
    count = tokenTable.tokens.count
    self.tokenTable = tokenTable
    self.pieceTable = pieceTable
    self.mergeTable = mergeTable
    self.byteTokens = byteTokens
    self.specialTokens = specialTokens
    var names: [TokenID: String] = [:]
    for (text, id) in specialTokens.tokens { names[id] = text }
    specialTokenNames = names
    specialTokenFinder = try SpecialTokenFinder(specialTokens)
  }

  /// The bytes of a token, or `nil` if there is none with this id. A special token has its name's bytes.
  ///
  /// A token is bytes and not text: many hold half a character.
  public func bytes(of token: TokenID) -> [UInt8]? {
    guard let bytes = pointer(to: token) else { return nil }
    return Array(bytes)
  }

  /// The token that has exactly these bytes, or `nil`. Special tokens are not found.
  public func token(of bytes: [UInt8]) -> TokenID? {
    let token = bytes.withUnsafeBufferPointer { tokenTable.find($0) }
    return token == noToken ? nil : TokenID(token)
  }

  /// The special token of this name, such as `<|start|>`, or `nil`.
  public func specialToken(_ text: String) -> TokenID? {
    specialTokenFinder.token(named: text)
  }

  /// The name of a special token, or `nil` if this token is not special or does not exist.
  public func specialTokenText(_ token: TokenID) -> String? {
    specialTokenNames[token]
  }

  /// The bytes of a token where they lie, which is valid as long as the vocabulary; `nil` if there is none.
  func pointer(to token: TokenID) -> UnsafeBufferPointer<UInt8>? {
    guard token >= 0, token < count else { return nil }
    let bytes = tokenTable.tokens.pointer(to: token)
    return bytes.isEmpty ? nil : bytes
  }
}
