/// Whether tokens are guessed ahead.
///
/// What a model copies, from the prompt, a tool's result or its own earlier words, can be guessed: what
/// followed the last time follows again. Guesses are read in one pass with the token before them, and those
/// that the model would not have chosen are dropped. The text is the same, bit for bit, whatever the options
/// are; only the time changes.
public enum Lookahead: String, Sendable, CaseIterable {
  /// Where it is expected to save time.
  case auto
  /// Never: a pass for every token that is a choice.
  case off
}
