import GPTOSSBlockFormats
import GPTOSSPlatform

/// The kernels on activations, one element at a time, in double precision.
struct ReferenceVectors: VectorKernels {
  func rmsNorm(
    _ input: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float,
    output: UnsafeMutablePointer<Float>, count: Int
  ) {
    var squares = 0.0
    for i in 0..<count { squares += Double(input[i]) * Double(input[i]) }
    let scale = 1 / (squares / Double(count) + Double(epsilon)).squareRoot()
    for i in 0..<count { output[i] = Float(Double(input[i]) * scale * Double(weight[i])) }
  }

  func rotate(
    _ head: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
    headDimension: Int
  ) {
    let half = headDimension / 2
    for i in 0..<half {
      let (x, y) = (head[i], head[i + half])
      head[i] = x * cosines[i] - y * sines[i]
      head[i + half] = y * cosines[i] + x * sines[i]
    }
  }

  func roundToHalf(_ input: UnsafePointer<Float>, output: UnsafeMutablePointer<UInt16>, count: Int) {
    for i in 0..<count { output[i] = input[i].float16Bits }
  }

  func roundToIntegers(
    _ input: UnsafePointer<Float>, within bounds: IntegerBounds, output: UnsafeMutablePointer<Int16>,
    count: Int
  ) -> Float {
    let numbers = UnsafeBufferPointer(start: input, count: count)
    for i in 0..<count { output[i] = 0 }
    guard numbers.allSatisfy(\.isFinite) else { return .nan }
    let largest = numbers.reduce(0.0) { max($0, Double(abs($1))) }
    guard largest > 0x1p-100 else { return 0 }
    let norm = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let scale = max(largest / Double(bounds.element), norm / Double(bounds.norm))
    for i in 0..<count { output[i] = Int16((Double(input[i]) / scale).rounded(.toNearestOrEven)) }
    return Float(scale)
  }

  var splitAttention: (any SplitAttentionKernels)? { nil }

  func attentionScratchByteCount(for tile: AttentionTile) -> Int {
    (tile.visible.count + tile.headDimension) * 8
  }

  func attend(_ tile: AttentionTile, scratch: UnsafeMutableRawPointer) {
    let size = tile.headDimension
    let scores = scratch.bindMemory(to: Double.self, capacity: tile.visible.count + size)
    let sums = scores + tile.visible.count
    for token in 0..<tile.tokenCount {
      for member in 0..<tile.groupSize {
        let output = tile.output + (token * tile.outputStride + member * size)
        let largest = score(tile, token: token, member: member, into: scores)
        var denominator = exp(Double(tile.sinks[member]) - largest)
        for d in 0..<size { sums[d] = 0 }
        for (i, position) in tile.visible(token).enumerated() {
          let weight = exp(scores[i] - largest)
          denominator += weight
          for d in 0..<size {
            sums[d] += weight * Double(tile.cache.value(position, head: tile.keyValueHead, d))
          }
        }
        for d in 0..<size { output[d] = Float(sums[d] / denominator) }
      }
    }
  }

  func weigh(_ tile: AttentionTile, into weights: AttentionWeights, scratch: UnsafeMutableRawPointer) {
    let scores = scratch.bindMemory(to: Double.self, capacity: tile.visible.count)
    for member in 0..<tile.groupSize {
      let largest = score(tile, token: 0, member: member, into: scores)
      let row = weights.positions + member * weights.stride
      row.update(repeating: 0, count: weights.stride)
      for (i, position) in tile.visible(0).enumerated() {
        row[position - weights.firstPosition] = Float(exp(scores[i] - largest))
      }
      weights.sinks[member] = Float(exp(Double(tile.sinks[member]) - largest))
    }
  }

  /// Writes the scores of what a token sees, `[visible]`.
  ///
  /// - Returns: the largest of the scores and the sink.
  private func score(
    _ tile: AttentionTile, token: Int, member: Int, into scores: UnsafeMutablePointer<Double>
  ) -> Double {
    let size = tile.headDimension
    let query = tile.queries + (token * tile.queryStride + member * size)
    var largest = Double(tile.sinks[member])
    for (i, position) in tile.visible(token).enumerated() {
      var dot = 0.0
      for d in 0..<size {
        dot += Double(query[d]) * Double(tile.cache.key(position, head: tile.keyValueHead, d))
      }
      scores[i] = dot * Double(tile.scale)
      largest = max(largest, scores[i])
    }
    return largest
  }

  func gatedActivation(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count {
      let g = Double(min(gate[i], SwiGLU.limit))
      let u = Double(max(min(up[i], SwiGLU.limit), -SwiGLU.limit))
      output[i] = Float(g / (1 + exp(-Double(SwiGLU.alpha) * g)) * (u + 1))
    }
  }

  func accumulate(
    _ vector: UnsafePointer<Float>, scale: Float, into accumulator: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { accumulator[i] += scale * vector[i] }
  }
}
