import GPTOSSBlockFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The kernels as one would write them on a blackboard: one element at a time, sums in double precision.
///
/// Every other kernel set is tested against this one. It is also the fastest way to understand what a forward pass
/// computes.
package struct ReferenceKernels: KernelSet {
  package init() {}

  package var name: KernelSetName { .reference }
  package var preferredCacheElement: CacheElement { .float32 }

  package func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int { 16 }

  package func matmulScratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int { matrix.columns * 4 }

  package func matmul(_ product: MatrixProduct, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    let columns = product.matrix.columns
    let weights = scratch.bindMemory(to: Float.self, capacity: columns)
    for row in rows {
      decodeRow(row, of: product.matrix, output: weights)
      for token in 0..<product.input.count {
        let input = product.input[token]
        var sum = 0.0
        for column in 0..<columns { sum += Double(weights[column]) * Double(input[column]) }
        product.output[token][row] = Float(sum + Double(product.bias?[row] ?? 0))
      }
    }
  }

  package func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>) {
    matrix.decode(row: row, into: output)
  }

  package func rmsNorm(
    _ input: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float,
    output: UnsafeMutablePointer<Float>, count: Int
  ) {
    var squares = 0.0
    for i in 0..<count { squares += Double(input[i]) * Double(input[i]) }
    let scale = 1 / (squares / Double(count) + Double(epsilon)).squareRoot()
    for i in 0..<count { output[i] = Float(Double(input[i]) * scale * Double(weight[i])) }
  }

  package func rotate(
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

  package func attentionScratchByteCount(groupSize: Int, headDimension: Int, positions: Int) -> Int {
    (positions + headDimension) * 8
  }

  package func attend(_ attention: AttentionTile, scratch: UnsafeMutableRawPointer) {
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

  package func gatedActivation(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count {
      let g = Double(min(gate[i], SwiGLU.limit))
      let u = Double(max(-SwiGLU.limit, min(up[i], SwiGLU.limit)))
      output[i] = Float(g / (1 + exp(-Double(SwiGLU.alpha) * g)) * (u + 1))
    }
  }

  package func accumulate(
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

extension WeightMatrix {
  /// Decodes a row with the scalar decoder of its format.
  func decode(row: Int, into output: UnsafeMutablePointer<Float>) {
    var weights = MutableSpan(_unsafeStart: output, count: columns)
    format.decode(self.row(row).bytes, into: &weights)
  }
}
