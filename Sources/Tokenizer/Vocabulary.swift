/// The number of a token, from 0.
public typealias TokenID = Int

/// A byte-pair vocabulary: tokens and their bytes, which of them merge, and special tokens.
///
/// It never changes after it was made, and may be shared between threads.
public final class Vocabulary: Sendable {
  /// One more than the highest token id.
  ///
  /// A .tiktoken file may leave ids below it without a token. With Harmony's special tokens it is one more
  /// than the model's rows; see `SpecialTokens.o200kHarmony`.
  public var count: Int { tables.tokens.tokens.count }

  /// The special tokens, in order of id.
  public let specialTokens: SpecialTokens

  let tables: VocabularyTables
  let specialTokenFinder: SpecialTokenFinder
  private let specialTokenNames: [TokenID: String]

  init(_ tables: VocabularyTables, specialTokens: SpecialTokens) throws(TokenizerError) {
    self.tables = tables
    self.specialTokens = specialTokens
    specialTokenNames = Dictionary(uniqueKeysWithValues: specialTokens.tokens.map { ($0.id, $0.text) })
    specialTokenFinder = try SpecialTokenFinder(specialTokens)
  }

  /// The bytes of a token, or `nil` if there is none with this id.
  ///
  /// A special token has its name's bytes. A token is bytes and not text: many hold half a character.
  public func bytes(of token: TokenID) -> [UInt8]? {
    guard let bytes = pointer(to: token) else { return nil }
    return Array(bytes)
  }

  /// The token that has exactly these bytes, or `nil`.
  ///
  /// Special tokens are not found: see `specialToken(_:)`.
  public func token(of bytes: [UInt8]) -> TokenID? {
    let token = bytes.withUnsafeBufferPointer { tables.tokens.find($0) }
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
    let bytes = tables.tokens.tokens[token]
    return bytes.isEmpty ? nil : bytes
  }
}

/// What encoding reads.
struct VocabularyTables: Sendable {
  /// All tokens that text may become.
  let tokens: TokenTable
  /// Those of them that a piece with their bytes becomes at once.
  let pieces: TokenTable
  let merges: MergeTable
  /// `[256]`: the token of every single byte.
  let byteTokens: Table<UInt32>
}
