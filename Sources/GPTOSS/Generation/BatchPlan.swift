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
    /// At least one, all read alike.
    let tokens: [ReadToken]

    /// Whether the tokens are read as finely as what the model generates.
    var isFine: Bool { tokens[0].isFine }

    /// Whether the token after these is to be chosen.
    var wantsLogits: Bool {
      job.isDecoding || job.sequence.tokens.count + tokens.count == job.request.prompt.tokens.count
    }
  }

  private(set) var parts: [Part] = []

  /// - Parameters:
  ///   - jobs: in the order in which they came.
  ///   - largestBatch: the most tokens of a pass.
  init(_ jobs: [GenerationJob], largestBatch: Int) {
    var room = largestBatch
    for job in jobs where job.isDecoding && room > 0 {
      add(job, 1)
      room -= 1
    }
    if !parts.isEmpty { room = min(room, Self.promptShareBesideDecoding) }
    for job in jobs where !job.isDecoding && room > 0 {
      add(job, room)
      room -= parts[parts.count - 1].tokens.count
    }
  }

  private mutating func add(_ job: GenerationJob, _ limit: Int) {
    parts.append(Part(job: job, tokens: job.pending(atMost: limit)))
  }
}
