import GPTOSSModel
import GPTOSSTokenizer

/// The tokens that a pass reads of one generation: at least one, all read alike.
struct PassPart {
  let job: GenerationJob
  /// Tokens of the prompt, or tokens that were chosen.
  let tokens: [ReadToken]
  /// Whether the token after these is not known yet.
  let isAtEnd: Bool
  /// Tokens that may follow. They are read on the chance that they do.
  var guesses: [Guess] = []

  /// A token that has not been chosen yet.
  struct Guess {
    let id: TokenID
    /// Whether the rules allow no other.
    let isForced: Bool
  }

  /// How many tokens are read.
  var tokenCount: Int { tokens.count + guesses.count }

  /// The tokens with their sequence, as the transformer takes them.
  var entry: BatchEntry {
    BatchEntry(
      job.sequence.cache, tokens.map(\.id) + guesses.map(\.id),
      logits: isAtEnd ? .suffix(1 + guesses.count) : .none)
  }
}

/// The logits of a part's last tokens.
struct PartLogits {
  let all: Logits
  /// The rows of `all` that are the part's.
  let rows: Range<Int>

  /// Lends the logits of a token, `[vocabulary]`.
  ///
  /// - Parameter place: 0 for the last of the tokens that were chosen, then one for each guess.
  func withRow<Result, Failure: Error>(
    _ place: Int, _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(rows.indices.contains(rows.lowerBound + place), "row \(place) of \(rows.count)")
    return try all.withRow(rows.lowerBound + place, body)
  }
}
