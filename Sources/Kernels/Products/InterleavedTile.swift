/// Some rows of a product with interleaved weights: pointers and counts that a launcher has checked.
@usableFromInline
package struct InterleavedTile: @unchecked Sendable {
  /// The format of the weights.
  @usableFromInline package let format: InterleavedFormat
  /// What the input was rounded to.
  @usableFromInline package let precision: Precision

  /// The first row's bytes: its group, or the row itself where rows lie as in the file.
  @usableFromInline let weights: UnsafeRawPointer
  /// The bytes from one row to the next where rows lie as in the file; nil if they are interleaved.
  @usableFromInline let bytesPerRow: Int?
  @usableFromInline let rowCount: Int
  @usableFromInline let columns: Int
  /// Of the tile's first row; nil for none.
  @usableFromInline let bias: UnsafePointer<Float>?
  /// The first token's result for the tile's first row.
  @usableFromInline let output: UnsafeMutablePointer<Float>
  @usableFromInline let outputStride: Int
  @usableFromInline let panels: UnsafeBufferPointer<QuantizedPanel>
  @usableFromInline let scratch: UnsafeMutableRawPointer

  @inlinable static var sumCount: Int { 2 * QuantizedPanel.tokens * 16 }
  /// Two groups' weights of one block as 16-bit integers.
  @inlinable static var unpackedByteCount: Int { 2 * 16 * 32 * 2 }
  /// Panels that pass a tile before its rows are taken up again: two panels of 2,880 columns and a tile of 128 rows
  /// stay in a second-level cache of 1 MB.
  @inlinable static var panelsAtOnce: Int { 2 }

  /// Bytes of scratch memory, besides room for two groups where rows lie as in the file.
  @inlinable static var scratchByteCount: Int { sumCount * 4 + unpackedByteCount }

  /// - Parameters:
  ///   - rows: beginning at a multiple of 16.
  ///   - scratch: as `InterleavedProducts.scratchByteCount` says.
  init(
    _ product: ProductView, _ format: InterleavedFormat, _ precision: Precision, rows: Range<Int>,
    panels: UnsafeBufferPointer<QuantizedPanel>, scratch: UnsafeMutableRawPointer
  ) {
    let matrix = product.matrix
    self.format = format
    self.precision = precision
    switch matrix.layout {
    case .rows:
      weights = matrix.base + rows.lowerBound * matrix.bytesPerRow
      bytesPerRow = matrix.bytesPerRow
    case .interleaved16:
      weights = matrix.base + rows.lowerBound / 16 * format.groupByteCount(columns: matrix.columns)
      bytesPerRow = nil
    }
    rowCount = rows.count
    columns = matrix.columns
    bias = product.bias.map { $0 + rows.lowerBound }
    output = product.output.base + rows.lowerBound
    outputStride = product.output.stride
    self.panels = panels
    self.scratch = scratch
  }
}

/// The loops around an instruction set's `multiply`, the same for one token and for hundreds.
///
/// Two groups of rows are multiplied at once, so that a broadcast of activations can serve both; a panel of 32 tokens
/// passes while a record's weights are in registers or in the first-level cache.
///
/// Rows that lie as in the file are interleaved in scratch memory on their way.
extension InterleavedTile {
  /// `output[t, r] = Σ_c weights[r, c] · input[t, c] + bias[r]`.
  ///
  /// - Parameters:
  ///   - format: the tile's, as a constant, so that the loop is compiled for it.
  ///   - precision: likewise.
  @inlinable @inline(__always)
  package func multiply<I: InterleavedInstructions>(
    _: I.Type, _ format: InterleavedFormat, _ precision: Precision
  ) {
    let groupByteCount = format.groupByteCount(columns: columns)
    let panelsAtOnce = bytesPerRow == nil ? InterleavedTile.panelsAtOnce : panels.count
    var firstPanel = 0
    while firstPanel < panels.count {
      let endPanel = Swift.min(firstPanel &+ panelsAtOnce, panels.count)
      var row = 0
      while row < rowCount {
        let count = Swift.min(32, rowCount &- row)
        let first = groups(I.self, format, at: row, count: count)
        // Without a second group the first is multiplied twice and the second result left alone.
        let second = count > 16 ? first + groupByteCount : first
        var panel = firstPanel
        while panel < endPanel {
          I.multiply(
            format, precision,
            InterleavedOperands(
              first: first, second: second, panel: panels[panel],
              sums: scratch.assumingMemoryBound(to: Float.self),
              unpacked: scratch + InterleavedTile.sumCount &* 4))
          store(row: row, count: count, firstToken: panel &* QuantizedPanel.tokens, panels[panel].tokenCount)
          panel &+= 1
        }
        row &+= 32
      }
      firstPanel = endPanel
    }
  }

