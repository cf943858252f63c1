/// Matrix products on Swift's SIMD types: any CPU that Swift runs on, no instruction beyond its baseline.
///
/// A vector has eight lanes. A dot product keeps eight partial sums, lane *j* those of the columns ≡ *j* mod 8, then
/// adds the lanes as a tree; one row's sum is formed in that order whether it is computed alone or beside others.
struct PortableProducts: ProductKernels {
  /// Rows whose dot products run side by side: each load of an activation serves four of them.
  private static let rowsAtOnce = 4

  /// Tokens that a tile of decoded weights meets before the next rows are taken: their activations stay in the
  /// second-level cache meanwhile.
  private static let tokensAtOnce = 16

  func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int { 32 }

  func scratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int {
    32 * paddedColumns(of: matrix) * 4
  }

  func multiply(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    let matrix = product.matrix
    let stride = paddedColumns(of: matrix)
    let weights = scratch.bindMemory(to: Float.self, capacity: rows.count * stride)
    // One token uses a row's weights once: decode as few as are needed side by side. More tokens use the
    // tile's weights again and again: decode them all first.
    let decodedAtOnce = product.input.count == 1 ? Self.rowsAtOnce : rows.count
    for first in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: decodedAtOnce) {
      let decoded = first..<min(first + decodedAtOnce, rows.upperBound)
      for row in decoded { decodeRow(row, of: matrix, output: weights + (row - first) * stride) }
      for firstToken in Swift.stride(from: 0, to: product.input.count, by: Self.tokensAtOnce) {
        let tokens = firstToken..<min(firstToken + Self.tokensAtOnce, product.input.count)
        for row in Swift.stride(from: decoded.lowerBound, to: decoded.upperBound, by: Self.rowsAtOnce) {
          let count = min(Self.rowsAtOnce, decoded.upperBound - row)
          for token in tokens {
            multiplyRows(
              weights + (row - first) * stride, stride: stride, count: count, input: product.input[token],
              columns: matrix.columns, bias: product.bias.map { $0 + row },
              output: product.output[token] + row)
          }
        }
      }
    }
  }

  func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>) {
    matrix.decodeQuickly(row: row, into: output)
  }

  /// Up to four rows of decoded weights times one token.
  private func multiplyRows(
    _ weights: UnsafePointer<Float>, stride: Int, count: Int, input: UnsafePointer<Float>, columns: Int,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>
  ) {
    if count == Self.rowsAtOnce {
      let sums = fourDotProducts(weights, stride: stride, input, count: columns)
      for i in 0..<Self.rowsAtOnce { output[i] = sums[i] + (bias?[i] ?? 0) }
    } else {
      for i in 0..<count {
        output[i] = dotProduct(weights + i * stride, input, count: columns) + (bias?[i] ?? 0)
      }
    }
  }

  /// Rows of decoded weights begin on a cache line.
  private func paddedColumns(of matrix: WeightMatrix) -> Int { matrix.columns.dividedUp(by: 16) * 16 }
}
