import GPTOSSBlockFormats

/// Matrix products as one would write them on a blackboard: one element at a time, sums in double precision.
///
/// Every other kernel set is tested against the reference. It is also the quickest way to understand what a
/// forward pass computes.
struct ReferenceProducts: ProductKernels {
  func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int { 16 }

  func scratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int { matrix.columns * 4 }

  func multiply(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
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

  func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>) {
    matrix.decode(row: row, into: output)
  }
}

extension WeightMatrix {
  /// Decodes a row with the scalar decoder of its format.
  func decode(row: Int, into output: UnsafeMutablePointer<Float>) {
    withRow(row) { bytes in
      format.decode(bytes.bytes, into: MutableSpan(_unsafeStart: output, count: columns))
    }
  }
}
