import GPTOSS
import Testing

/// A token in 2 ms, so that only the limits of tokens count.
private let quick = Duration.milliseconds(2)
/// A token in 50 ms, as with half of a context at 20b, so that the times count.
private let slow = Duration.milliseconds(50)

/// Breaks when somebody who could go on has to wait, or a pass takes longer than others may wait for it.
struct PassPlanTests {
  @Test(
    arguments: [
      ("one that writes", [.decoding(tokens: 1)], nil, [1]),
      ("a short prompt is read at once", [.prompt(remaining: 80)], nil, [80]),
      ("a long one, as much as a pass takes", [.prompt(remaining: 9000)], nil, [256]),
      ("quick passes are not cut", [.prompt(remaining: 9000)], quick, [256]),
      ("slow ones are: two seconds", [.prompt(remaining: 9000)], slow, [40]),
      (
        "a newcomer passes a long prompt", [.prompt(remaining: 9000), .prompt(remaining: 81)],
        quick,
        [64, 81]
      ),
      (
        "of the longest short prompt all", [.prompt(remaining: 9000), .prompt(remaining: 128)], nil,
        [64, 128]
      ),
      ("beside writing, half a second", [.decoding(tokens: 1), .prompt(remaining: 9000)], slow, [1, 16]),
      ("a run is read at once", [.decoding(tokens: 5), .decoding(tokens: 1)], nil, [5, 1]),
      ("also beside a long prompt", [.decoding(tokens: 5), .prompt(remaining: 9000)], quick, [5, 64]),
      (
        "beside writing, 64", [.decoding(tokens: 1), .decoding(tokens: 1), .prompt(remaining: 9000)], quick,
        [1, 1, 64]
      ),
      (
        "the shortest of two long ones first, the oldest gets on",
        [.prompt(remaining: 9000), .prompt(remaining: 500)], quick, [64, 192]
      ),
      (
        "equals in their order", [.prompt(remaining: 500), .prompt(remaining: 500)], quick,
        [256, 0]
      ),
      (
        "what one does not need goes to another",
        [.prompt(remaining: 300), .prompt(remaining: 129)], quick, [127, 129]
      ),
      (
        "many newcomers all take part",
        [.prompt(remaining: 100), .prompt(remaining: 100), .prompt(remaining: 100), .prompt(remaining: 100)],
        nil, [100, 100, 55, 1]
      ),
      (
        "newcomers do not keep a long prompt from getting on",
        [
          .prompt(remaining: 128), .prompt(remaining: 128), .prompt(remaining: 128), .prompt(remaining: 9000),
        ], nil, [128, 111, 1, 16]
      ),
    ] as [(String, [PassPlan.Stage], Duration?, [Int])])
  func counts(_ what: String, _ stages: [PassPlan.Stage], _ timePerToken: Duration?, _ expected: [Int]) {
    let plan = PassPlan(stages, largestBatch: 256, timePerToken: timePerToken)
    #expect(plan.counts == expected, "\(what)")
  }

  /// Breaks when a long prompt of one model keeps another model waiting for seconds.
  @Test func passesAreShortWhereAnotherModelWaits() {
    let stages = [PassPlan.Stage.prompt(remaining: 9000)]
    let alone = PassPlan(stages, largestBatch: 256, timePerToken: nil)
    let shared = PassPlan(stages, largestBatch: 256, timePerToken: nil, othersWait: true)
    #expect(alone.counts == [256] && shared.counts == [64])
  }

  /// Passes of few tokens are those of `--batch`, and there may be more generations than they have tokens.
  @Test func everyPassGetsOnWithinItsLimits() {
    for batch in 1...40 {
      for decoding in 0...6 {
        for prompts in [[], [1], [128, 128], [129], [5000, 200], [1, 5000, 128, 200, 30]] {
          let stages =
            (0..<decoding).map { PassPlan.Stage.decoding(tokens: 1 + $0 % 3) }
            + prompts.map { .prompt(remaining: $0) }
          guard !stages.isEmpty else { continue }
          for time in [nil, quick, .seconds(100)] as [Duration?] {
            let plan = PassPlan(stages, largestBatch: batch, timePerToken: time)
            let total = plan.counts.reduce(0, +)
            #expect((1...batch).contains(total), "\(batch), \(decoding), \(prompts): \(plan.counts)")
            let isWithin = zip(plan.counts, stages).allSatisfy { count, stage in
              switch stage {
              case .decoding(let tokens): (0...tokens).contains(count)
              case .prompt(let remaining): (0...remaining).contains(count)
              }
            }
            #expect(isWithin, "\(batch), \(decoding), \(prompts): \(plan.counts)")
          }
        }
      }
    }
  }

  @Test func aCrowdThatWritesLeavesRoomForNewcomers() {
    let crowd = Array(repeating: PassPlan.Stage.decoding(tokens: 1), count: 300) + [.prompt(remaining: 100)]
    #expect(PassPlan(crowd, largestBatch: 256, timePerToken: nil).counts[300] == 1)
  }
}
