package import GPTOSSBlockFormats

/// Matrix products by integer dot products: MXFP4 and Q8_0 with quantised activations, in the instructions of one
/// instruction set. The float formats are left to the portable kernels.
package struct InterleavedProducts: ProductKernels {
  private let raw: RawInterleavedKernels
  private let floats = PortableProducts()

  package init(_ raw: RawInterleavedKernels) { self.raw = raw }

  package func layout(for format: BlockFormat) -> WeightLayout {
    InterleavedFormat(format) == nil ? .rows : .interleaved16
  }

  package func quantisesInput(for matrix: WeightMatrix) -> Bool { InterleavedFormat(matrix.format) != nil }

  /// For one token few rows, so that the last tile keeps no thread waiting long; for more, enough that a panel
  /// comes from the second-level cache most of the time.
  package func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int {
    guard quantisesInput(for: matrix) else { return floats.rowsPerTile(of: matrix, tokens: tokens) }
    return tokens == 1 ? 64 : 128
  }

  package func scratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int {
    guard let format = InterleavedFormat(matrix.format) else {
      return floats.scratchByteCount(for: matrix, tokens: tokens)
    }
    let repacked = matrix.layout == .rows ? 2 * format.groupByteCount(columns: matrix.columns) : 0
    return InterleavedTile.scratchByteCount + repacked
  }

  package func quantise(_ input: ActivationRows, panel: Int, output: QuantisedRows) {
    precondition(input.count == output.tokens && input.columns == output.columns)
    raw.quantise(QuantisationTile(input, panel: panel, output: output))
  }

  package func multiply(_ product: MatrixProduct, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    guard let input = product.quantised, let format = InterleavedFormat(product.matrix.format) else {
      return floats.multiply(product, rows: rows, scratch: scratch)
    }
    precondition(
      rows.lowerBound % InterleavedFormat.rowsPerGroup == 0 && rows.upperBound <= product.matrix.rows)
    precondition(input.columns == product.matrix.columns && input.tokens == product.output.count)
    withUnsafeTemporaryAllocation(of: QuantisedPanel.self, capacity: input.panelCount) { panels in
      for panel in panels.indices { panels.initializeElement(at: panel, to: input.panel(panel)) }
      raw.multiply(
        InterleavedTile(
          product, format, input.precision, rows: rows, panels: UnsafeBufferPointer(panels), scratch: scratch)
      )
    }
  }

  package func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>) {
    floats.decodeRow(row, of: matrix, output: output)
  }
}

/// The functions of an instruction set's module that `InterleavedProducts` calls.
package struct RawInterleavedKernels: Sendable {
  let multiply: @Sendable (InterleavedTile) -> Void
  let quantise: @Sendable (QuantisationTile) -> Void

  package init(
    multiply: @escaping @Sendable (InterleavedTile) -> Void,
    quantise: @escaping @Sendable (QuantisationTile) -> Void
  ) {
    self.multiply = multiply
    self.quantise = quantise
  }
}
