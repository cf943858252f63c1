/// Turns tokens into text one at a time and never gives half a character.
///
///     var decoder = StreamingDecoder(vocabulary: vocabulary)
///     for token in tokens { print(try decoder.push(token), terminator: "") }
///     print(decoder.finish())
///
/// A token may end within a character: its last bytes wait for the next token. What cannot become a
/// character is replaced by U+FFFD. All texts together are `Tokenizer.decodeReplacingInvalid` of all
/// tokens. A character here is a Unicode scalar: an emoji made of several may come in parts.
public struct StreamingDecoder: Sendable {
  /// The tokens it knows.
  public let vocabulary: Vocabulary

  /// The start of a character.
  private var pending = PendingText()

  /// A decoder at the start of a text.
  public init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
  }

  /// Whether bytes are waiting for the rest of their character.
  public var isWithinCharacter: Bool { !pending.isEmpty }

  /// Takes the next token.
  ///
  /// - Returns: the text that is complete now, often empty within a character.
  /// - Throws: `TokenizerError.unknownToken`; the decoder is then as before.
  public mutating func push(_ token: TokenID) throws(TokenizerError) -> String {
    guard let bytes = vocabulary.pointer(to: token) else {
      throw .unknownToken(token, count: vocabulary.count)
    }
    return pending.take(adding: bytes.span)
  }

  /// Ends the text: bytes that still wait become U+FFFD. The decoder may then start another text.
  public mutating func finish() -> String { pending.finish() }
}