  /// The groups of up to 32 rows.
  @inlinable @inline(__always)
  func groups<I: InterleavedInstructions>(
    _: I.Type, _ format: InterleavedFormat, at row: Int, count: Int
  ) -> UnsafeRawPointer {
    let groupByteCount = format.groupByteCount(columns: columns)
    guard let bytesPerRow else { return weights + row / 16 &* groupByteCount }
    let repacked = scratch + InterleavedTile.scratchByteCount
    var group = 0
    while 16 &* group < count {
      let rows = weights + (row &+ 16 &* group) &* bytesPerRow
      let present = Swift.min(16, count &- 16 &* group)
      let output = repacked + group &* groupByteCount
      if present == 16 {
        I.interleave(format, rows, bytesPerRow: bytesPerRow, columns: columns, output: output)
      } else {
        format.interleave(rows, bytesPerRow: bytesPerRow, count: present, columns: columns, output: output)
      }
      group &+= 1
    }
    return UnsafeRawPointer(repacked)
  }

  /// Adds the bias and puts the sums where they belong.
  @inlinable @inline(__always)
  func store(row: Int, count: Int, firstToken: Int, _ tokenCount: Int) {
    let sums = scratch.assumingMemoryBound(to: Float.self)
    var group = 0
    while 16 &* group < count {
      let lanes = Swift.min(16, count &- 16 &* group)
      let firstRow = row &+ 16 &* group
      var token = 0
      while token < tokenCount {
        let source = sums + (group &* QuantizedPanel.tokens &+ token) &* 16
        let destination = output + ((firstToken &+ token) &* outputStride &+ firstRow)
        var lane = 0
        if let bias {
          while lane < lanes {
            destination[lane] = source[lane] + bias[firstRow &+ lane]
            lane &+= 1
          }
        } else {
          while lane < lanes {
            destination[lane] = source[lane]
            lane &+= 1
          }
        }
        token &+= 1
      }
      group &+= 1
    }
  }
}

/// A panel to quantize: pointers and counts that a launcher has checked.
@usableFromInline
package struct QuantizationTile: @unchecked Sendable {
  /// What to round to.
  @usableFromInline package let precision: Precision
  /// The panel's first token.
  @usableFromInline let input: UnsafePointer<Float>
  @usableFromInline let inputStride: Int
  @usableFromInline let panel: QuantizedPanel

  init(_ input: FloatRows, panel: Int, output: QuantizedRows) {
    precision = output.precision
    self.input = UnsafePointer(input[output.tokens(ofPanel: panel).lowerBound])
    inputStride = input.stride
    self.panel = output.panel(panel)
  }

  /// Quantizes the panel's tokens.
  ///
  /// - Parameter precision: the tile's, as a constant.
  @inlinable @inline(__always)
  package func quantize<I: InterleavedInstructions>(_: I.Type, _ precision: Precision) {
    var token = 0
    while token < panel.tokenCount {
      var block = 0
      while block < panel.blockCount {
        let index = block &* panel.tokenCount &+ token
        let (scale, sum) = I.quantize(
          input + (token &* inputStride &+ 32 &* block), precision,
          quants: panel.quants + QuantizedPanel.quantBytes &* index)
        panel.factors[index] = QuantizedFactor(scale: scale, correction: -16 &* sum)
        block &+= 1
      }
      token &+= 1
    }
  }
}
