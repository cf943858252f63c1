package import GPTOSSBlockFormats

/// Matrix products by integer dot products: MXFP4 and Q8_0 with quantized activations, in the instructions of one
/// instruction set; the others decoded to floats, some rows at a time.
package struct InterleavedProducts: ProductKernels {
  private let raw: RawProductKernels

  /// Rows of a tile whose weights are decoded to floats: 32 rows of 2,880 columns stay in the second-level cache while the
  /// tokens pass.
  private static let decodedRows = 32

  package init(_ raw: RawProductKernels) { self.raw = raw }

  package func layout(for format: BlockFormat) -> WeightLayout {
    InterleavedFormat(repacking: format) == nil ? .rows : .interleaved16
  }

  package func quantizesInput(for matrix: WeightMatrix) -> Bool { InterleavedFormat(matrix.format) != nil }

  /// 128 rows, so that for many tokens a panel comes from the second-level cache most of the time. For few tokens tiles are joined
  /// (`ProductView.joinsTiles`), and these are what threads even out their ends with.
  package func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int {
    guard quantizesInput(for: matrix) else { return tokens == 1 ? 8 : Self.decodedRows }
    return 128
  }

  package func scratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int {
    guard let format = InterleavedFormat(matrix.format) else {
      return Self.decodedRows * decodedStride(of: matrix) * 4
    }
    let repacked = matrix.layout == .rows ? 2 * format.groupByteCount(columns: matrix.columns) : 0
    return InterleavedTile.scratchByteCount + repacked
  }

  package func repack(
    _ matrix: WeightMatrix, rows: Range<Int>, as layout: WeightLayout, output: UnsafeMutableRawPointer
  ) {
    matrix.repack(rows, as: layout, output: output, interleave: raw.interleave)
  }

  package func quantize(_ input: FloatRows, panel: Int, output: QuantizedRows) {
    precondition(input.count == output.tokens && input.columns == output.columns)
    raw.quantize(QuantizationTile(input, panel: panel, output: output))
  }

  package func multiply(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    guard let input = product.quantized, let format = InterleavedFormat(product.matrix.format) else {
      return multiplyDecoded(product, rows: rows, scratch: scratch)
    }
    precondition(
      rows.lowerBound % InterleavedFormat.rowsPerGroup == 0 && rows.upperBound <= product.matrix.rows)
    precondition(input.columns == product.matrix.columns && input.tokens == product.output.count)
    withUnsafeTemporaryAllocation(of: QuantizedPanel.self, capacity: input.panelCount) { panels in
      for panel in panels.indices { panels.initializeElement(at: panel, to: input.panel(panel)) }
      raw.multiply(
        InterleavedTile(
          product, format, input.precision, rows: rows, panels: UnsafeBufferPointer(panels), scratch: scratch)
      )
    }
  }

  private func multiplyDecoded(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    precondition(rows.count <= Self.decodedRows)
    let matrix = product.matrix
    if matrix.format == .f32, Int(bitPattern: matrix.base) % MemoryLayout<Float>.alignment == 0 {
      let weights = (matrix.base + rows.lowerBound * matrix.bytesPerRow).assumingMemoryBound(to: Float.self)
      raw.multiplyFloats(FloatTile(product, rows: rows, weights: weights, weightStride: matrix.columns))
      return
    }
    let stride = decodedStride(of: matrix)
    let weights = scratch.bindMemory(to: Float.self, capacity: rows.count * stride)
    for row in rows { decodeRow(row, of: matrix, output: weights + (row - rows.lowerBound) * stride) }
    raw.multiplyFloats(FloatTile(product, rows: rows, weights: weights, weightStride: stride))
  }

  /// Decoded rows begin on a cache line.
  private func decodedStride(of matrix: WeightMatrix) -> Int { matrix.columns.dividedUp(by: 16) * 16 }

  package func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>) {
    var done = 0
    if matrix.format == .f16, let source = matrix.row(row).baseAddress {
      done = raw.widen(Float16Row(source: source, output: output, count: matrix.columns))
      decodeFloat16(source + 2 * done, into: output + done, count: matrix.columns - done)
    } else {
      matrix.decodeQuickly(row: row, into: output)
    }
  }
}

/// The functions of an instruction set's module that `InterleavedProducts` calls.
package struct RawProductKernels: Sendable {
  let multiply: @Sendable (InterleavedTile) -> Void
  let quantize: @Sendable (QuantizationTile) -> Void
  let multiplyFloats: @Sendable (FloatTile) -> Void
  let widen: @Sendable (Float16Row) -> Int
  let interleave: @Sendable (RowGroup) -> Void

  package init(
    multiply: @escaping @Sendable (InterleavedTile) -> Void,
    quantize: @escaping @Sendable (QuantizationTile) -> Void,
    multiplyFloats: @escaping @Sendable (FloatTile) -> Void,
    widen: @escaping @Sendable (Float16Row) -> Int,
    interleave: @escaping @Sendable (RowGroup) -> Void
  ) {
    self.multiply = multiply
    self.quantize = quantize
    self.multiplyFloats = multiplyFloats
    self.widen = widen
    self.interleave = interleave
  }
}
