/// How much a model may reason before it has to answer.
///
///     var options = ResponseOptions()
///     options.reasoningBudget = .tokens(200)
///
/// When a budget is spent, the reasoning is closed as the model would close it, with `<|end|>`, and no more
/// begins: what follows is the answer, a preamble or a call. With `.tokens(0)` or no time none begins at all.
/// A session counts all rounds of an answer together. What the reasoning effort asks of the model stands in
/// the prompt and is another matter (Docs/Sessions.md).
public enum ReasoningBudget: Sendable, Equatable {
  /// At most so many tokens of reasoning, at least 0. The markers of its messages do not count.
  case tokens(Int)
  /// At most so long, from the first token of reasoning on. The same seed can give another text.
  case time(Duration)

  /// Reads `none`, a number of tokens such as `200`, or seconds such as `30s` and `1.5s`.
  ///
  /// - Returns: nil for any other text.
  public init?(_ text: String) {
    if text == "none" {
      self = .tokens(0)
    } else if let count = Int(text), count >= 0 {
      self = .tokens(count)
    } else if text.last == "s", let seconds = Double(text.dropLast()), 0...Self.mostSeconds ~= seconds {
      self = .time(.seconds(seconds))
    } else {
      return nil
    }
  }

  /// What ``init(_:)`` reads.
  var text: String {
    switch self {
    case .tokens(let limit): String(limit)
    case .time(let limit): "\(limit / .seconds(1))s"
    }
  }

  /// More than a generation takes, and little enough for a `Duration`.
  private static let mostSeconds = 1e9

  /// Whether it is spent.
  func isSpent(by reasoning: ReasoningMeter) -> Bool {
    switch self {
    case .tokens(let limit): reasoning.tokenCount >= limit
    case .time(let limit): reasoning.time >= limit
    }
  }

  /// What is left of it.
  func left(after reasoning: ReasoningMeter) -> ReasoningBudget {
    switch self {
    case .tokens(let limit): .tokens(max(0, limit - reasoning.tokenCount))
    case .time(let limit): .time(max(.zero, limit - reasoning.time))
    }
  }
}

/// How much a model has reasoned.
package struct ReasoningMeter: Sendable {
  private(set) var tokenCount = 0
  private var closedTime = Duration.zero
  /// When the reasoning under way began; nil if there is none.
  private var began: ContinuousClock.Instant?

  package init() {}

  /// How long it has reasoned, up to now.
  var time: Duration { closedTime + (began.map { .now - $0 } ?? .zero) }

  /// Takes note of a token of reasoning.
  package mutating func count() {
    began = began ?? .now
    tokenCount += 1
  }

  /// Takes note that the reasoning has ended, or has not begun.
  mutating func pause() {
    closedTime = time
    began = nil
  }

  /// Adds what another has counted.
  mutating func add(_ other: ReasoningMeter) {
    tokenCount += other.tokenCount
    closedTime += other.time
  }
}
