/// One matrix product of a batch: `[tokens, columns] × [rows, columns]ᵀ → [tokens, rows]`.
package struct MatrixProduct: @unchecked Sendable {
  var view: ProductView
  /// Keep the memory of what the view shows alive.
  private let owners: (input: ActivationRows, output: ActivationRows, bias: FloatVector?)

  /// - Parameters:
  ///   - bias: `[rows]`, from `biasOffset` on.
  ///   - input: `[tokens, columns]`.
  ///   - output: `[tokens, rows]`.
  package init(
    _ matrix: WeightMatrix, bias: FloatVector? = nil, biasOffset: Int = 0,
    input: ActivationRows, output: ActivationRows
  ) {
    precondition(input.columns == matrix.columns, "input of \(input.columns), matrix of \(matrix.columns)")
    precondition(output.columns == matrix.rows, "output of \(output.columns), matrix of \(matrix.rows) rows")
    precondition(input.count == output.count, "\(input.count) tokens in, \(output.count) out")
    if let bias { precondition(biasOffset >= 0 && biasOffset + matrix.rows <= bias.count) }
    view = ProductView(
      matrix: matrix, bias: bias.map { UnsafePointer($0.base + biasOffset) }, input: input.view,
      output: output.view)
    owners = (input, output, bias)
  }
}

/// A product as kernels see it: pointers and counts, no references.
///
/// Each tile gets a copy. With references in it the threads would count the same objects' owners up and down at the same time,
/// which took half a microsecond a tile, a twentieth of a decoded token.
package struct ProductView: @unchecked Sendable {
  let matrix: WeightMatrix
  let bias: UnsafePointer<Float>?
  let input: FloatRows
  let output: FloatRows
  /// The input, quantized, for kernels that ask for it.
  var quantized: QuantizedRows?

  /// Whether neighboring tiles may be multiplied as one. For a few tokens, which wait for memory: after each tile its stream starts
  /// anew, and with four tiles at once it runs 10 % faster. With more tokens a tile is sized for the caches.
  var joinsTiles: Bool { quantized?.panelCount == 1 }
}
