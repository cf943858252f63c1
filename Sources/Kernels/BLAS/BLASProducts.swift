/// Matrix products of prefill by BLAS: a tile of weights is decoded to floats once and multiplied with all
/// tokens at once. Products of few tokens are those of decoded weights, without BLAS.
///
/// Results are near those of the other sets, not equal to the bit: a BLAS library chooses its own order of sums.
struct BLASProducts: ProductKernels {
  private let baseline = BaselineProducts()
  private let vectors = BaselineVectors()

  init() { BLAS.useOneThread() }

  /// Below this many tokens decoding the weights is most of the work and BLAS gains nothing.
  private static let fewestTokens = 8

  /// 64 rows of 2,880 floats are 0.7 MB: they stay in the second-level cache while all tokens pass.
  private static let rowsPerTile = 64

  func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int {
    tokens < Self.fewestTokens ? DecodedRows.perTile(tokens: tokens) : Self.rowsPerTile
  }

  func scratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int {
    tokens < Self.fewestTokens
      ? DecodedRows.byteCount(for: matrix) : Self.rowsPerTile * matrix.columns * 4
  }

  func multiply(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    let tokens = product.input.count
    guard tokens >= Self.fewestTokens else {
      return baseline.multiplyDecoded(product, rows: rows, scratch: scratch)
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
      vectors.accumulate(
        bias + rows.lowerBound, scale: 1, into: product.output[token] + rows.lowerBound, count: rows.count)
    }
  }

  func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>) {
    baseline.decodeRow(row, of: matrix, output: output)
  }
}
