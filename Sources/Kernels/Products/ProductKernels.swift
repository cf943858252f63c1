public import GPTOSSBlockFormats

/// The kernels that read weights.
@usableFromInline
package protocol ProductKernels: Sendable {
  /// How many rows of `matrix` a tile has for a batch of `tokens`.
  func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int

  /// Bytes of scratch memory that one tile of `multiply` needs.
  func scratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int

  /// `output[t, r] = Σ_c matrix[r, c] · input[t, c] + bias[r]` for every token `t` and the tile's `rows`.
  ///
  /// - Parameters:
  ///   - rows: the tile, a range of the matrix's rows; several neighboring ones of a product that
  ///     `joinsTiles`.
  ///   - scratch: `scratchByteCount` bytes, aligned to 64, this thread's own.
  func multiply(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer)

  /// The layout in which resident matrices of this format are multiplied fastest.
  func layout(for format: BlockFormat) -> WeightLayout

  /// Whether products with this matrix read their input quantized: `ProductView.quantized` is then set.
  func quantizesInput(for matrix: WeightMatrix) -> Bool

  /// Quantizes a panel of the input's tokens, for products with matrices of this format.
  func quantize(_ input: FloatRows, panel: Int, for format: BlockFormat, output: QuantizedRows)

  /// Interleaves sixteen rows that lie as in the file.
  ///
  /// - Parameters:
  ///   - rows: the first row's first block.
  ///   - bytesPerRow: from one row to the next.
  ///   - columns: a multiple of 32.
  ///   - output: receives the group, `format.groupByteCount(columns:)` bytes.
  func interleave(
    _ format: InterleavedFormat, _ rows: UnsafeRawPointer, bytesPerRow: Int, columns: Int,
    output: UnsafeMutableRawPointer)

  /// Decodes one row of weights to floats: an embedding.
  func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>)
}

/// Kernels that multiply floats.
extension ProductKernels {
  package func layout(for format: BlockFormat) -> WeightLayout { .rows }
  package func quantizesInput(for matrix: WeightMatrix) -> Bool { false }
  package func quantize(_ input: FloatRows, panel: Int, for format: BlockFormat, output: QuantizedRows) {
    preconditionFailure("these kernels read floats")
  }
  package func interleave(
    _ format: InterleavedFormat, _ rows: UnsafeRawPointer, bytesPerRow: Int, columns: Int,
    output: UnsafeMutableRawPointer
  ) {
    // One branch per format, so that each loop is compiled for its constants.
    switch format {
    case .mxfp4:
      InterleavedFormat.mxfp4.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    case .q8_0:
      InterleavedFormat.q8_0.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    case .q5_0:
      InterleavedFormat.q5_0.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    case .q5_1:
      InterleavedFormat.q5_1.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    case .q4_K:
      InterleavedFormat.q4_K.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    case .q5_K:
      InterleavedFormat.q5_K.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    case .q6_K:
      InterleavedFormat.q6_K.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    }
  }
}
