#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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

  func attentionScratchByteCount(groupSize: Int, headDimension: Int, positions: Int) -> Int {
    (positions + headDimension) * 8
  }

  func attend(_ attention: AttentionTile, scratch: UnsafeMutableRawPointer) {
    let count = attention.visible.count
    let size = attention.headDimension
    let scores = scratch.bindMemory(to: Double.self, capacity: count + size)
    let sums = scores + count
    for member in 0..<attention.groupSize {
      let query = attention.queries + member * size
      let sink = Double(attention.sinks[member])
      var largest = sink
      for (i, position) in attention.visible.enumerated() {
        let key = attention.cache.key(position, head: attention.keyValueHead)
        var dot = 0.0
        for d in 0..<size { dot += Double(query[d]) * Double(attention.cache.load(key, d)) }
        scores[i] = dot * Double(attention.scale)
        largest = max(largest, scores[i])
      }
      var denominator = exp(sink - largest)
      for d in 0..<size { sums[d] = 0 }
      for (i, position) in attention.visible.enumerated() {
        let weight = exp(scores[i] - largest)
        denominator += weight
        let value = attention.cache.value(position, head: attention.keyValueHead)
        for d in 0..<size { sums[d] += weight * Double(attention.cache.load(value, d)) }
      }
      for d in 0..<size { attention.output[member * size + d] = Float(sums[d] / denominator) }
    }
  }

  func gatedActivation(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count {
      let g = Double(min(gate[i], SwiGLU.limit))
      let u = Double(max(-SwiGLU.limit, min(up[i], SwiGLU.limit)))
      output[i] = Float(g / (1 + exp(-Double(SwiGLU.alpha) * g)) * (u + 1))
    }
  }

  func accumulate(
    _ vector: UnsafePointer<Float>, scale: Float, into accumulator: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { accumulator[i] += scale * vector[i] }
  }
}

/// The constants of gpt-oss's activation (openai/gpt-oss, `torch/model.py`, `swiglu`); no file states them.
enum SwiGLU {
  static let alpha: Float = 1.702
  static let limit: Float = 7
}
