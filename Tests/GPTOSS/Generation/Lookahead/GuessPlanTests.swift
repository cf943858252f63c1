import GPTOSS
import Testing

/// How many guesses a pass reads.
///
/// Breaks when guesses are read that cost more than they give, or none where text is copied.
struct GuessPlanTests {
  /// A pass of 20b: 1.3 GB that all tokens share, and experts.
  private static func bytes(_ tokenCount: Int) -> Double {
    var missed = 1.0
    for _ in 0..<tokenCount { missed *= 28.0 / 32 }
    return 1.3 + 10.16 * (1 - missed)
  }

  private static func chances(_ chance: Double, _ count: Int = 15) -> [Double] {
    (0..<count).reduce(into: []) { list, _ in list.append((list.last ?? 1) * chance) }
  }

  @Test func bytesAreThoseOf20b() {
    let ratios = [2, 4, 8].map { Self.bytes($0) / Self.bytes(1) }
    #expect(zip(ratios, [1.43, 2.14, 3.11]).allSatisfy { abs($0 - $1) < 0.02 }, "\(ratios)")
  }

  @Test(
    arguments: [
      ("no guess", [], 1, [0]), ("hardly ever right", [chances(0.3)], 1, [0]),
      ("right in four of ten", [chances(0.4)], 1, [0]), ("half of them do pay", [chances(0.55)], 1, [1]),
      ("a copy", [chances(0.97)], 1, [15]), ("as many as there are", [chances(0.99, 3)], 1, [3]),
      ("a full pass", [chances(0.99)], 16, [0]), ("a pass that is nearly full", [chances(0.99)], 14, [2]),
      ("of two, the one that copies", [chances(0.2), chances(0.97)], 2, [0, 14]),
      ("a poor guess behind forced tokens", [chances(0.1)], 11, [0]),
      ("a fair guess behind forced tokens", [chances(0.3)], 11, [1]),
    ] as [(String, [[Double]], Int, [Int])])
  func counts(_ what: String, _ chances: [[Double]], _ tokenCount: Int, _ expected: [Int]) {
    let chances = chances.isEmpty ? [[]] : chances
    let costs = PassCosts(expected: Self.bytes)
    #expect(GuessPlan.counts(chances: chances, tokenCount: tokenCount, costs: costs) == expected, "\(what)")
  }

  @Test func roomIsALimit() {
    let costs = PassCosts(expected: Self.bytes)
    for room in 0...4 {
      let counts = GuessPlan.counts(
        chances: [Self.chances(0.99), Self.chances(0.98)], tokenCount: 2, room: room, costs: costs)
      #expect(counts.reduce(0, +) == room)
    }
  }

  /// Where more tokens are measured to cost as much as their number, guessing stops.
  @Test func measuredTimesCount() {
    var costs = PassCosts(expected: Self.bytes)
    for tokenCount in 1...16 {
      for _ in 0..<4 { costs.note(tokenCount: tokenCount, .milliseconds(10 * tokenCount)) }
    }
    #expect(GuessPlan.counts(chances: [Self.chances(0.97)], tokenCount: 1, costs: costs) == [0])
  }

  @Test func whatWasNotMeasuredIsEstimated() {
    var costs = PassCosts(expected: { Double($0) })
    costs.note(tokenCount: 2, .seconds(4))
    #expect(costs.cost(tokenCount: 1) == 2 && costs.cost(tokenCount: 8) == 16)
    for _ in 0..<20 { costs.note(tokenCount: 8, .seconds(8)) }
    #expect(abs(costs.cost(tokenCount: 9) - 9) < 2 && abs(costs.cost(tokenCount: 3) - 3) < 1)
    // A pass that was held up says little.
    costs.note(tokenCount: 2, .seconds(4000))
    #expect(costs.cost(tokenCount: 2) < 5)
    // What was long ago says nothing.
    for _ in 0..<600 { costs.note(tokenCount: 1, .seconds(1)) }
    #expect(costs.cost(tokenCount: 8) == 8)
  }

  /// The first pass of so many tokens may have been slow. It is no reason to shun them.
  @Test func oneSlowPassIsOutvoted() {
    var costs = PassCosts(expected: Self.bytes)
    for tokenCount in [1, 2, 3, 4, 6, 8] {
      for _ in 0..<5 { costs.note(tokenCount: tokenCount, .milliseconds(20 * Self.bytes(tokenCount))) }
    }
    costs.note(tokenCount: 16, .milliseconds(60 * Self.bytes(16)))
    #expect(GuessPlan.counts(chances: [Self.chances(0.98)], tokenCount: 1, costs: costs)[0] > 8)
  }

  /// A processor whose arithmetic is slow: two parts make the time, and four numbers of tokens tell them.
  @Test func partsAreFound() {
    func seconds(_ tokenCount: Int) -> Double { 0.02 * Self.bytes(tokenCount) + 0.01 * Double(tokenCount) }
    var costs = PassCosts(expected: Self.bytes)
    for _ in 0..<10 {
      for tokenCount in [1, 2, 5, 9] { costs.note(tokenCount: tokenCount, .seconds(seconds(tokenCount))) }
    }
    for tokenCount in 1...PassCosts.mostTokens {
      let ratio = costs.cost(tokenCount: tokenCount) / costs.cost(tokenCount: 1)
      #expect(abs(ratio / (seconds(tokenCount) / seconds(1)) - 1) < 0.01, "\(tokenCount) tokens")
    }
  }

  @Test func theRecordFollowsWhatHappens() {
    var record = GuessRecord()
    #expect(record.chance(after: 3) < 0.5 && record.chance(after: 32) > 0.7)
    for _ in 0..<40 { record.note(after: 20, isRight: false) }
    #expect(record.chance(after: 32) < 0.2 && record.chance(after: 8) == 0.65, "lengths are told apart")
    for _ in 0..<60 { record.note(after: 20, isRight: true) }
    #expect(record.chance(after: 17) > 0.9)
  }
}
