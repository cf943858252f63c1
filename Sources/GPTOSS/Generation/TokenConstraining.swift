package import GPTOSSSampling
package import GPTOSSTokenizer

/// What generated tokens are held to: a state machine that is told every token.
///
/// `remaining` is how many tokens may still be generated, the one that is chosen now included.
package protocol TokenConstraining: Sendable {
  /// The tokens that may come next; nil for any.
  mutating func allowedTokens(remaining: Int) throws(GPTOSSError) -> TokenMask?

  /// Takes note of the token that was chosen.
  ///
  /// - Returns: that token, or the one that has to stand in its place for the text to come to its end in time.
  mutating func take(_ token: TokenID, remaining: Int) throws(GPTOSSError) -> TokenID

  /// Whether the text was brought to its end because the tokens ran out.
  var isCutShort: Bool { get }
}
