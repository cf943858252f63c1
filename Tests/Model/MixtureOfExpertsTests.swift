import GPTOSSKernels
import GPTOSSModel
import Testing

/// The choice of experts and their order in a batch. If these fail, tokens go to the wrong experts, or get
/// the results of another token.
struct MixtureOfExpertsTests {
  @Test func choosesTheLargestAndSharesAmongThemAlone() {
    // The worked example of Docs/MixtureOfExperts.md.
    let choices = choose(2, [1, 3, 0, 2])
    #expect(choices.map(\.expert) == [1, 3])
    #expect(abs(choices[0].weight - 0.731_058_6) < 1e-6)
    #expect(abs(choices[1].weight - 0.268_941_4) < 1e-6)
  }

  /// The activations of the worked example.
  @Test func activationsOfTheWorkedExample() {
    let gate = Activations(capacity: 1, columns: 2)
    let up = Activations(capacity: 1, columns: 2)
    gate.withMutableRow(0) {
      $0[0] = 2
      $0[1] = -1
    }
    up.withMutableRow(0) {
      $0[0] = 0.5
      $0[1] = 9
    }
    Launcher(kernels: .reference, threadCount: 1)
      .gatedActivation(gate: gate.all, up: up.all, output: gate.all)
    gate.withRow(0) {
      #expect(abs($0[0] - 2.903_487_9) < 1e-6)
      #expect(abs($0[1] + 1.233_633_9) < 1e-6)
    }
  }

  @Test func equalLogitsGoToTheLowerIndex() {
    #expect(choose(3, [5, 7, 7, 5]).map(\.expert) == [1, 2, 0])
  }

  @Test func everyLogitCanBeAnything() {
    #expect(choose(2, [.nan, .nan, .nan]).map(\.expert) == [0, 1])
    #expect(choose(2, [-.infinity, 1, .infinity]).map(\.expert) == [2, 1])
    #expect(choose(1, [3e38]).map(\.weight) == [1])
  }

  /// The batch of Docs/MixtureOfExperts.md.
  @Test func tokensOfAnExpertStandTogetherInOrder() {
    let choices = [(2, 0.5), (0, 0.5), (0, 0.9), (1, 0.1), (2, 0.6), (0, 0.4)].map {
      ExpertChoice(expert: $0.0, weight: Float($0.1))
    }
    let plan = ExpertPlan(choices, expertCount: 4, slots: 2)
    #expect(plan.groups.map(\.expert) == [0, 1, 2])
    #expect(plan.groups.map(\.rows) == [0..<3, 3..<4, 4..<6])
    #expect(plan.tokenOfRow == [0, 1, 2, 1, 0, 2])
    #expect(plan.rowOfChoice == [4, 0, 1, 3, 5, 2])
  }

  private func choose(_ count: Int, _ logits: [Float]) -> [ExpertChoice] {
    logits.withUnsafeBufferPointer { ExpertChoice.choose(count, from: $0) }
  }
}
