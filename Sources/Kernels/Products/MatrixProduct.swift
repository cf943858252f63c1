import GPTOSSBlockFormats

/// A matrix and its bias, or a stack of them: one matrix and one bias per expert.
package struct Projection: Sendable {
  /// `[rows, columns]`, one per expert.
  package let matrices: [WeightMatrix]
  /// `[experts · rows]`.
  package let bias: FloatVector

  package init(matrices: [WeightMatrix], bias: FloatVector) {
    self.matrices = matrices
    self.bias = bias
  }

  package var expertCount: Int { matrices.count }

  /// The product of a batch with the one matrix, or with that of one expert.
  package func product(expert: Int = 0, input: ActivationRows, output: ActivationRows) -> MatrixProduct {
    let matrix = matrices[expert]
    return MatrixProduct(
      matrix, bias: bias, biasOffset: expert * matrix.rows, input: input, output: output)
  }
}

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
/// Each tile gets a copy. With references in it the threads would count the same objects' owners up and down
/// at the same time, which took half a microsecond per tile, a twentieth of a decoded token.
@usableFromInline
package struct ProductView: @unchecked Sendable {
  @usableFromInline let matrix: WeightMatrix
  @usableFromInline let bias: UnsafePointer<Float>?
  @usableFromInline let input: FloatRows
  @usableFromInline let output: FloatRows
  /// The input, quantized, for kernels that ask for it.
  @usableFromInline var quantized: QuantizedRows?

  init(matrix: WeightMatrix, bias: UnsafePointer<Float>?, input: FloatRows, output: FloatRows) {
    self.matrix = matrix
    self.bias = bias
    self.input = input
    self.output = output
  }

  /// Whether neighboring tiles may be multiplied as one.
  ///
  /// True for a few tokens, which wait for memory: a stream starts anew after each tile, and with four tiles
  /// at once it runs 10 % faster. With more tokens a tile is sized for the caches.
  var joinsTiles: Bool { quantized?.panelCount == 1 }
}

extension Launcher {
  /// Runs products side by side in one parallel region: query, key and value together, or all experts.
  package func multiply(_ products: [MatrixProduct]) {
    withExtendedLifetime(products) { multiply(quantizingInputs(of: products.map(\.view))) }
  }

  private func multiply(_ products: [ProductView]) {
    let kernels = kernels.products
    var tileStarts = [0]
    var bytes = 0
    for product in products {
      tileStarts.append(tileStarts[tileStarts.count - 1] + tileCount(of: product))
      bytes = max(bytes, kernels.scratchByteCount(for: product.matrix, tokens: product.input.count))
    }
    let rooms = (0..<pool.threadCount).map { scratch(of: $0, byteCount: bytes) }
    pool.runInShares(tileStarts[products.count]) { tasks, worker in
      var task = tasks.lowerBound
      while task < tasks.upperBound {
        let index = tileStarts.lastIndex(notAbove: task)
        let product = products[index]
        let end = product.joinsTiles ? min(tasks.upperBound, tileStarts[index + 1]) : task + 1
        let tiles = (task - tileStarts[index])..<(end - tileStarts[index])
        kernels.multiply(product, rows: rows(ofTiles: tiles, product), scratch: rooms[worker])
        task = end
      }
    }
  }

  private func tileCount(of product: ProductView) -> Int {
    let tokens = product.input.count
    guard tokens > 0 else { return 0 }
    return product.matrix.rows.dividedUp(by: kernels.products.rowsPerTile(of: product.matrix, tokens: tokens))
  }

  private func rows(ofTiles tiles: Range<Int>, _ product: ProductView) -> Range<Int> {
    let height = kernels.products.rowsPerTile(of: product.matrix, tokens: product.input.count)
    return tiles.lowerBound * height..<min(tiles.upperBound * height, product.matrix.rows)
  }

  /// Quantizes each input once, however many matrices of a format it meets, where the kernels want that.
  private func quantizingInputs(of products: [ProductView]) -> [ProductView] {
    var inputs: [(rows: FloatRows, format: BlockFormat)] = []
    var outputs: [(precision: Precision, byteOffset: Int)] = []
    var indices: [InputKey: Int] = [:]
    var byteCount = 0
    let indexOfProduct = products.map { product -> Int? in
      let input = product.input
      guard kernels.products.quantizesInput(for: product.matrix), input.count > 0 else { return nil }
      let format = product.matrix.format
      let key = InputKey(base: input.base, count: input.count, format: format, precision: precision)
      if let index = indices[key] { return index }
      indices[key] = inputs.count
      inputs.append((input, format))
      outputs.append((precision, byteCount))
      byteCount += QuantizedRows.byteCount(tokens: input.count, columns: input.columns)
      return inputs.count - 1
    }
    guard !inputs.isEmpty else { return products }
    let memory = quantized.reserve(byteCount)
    let quantized = zip(inputs, outputs).map { input, output in
      QuantizedRows(
        base: memory + output.byteOffset, tokens: input.rows.count, columns: input.rows.columns,
        precision: output.precision)
    }
    quantize(inputs, into: quantized)
    return zip(products, indexOfProduct).map { product, index in
      var product = product
      product.quantized = index.map { quantized[$0] }
      return product
    }
  }

  private struct InputKey: Hashable {
    let base: UnsafeMutablePointer<Float>
    let count: Int
    let format: BlockFormat
    let precision: Precision
  }

  /// A few tokens are quantized sooner than the threads are woken; more are spread over them, panel by panel.
  private func quantize(
    _ inputs: [(rows: FloatRows, format: BlockFormat)], into outputs: [QuantizedRows]
  ) {
    let panels = outputs.indices.flatMap { index in
      (0..<outputs[index].panelCount).map { (index: index, panel: $0) }
    }
    let kernels = kernels.products
    func quantizePanel(_ panel: Int, of index: Int) {
      let (rows, format) = inputs[index]
      kernels.quantize(rows, panel: panel, for: format, output: outputs[index])
    }
    let fewTokens = 8
    if inputs.reduce(0, { $0 + $1.rows.count }) <= fewTokens {
      for (index, panel) in panels { quantizePanel(panel, of: index) }
    } else {
      pool.run(panels.count) { task, _ in quantizePanel(panels[task].panel, of: panels[task].index) }
    }
  }
}

extension [Int] {
  /// The last index whose element is not above `value`, in an ascending array that begins at or below it.
  fileprivate func lastIndex(notAbove value: Int) -> Int {
    var low = 0
    var high = count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if self[middle] <= value { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
