/// `portable`, with the matrix products of prefill done by BLAS: a tile of weights is decoded to floats once and
/// multiplied with all tokens at once.
package struct BLASKernels: KernelSet {
  private let portable = PortableKernels()

  package init() { BLAS.useOneThread() }

  package var name: KernelSetName { .blas }
  package var preferredCacheElement: CacheElement { portable.preferredCacheElement }

  /// Below this many tokens decoding the weights is most of the work and BLAS gains nothing.
  private static let fewestTokens = 8

  /// 64 rows of 2,880 floats are 0.7 MB: they stay in the second-level cache while all tokens pass.
  private static let rowsPerTile = 64

  package func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int {
    tokens < Self.fewestTokens ? portable.rowsPerTile(of: matrix, tokens: tokens) : Self.rowsPerTile
  }

  package func matmulScratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int {
    tokens < Self.fewestTokens
      ? portable.matmulScratchByteCount(for: matrix, tokens: tokens)
      : Self.rowsPerTile * matrix.columns * 4
  }

  package func matmul(_ product: MatrixProduct, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    let tokens = product.input.count
    guard tokens >= Self.fewestTokens else {
      return portable.matmul(product, rows: rows, scratch: scratch)
    }
    let columns = product.matrix.columns
    let weights = scratch.bindMemory(to: Float.self, capacity: rows.count * columns)
    for row in rows {
      decodeRow(row, of: product.matrix, output: weights + (row - rows.lowerBound) * columns)
    }
    BLAS.multiply(
      product.input.base, rows: tokens, stride: product.input.stride,
      transposed: weights, rows: rows.count, stride: columns, inner: columns,
      output: product.output.base + rows.lowerBound, stride: product.output.stride)
    guard let bias = product.bias else { return }
    for token in 0..<tokens {
      portable.accumulate(
        bias + rows.lowerBound, scale: 1, into: product.output[token] + rows.lowerBound, count: rows.count)
    }
  }

  package func rmsNorm(
    _ input: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float,
    output: UnsafeMutablePointer<Float>, count: Int
  ) {
    portable.rmsNorm(input, weight: weight, epsilon: epsilon, output: output, count: count)
  }

  package func rotate(
    _ head: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
    headDimension: Int
  ) {
    portable.rotate(head, cosines: cosines, sines: sines, headDimension: headDimension)
  }

  package func attend(_ attention: AttentionTile, scratch: UnsafeMutableRawPointer) {
    portable.attend(attention, scratch: scratch)
  }

  package func attentionScratchByteCount(groupSize: Int, headDimension: Int, positions: Int) -> Int {
    portable.attentionScratchByteCount(
      groupSize: groupSize, headDimension: headDimension, positions: positions)
  }

  package func gatedActivation(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int
  ) {
    portable.gatedActivation(gate: gate, up: up, output: output, count: count)
  }

  package func accumulate(
    _ vector: UnsafePointer<Float>, scale: Float, into accumulator: UnsafeMutablePointer<Float>, count: Int
  ) {
    portable.accumulate(vector, scale: scale, into: accumulator, count: count)
  }

  package func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>) {
    portable.decodeRow(row, of: matrix, output: output)
  }
}
