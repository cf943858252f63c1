import GPTOSSTokenizer

/// Which tokens of which generations the next pass reads.
///
/// Every generation that decodes takes part with its token, so that they share the reading of the weights; what room is left goes
/// to prompts, the oldest first.
struct BatchPlan {
  /// A prompt takes at most so many tokens of a pass while others decode: they wait for it. At 20b on two
  /// cores these take about half a second.
  static let promptShareBesideDecoding = 64

  struct Part {
    let job: GenerationJob
    let tokens: [TokenID]
    /// Whether these are tokens that the model generated.
    let isGenerated: Bool

    /// Whether the token after these is to be chosen.
    var wantsLogits: Bool {
      job.isDecoding || job.sequence.tokens.count + tokens.count == job.request.prompt.tokens.count
    }
  }

  private(set) var parts: [Part] = []

  /// - Parameters:
  ///   - jobs: in the order in which they came.
  ///   - largestBatch: the most tokens of a pass.
  ///   - tellsKindsApart: whether generated tokens are read in another precision than others.
  init(_ jobs: [GenerationJob], largestBatch: Int, tellsKindsApart: Bool) {
    var room = largestBatch
    for job in jobs where job.isDecoding && room > 0 {
      add(job, 1, tellsKindsApart)
      room -= 1
    }
    if !parts.isEmpty { room = min(room, Self.promptShareBesideDecoding) }
    for job in jobs where !job.isDecoding && room > 0 {
      add(job, room, tellsKindsApart)
      room -= parts[parts.count - 1].tokens.count
    }
  }

  private mutating func add(_ job: GenerationJob, _ limit: Int, _ tellsKindsApart: Bool) {
    let (tokens, isGenerated) = job.pending(atMost: limit, tellsKindsApart: tellsKindsApart)
    parts.append(Part(job: job, tokens: tokens, isGenerated: isGenerated))
  }
}
