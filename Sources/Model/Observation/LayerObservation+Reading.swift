import GPTOSSKernels

/// What attention did with the tokens of an observed entry, read before the experts write to the residual
/// stream.
struct AttentionObservation {
  let sight: AttentionSight
  let inputNorms: [Float]
  let norms: [Float]
  let middleNorms: [Float]

  /// Reads the workspace, after the layer's attention and before anything else.
  ///
  /// - Parameters:
  ///   - rows: the entry's among the batch's.
  ///   - inputNorms: those of the residual stream, read before the layer's attention.
  init(
    _ entry: BatchEntry, rows: Range<Int>, _ attention: Attention, inputNorms: [Float],
    residual: Activations, workspace: AttentionWorkspace, launcher: Launcher
  ) {
    self.inputNorms = inputNorms
    sight = launcher.lookAtAttention(
      queries: workspace.queries[rows], at: entry.cache.count, window: attention.window,
      sinks: attention.weights.sinks, cache: entry.cache.layers[attention.layer])
    norms = workspace.output[rows].norms
    middleNorms = residual[rows].norms
  }
}

extension LayerObservation {
  /// Reads the workspace, after the layer.
  ///
  /// - Parameters:
  ///   - rows: the entry's among the batch's.
  ///   - attention: what was read after the layer's attention.
  ///   - routing: what the layer's router chose for the batch.
  init(
    _ layer: Int, _ entry: BatchEntry, observer: PassObserver, rows: Range<Int>,
    _ attention: AttentionObservation, _ routing: ExpertRouting, workspace: Workspace
  ) {
    let slots = routing.slots
    let choices = routing.choices[rows.lowerBound * slots..<rows.upperBound * slots]
    let experts = workspace.experts
    index = layer
    positions = entry.positions
    routerLogits = rows.flatMap { experts.routerLogits.all.values($0) }
    self.experts = choices.map(\.expert)
    weights = choices.map(\.weight)
    let outputs = experts.output.all
    expertNorms = choices.indices.map {
      routing.choices[$0].weight * outputs.norm(routing.plan.rowOfChoice[$0])
    }
    inputNorms = attention.inputNorms
    attentionNorms = attention.norms
    middleNorms = attention.middleNorms
    residualNorms = workspace.residual[rows].norms
    sinkShares = attention.sight.sinkShares
    attendedPositions = attention.sight.positions
    attendedShares = attention.sight.shares
    let first = rows.lowerBound - entry.positions.lowerBound
    residuals = Self.table(observer.residualPositions, entry.positions) {
      workspace.residual.all.values(first + $0)
    }
    vectors = Self.table(observer.vectorPositions, entry.positions) { position in
      let row = first + position
      return LayerVectors(
        attention: workspace.attention.output.all.values(row),
        expertInput: workspace.normalized.all.values(row),
        experts: (row * slots..<(row + 1) * slots).map { choice in
          let rowOfChoice = routing.plan.rowOfChoice[choice]
          return LayerVectors.Expert(
            index: routing.choices[choice].expert, weight: routing.choices[choice].weight,
            activation: experts.gate.all.values(rowOfChoice), output: outputs.values(rowOfChoice))
        },
        residual: workspace.residual.all.values(row))
    }
  }

  private static func table<Value>(
    _ wanted: Set<Int>, _ positions: Range<Int>, _ value: (Int) -> Value
  ) -> [Int: Value] {
    guard !wanted.isEmpty else { return [:] }
    return Dictionary(uniqueKeysWithValues: positions.filter(wanted.contains).map { ($0, value($0)) })
  }
}
