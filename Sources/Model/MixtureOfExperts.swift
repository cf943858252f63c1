import GPTOSSKernels
import GPTOSSPlatform

/// A layer's experts: many small networks, of which a router picks a few for each token.
///
///     x ── router ── logits [experts] ── top k ── softmax over these k ── weights [k]
///     │
///     └─ for each chosen expert:   gate, up ── clamped SwiGLU ── down ──·weight──┐
///                                                                               Σ ── added to the residual
///
/// The softmax comes after the choice, so a token's weights sum to one whatever the other experts' logits
/// are. A batch is computed expert by expert: the tokens that chose an expert are brought together, its
/// weights are read once for all of them, and each token then adds up its own results in the order of its
/// choice.
struct MixtureOfExperts {
  let weights: LayerWeights
  let expertsPerToken: Int

  init(_ weights: LayerWeights, expertsPerToken: Int) {
    self.weights = weights
    self.expertsPerToken = expertsPerToken
  }

  /// `residual[t] += Σ_slot weight · expert(input[t])`.
  ///
  /// - Parameters:
  ///   - input: `[tokens, hiddenSize]`, normalized.
  ///   - residual: `[tokens, hiddenSize]`.
  ///   - workspace: made for at least as many tokens; it holds what was computed until the next layer.
  /// - Returns: what the router chose.
  func forward(
    _ input: ActivationRows, into residual: ActivationRows, workspace: ExpertWorkspace, launcher: Launcher
  ) -> ExpertRouting {
    let tokens = input.count
    workspace.routerLogits.rows = tokens
    launcher.multiply([weights.router.product(input: input, output: workspace.routerLogits.all)])

    var choices: [ExpertChoice] = []
    choices.reserveCapacity(tokens * expertsPerToken)
    for token in 0..<tokens {
      workspace.routerLogits.withRow(token) {
        choices += ExpertChoice.choose(expertsPerToken, from: $0)
      }
    }
    let plan = ExpertPlan(choices, expertCount: weights.gate.expertCount, slots: expertsPerToken)

    for activations in [workspace.input, workspace.gate, workspace.up, workspace.output] {
      activations.rows = choices.count
    }
    // A single token is every expert's input as it is, and is then quantized once for all.
    if tokens > 1 { launcher.gather(input, sources: plan.tokenOfRow, output: workspace.input.all) }
    launcher.multiply(
      plan.groups.flatMap { expert, rows in
        let input = tokens > 1 ? workspace.input[rows] : input
        return [
          weights.gate.product(expert: expert, input: input, output: workspace.gate[rows]),
          weights.up.product(expert: expert, input: input, output: workspace.up[rows]),
        ]
      })
    launcher.gatedActivation(gate: workspace.gate.all, up: workspace.up.all, output: workspace.gate.all)
    launcher.multiply(
      plan.groups.map { expert, rows in
        weights.down.product(expert: expert, input: workspace.gate[rows], output: workspace.output[rows])
      })
    launcher.addWeighted(
      workspace.output.all, sources: plan.rowOfChoice, weights: choices.map(\.weight), slots: expertsPerToken,
      into: residual)
    return ExpertRouting(choices: choices, plan: plan, slots: expertsPerToken)
  }
}

/// What a layer's router chose for a batch.
struct ExpertRouting {
  /// `[tokens, slots]`.
  let choices: [ExpertChoice]
  let plan: ExpertPlan
  /// Experts per token.
  let slots: Int
}

/// One expert chosen for one token.
package struct ExpertChoice: Equatable {
  package let expert: Int
  /// The expert's share of the token, 0 to 1.
  package let weight: Float

  package init(expert: Int, weight: Float) {
    self.expert = expert
    self.weight = weight
  }

  /// The `count` experts with the largest logits, largest first (the lower index first where they are equal),
  /// weighted by the softmax of their logits.
  package static func choose(_ count: Int, from logits: UnsafeBufferPointer<Float>) -> [ExpertChoice] {
    precondition(count >= 1 && count <= logits.count, "\(count) of \(logits.count) experts")
    var chosen: [Int] = []
    for _ in 0..<count {
      var best: Int?
      for expert in logits.indices where !chosen.contains(expert) {
        if let current = best, !(logits[expert] > logits[current]) { continue }
        best = expert
      }
      if let best { chosen.append(best) }
    }
    let exponentials = chosen.map {
      Elementary.exp(Double(logits[$0]) - Double(logits[chosen[0]]))
    }
    let sum = exponentials.reduce(0, +)
    return zip(chosen, exponentials).map { ExpertChoice(expert: $0, weight: Float($1 / sum)) }
  }
}

/// The choices of a batch, sorted by expert: each expert's tokens become consecutive rows.
package struct ExpertPlan {
  /// Each expert that was chosen and its rows, experts ascending.
  package let groups: [(expert: Int, rows: Range<Int>)]
  /// The token that each row belongs to; ascending within an expert.
  package let tokenOfRow: [Int]
  /// The row that holds the result of choice `token · slots + slot`.
  package let rowOfChoice: [Int]

  package init(_ choices: [ExpertChoice], expertCount: Int, slots: Int) {
    var counts = [Int](repeating: 0, count: expertCount)
    for choice in choices { counts[choice.expert] += 1 }
    var groups: [(expert: Int, rows: Range<Int>)] = []
    var nextRow = [Int](repeating: 0, count: expertCount)
    var start = 0
    for expert in 0..<expertCount where counts[expert] > 0 {
      groups.append((expert, start..<(start + counts[expert])))
      nextRow[expert] = start
      start += counts[expert]
    }
    var tokenOfRow = [Int](repeating: 0, count: choices.count)
    var rowOfChoice = [Int](repeating: 0, count: choices.count)
    for (index, choice) in choices.enumerated() {
      let row = nextRow[choice.expert]
      nextRow[choice.expert] += 1
      tokenOfRow[row] = index / slots
      rowOfChoice[index] = row
    }
    self.groups = groups
    self.tokenOfRow = tokenOfRow
    self.rowOfChoice = rowOfChoice
  }
}

/// Activations of a layer's experts.
final class ExpertWorkspace {
  /// `[tokens, experts]`.
  let routerLogits: Activations
  /// `[tokens · expertsPerToken, hiddenSize]`: the tokens, sorted by expert.
  let input: Activations
  /// `[tokens · expertsPerToken, expertHiddenSize]`.
  let gate: Activations
  /// `[tokens · expertsPerToken, expertHiddenSize]`.
  let up: Activations
  /// `[tokens · expertsPerToken, hiddenSize]`.
  let output: Activations

  init(_ configuration: Configuration, tokens: Int) {
    let rows = tokens * configuration.expertsPerToken
    routerLogits = Activations(capacity: tokens, columns: configuration.expertCount)
    input = Activations(capacity: rows, columns: configuration.hiddenSize)
    gate = Activations(capacity: rows, columns: configuration.expertHiddenSize)
    up = Activations(capacity: rows, columns: configuration.expertHiddenSize)
    output = Activations(capacity: rows, columns: configuration.hiddenSize)
  }
}
