import GPTOSS
import Testing

/// Sessions side by side. `.ci/run` runs these under the thread sanitizer, too.
struct ConcurrencyTests {
  @Test func sessionsSideBySideAreCancelledAtRandom() async throws {
    let model = try await RandomModel.load()
    let outcomes = try await withThrowingTaskGroup(of: [Bool].self) { group in
      for number in 0..<8 {
        group.addTask { try await Self.converse(model, number) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(outcomes.contains(true) && outcomes.contains(false), "some turns were cancelled, some were not")
    // The model is free again.
    let last = try await ChatSession(model: model).respond(
      to: "Still there?", options: ActOptions(maximumTokens: 3))
    #expect(last.tokens.count == 3)
  }

  /// Six turns, each of which may be cancelled in its prompt, its reasoning, its text or a call.
  ///
  /// - Returns: for every turn, whether it came to its end.
  private static func converse(_ model: LanguageModel, _ number: Int) async throws -> [Bool] {
    var random = SplitMix(state: UInt64(number + 1))
    let session = ChatSession(model: model, tools: [Echo()])
    var outcomes: [Bool] = []
    for turn in 0..<6 {
      let length = Int(random.next() % 60)
      let options = ActOptions(
        seed: random.next(), maximumTokens: 40, loopGuard: nil,
        toolChoice: turn % 2 == 0 ? .auto : .required, maximumRounds: 2)
      let prompt = String(repeating: "word ", count: length + 1)
      let task = Task { try await session.respond(to: prompt, options: options) }
      if random.next() % 3 > 0 {
        try await Task.sleep(for: .microseconds(random.next() % 20_000))
        task.cancel()
      }
      do {
        _ = try await task.value
        outcomes.append(true)
      } catch is CancellationError {
        outcomes.append(false)
      }
      #expect(!session.isResponding)
    }
    return outcomes
  }
}

/// Random numbers that are the same in every run.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
