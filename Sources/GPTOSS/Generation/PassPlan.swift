/// How many tokens of each generation the next pass reads.
///
/// Every generation that decodes takes part with its token, so that they share the reading of the weights. A
/// short prompt is read at once, whatever else runs. Long ones get what is left: as many tokens as nobody has
/// to wait for too long.
package struct PassPlan {
  /// Where a generation stands.
  package enum Stage: Sendable {
    /// It writes; so many tokens were chosen and are not read, at least one.
    case decoding(tokens: Int)
    /// Its prompt is read; so many tokens of it are left, at least one.
    case prompt(remaining: Int)
  }

  /// The longest prompt, or rest of one, that waits for no other.
  package static let shortPrompt = 128
  /// How long a pass may take for the sake of a long prompt while others wait for it, and the most and fewest
  /// tokens that it reads then. At 20b on two cores the most take about half a second; fewer than the fewest
  /// would read the weights for next to nothing.
  private static let shared = (time: Duration.milliseconds(500), tokens: 16...64)
  /// The same for passes that long prompts have to themselves: whoever comes meanwhile waits for one. Passes
  /// of so many tokens lose less than 3 % of the speed of the largest, at any depth.
  private static let alone = (time: Duration.seconds(2), fewest: 32)

  /// The tokens of each generation, in their order.
  package private(set) var counts: [Int]
  private var room: Int

  /// - Parameters:
  ///   - stages: of the generations, in the order in which they came.
  ///   - largestBatch: the most tokens of a pass, at least one.
  ///   - timePerToken: how long a token of a prompt takes; nil if it is not known yet.
  ///   - othersWait: whether another model of this process waits for the end of the pass.
  package init(
    _ stages: [Stage], largestBatch: Int, timePerToken: Duration?, othersWait: Bool = false
  ) {
    counts = Array(repeating: 0, count: stages.count)
    room = largestBatch
    var decoding: [(index: Int, tokens: Int)] = []
    var short: [(index: Int, remaining: Int)] = []
    var long: [(index: Int, remaining: Int)] = []
    for (index, stage) in stages.enumerated() {
      switch stage {
      case .decoding(let tokens): decoding.append((index, tokens))
      case .prompt(let remaining) where remaining <= Self.shortPrompt: short.append((index, remaining))
      case .prompt(let remaining): long.append((index, remaining))
      }
    }
    // Where there is not room for all, those that decode leave some to those that only begin.
    for (index, _) in decoding.prefix(room - min(short.count, room / 2)) { add(index, 1) }
    // A crowd of short prompts does not keep long ones from getting on.
    let reserve = long.isEmpty ? 0 : min(Self.shared.tokens.lowerBound, room / 4)
    room -= reserve
    for (place, (index, remaining)) in short.enumerated() {
      // Every one takes part.
      add(index, min(remaining, max(1, room - (short.count - place - 1))))
    }
    // Those that were forced to write more than a token have theirs read together.
    for (index, tokens) in decoding where counts[index] > 0 { add(index, tokens - 1) }
    room += reserve
    guard !long.isEmpty else { return }
    let isShared = othersWait || !decoding.isEmpty || !short.isEmpty
    let time = isShared ? Self.shared.time : Self.alone.time
    let tokens = isShared ? Self.shared.tokens : min(Self.alone.fewest, largestBatch)...largestBatch
    room = min(room, Self.count(in: time, timePerToken, tokens))
    share(among: long)
  }

  /// The shortest first, so that it does not wait for a longer one; but the oldest always gets on.
  private mutating func share(among long: [(index: Int, remaining: Int)]) {
    let oldest = long[0]
    let reserve = (room + 3) / 4
    room -= reserve
    for (index, remaining) in long.sorted(by: { $0.remaining < $1.remaining }) { add(index, remaining) }
    room += reserve
    add(oldest.index, oldest.remaining - counts[oldest.index])
    for (index, remaining) in long { add(index, remaining - counts[index]) }
  }

  /// Gives a generation tokens, as far as there is room.
  private mutating func add(_ index: Int, _ count: Int) {
    let count = min(count, room)
    counts[index] += count
    room -= count
  }

  /// The tokens that are read in a time, within limits; the most if it is not known how long one takes.
  private static func count(
    in time: Duration, _ timePerToken: Duration?, _ limits: ClosedRange<Int>
  ) -> Int {
    guard let timePerToken, timePerToken > .zero else { return limits.upperBound }
    let count = min(time / timePerToken, Double(limits.upperBound))
    return max(limits.lowerBound, Int(count))
  }
}

/// How long passes take for each token of a prompt.
struct PassPace {
  /// Fewer tokens of prompts than these say little: a pass reads the weights for one as well.
  private static let fewestTokens = 16
  private static let count = 4

  private var recent: [Duration] = []

  /// Takes note of a pass.
  mutating func note(promptTokens: Int, _ time: Duration) {
    guard promptTokens >= Self.fewestTokens else { return }
    recent.append(time / promptTokens)
    if recent.count > Self.count { recent.removeFirst() }
  }

  /// The time of a token in the fastest of the last passes, as one that was held up says nothing about the
  /// next; nil before the first.
  var timePerToken: Duration? { recent.min() }
}
