extension Launcher {
  /// Runs products side by side in one parallel region: query, key and value together, or all experts.
  package func multiply(_ products: [MatrixProduct]) {
    let products = quantisingInputs(of: products)
    let kernels = kernels.products
    var tileStarts = [0]
    var bytes = 0
    for product in products {
      tileStarts.append(tileStarts[tileStarts.count - 1] + tileCount(of: product))
      bytes = max(bytes, kernels.scratchByteCount(for: product.matrix, tokens: product.input.count))
    }
    run(tileStarts[products.count], scratchByteCount: bytes) { task, scratch in
      let index = tileStarts.lastIndex(notAbove: task)
      let product = products[index]
      let rows = rows(ofTile: task - tileStarts[index], product)
      kernels.multiply(product, rows: rows, scratch: scratch)
    }
  }

  private func tileCount(of product: MatrixProduct) -> Int {
    let tokens = product.input.count
    guard tokens > 0 else { return 0 }
    return product.matrix.rows.dividedUp(by: kernels.products.rowsPerTile(of: product.matrix, tokens: tokens))
  }

  private func rows(ofTile tile: Int, _ product: MatrixProduct) -> Range<Int> {
    let height = kernels.products.rowsPerTile(of: product.matrix, tokens: product.input.count)
    return tile * height..<min((tile + 1) * height, product.matrix.rows)
  }

  /// Quantises each input once, however many matrices it meets, where the kernels want that.
  private func quantisingInputs(of products: [MatrixProduct]) -> [MatrixProduct] {
    var inputs: [(rows: ActivationRows, byteOffset: Int)] = []
    var inputOfProduct: [Int?] = []
    var indices: [UnsafeMutablePointer<Float>: Int] = [:]
    var byteCount = 0
    for product in products {
      guard kernels.products.quantisesInput(for: product.matrix), product.input.count > 0 else {
        inputOfProduct.append(nil)
        continue
      }
      if let index = indices[product.input.base], inputs[index].rows.count == product.input.count {
        inputOfProduct.append(index)
        continue
      }
      indices[product.input.base] = inputs.count
      inputOfProduct.append(inputs.count)
      inputs.append((product.input, byteCount))
      byteCount += QuantisedRows.byteCount(tokens: product.input.count, columns: product.input.columns)
    }
    guard !inputs.isEmpty else { return products }
    let memory = quantised.reserve(byteCount)
    let outputs = inputs.map { input in
      QuantisedRows(
        base: memory + input.byteOffset, tokens: input.rows.count, columns: input.rows.columns,
        precision: precision)
    }
    quantise(inputs.map(\.rows), into: outputs)
    return zip(products, inputOfProduct).map { product, input in
      var product = product
      product.quantised = input.map { outputs[$0] }
      return product
    }
  }

  /// A few tokens are quantised sooner than the threads are woken; more are spread over them, panel by panel.
  private func quantise(_ inputs: [ActivationRows], into outputs: [QuantisedRows]) {
    let panels = outputs.indices.flatMap { index in
      (0..<outputs[index].panelCount).map { (index: index, panel: $0) }
    }
    let kernels = kernels.products
    let fewTokens = 8
    if inputs.reduce(0, { $0 + $1.count }) <= fewTokens {
      for (index, panel) in panels { kernels.quantise(inputs[index], panel: panel, output: outputs[index]) }
    } else {
      pool.run(panels.count) { task, _ in
        let (index, panel) = panels[task]
        kernels.quantise(inputs[index], panel: panel, output: outputs[index])
      }
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
