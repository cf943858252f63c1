package import GPTOSSBlockFormats

/// Product kernels made from generic bodies and an instruction set: the formats of records by integer dot
/// products with quantized activations (``RecordKernels``), the other formats decoded to floats, some rows at
/// a time.
///
/// A conforming type says which instructions. The bodies that do the work are compiled in its module, for its
/// CPU; what checks and chooses is compiled here.
@usableFromInline
package protocol InstructionProducts: ProductKernels {
  associatedtype Floats: FloatInstructions
  associatedtype Records: RecordKernels

  /// `multiply`, for a product whose input has been quantized.
  func multiplyRecords(
    _ product: ProductView, _ input: QuantizedRows, _ format: InterleavedFormat, rows: Range<Int>,
    scratch: RecordScratch)

  /// Rounds the tokens of a panel, rows of `input` from the first on.
  func quantize(_ input: FloatRows, firstToken: Int, _ panel: QuantizedPanel, _ precision: Precision)

  /// The same for products with weights of five bits, where a set arranges their quants in another way.
  func quantizeForFiveBits(
    _ input: FloatRows, firstToken: Int, _ panel: QuantizedPanel, _ precision: Precision)

  /// `multiply`, for some rows whose weights have been decoded.
  func multiplyFloats(_ tile: FloatTile)

  /// Widens half-precision weights, as many as fill whole vectors.
  ///
  /// - Returns: how many those are; none where the set has no instruction for it.
  func widen(_ halves: UnsafePointer<UInt16>, output: UnsafeMutablePointer<Float>, count: Int) -> Int
}

extension InstructionProducts {
  package func layout(for format: BlockFormat) -> WeightLayout {
    InterleavedFormat(repacking: format) == nil ? .rows : .interleaved16
  }

  package func quantizesInput(for matrix: WeightMatrix) -> Bool { InterleavedFormat(matrix.format) != nil }

  /// 128 rows, so that for many tokens a panel comes from the second-level cache most of the time. For few
  /// tokens tiles are joined (`ProductView.joinsTiles`), and these are what threads even out their ends with.
  package func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int {
    quantizesInput(for: matrix) ? 128 : DecodedRows.perTile(tokens: tokens)
  }

  package func scratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int {
    guard let format = InterleavedFormat(matrix.format) else { return DecodedRows.byteCount(for: matrix) }
    return RecordScratch.byteCount(format, for: matrix)
  }

  package func quantize(_ input: FloatRows, panel: Int, for format: BlockFormat, output: QuantizedRows) {
    precondition(input.count == output.tokens && input.columns == output.columns)
    let firstToken = output.tokens(ofPanel: panel).lowerBound
    let panel = output.panel(panel)
    if InterleavedFormat(format)?.hasFiveBits == true {
      quantizeForFiveBits(input, firstToken: firstToken, panel, output.precision)
    } else {
      quantize(input, firstToken: firstToken, panel, output.precision)
    }
  }

  package func quantizeForFiveBits(
    _ input: FloatRows, firstToken: Int, _ panel: QuantizedPanel, _ precision: Precision
  ) {
    quantize(input, firstToken: firstToken, panel, precision)
  }

  package func multiply(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    guard let input = product.quantized, let format = InterleavedFormat(product.matrix.format) else {
      return multiplyDecoded(product, rows: rows, scratch: scratch)
    }
    precondition(
      rows.lowerBound % InterleavedFormat.rowsPerGroup == 0 && rows.upperBound <= product.matrix.rows)
    precondition(input.columns == product.matrix.columns && input.tokens == product.output.count)
    multiplyRecords(product, input, format, rows: rows, scratch: RecordScratch(scratch))
  }

  /// Decodes rows and multiplies them as floats.
  func multiplyDecoded(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer) {
    precondition(rows.count <= DecodedRows.most)
    let matrix = product.matrix
    if matrix.format == .f32, Int(bitPattern: matrix.base) % MemoryLayout<Float>.alignment == 0 {
      let weights = (matrix.base + rows.lowerBound * matrix.bytesPerRow).assumingMemoryBound(to: Float.self)
      return multiplyFloats(
        FloatTile(product, rows: rows, weights: weights, weightStride: matrix.columns))
    }
    let stride = DecodedRows.stride(of: matrix)
    let weights = scratch.bindMemory(to: Float.self, capacity: rows.count * stride)
    for row in rows { decodeRow(row, of: matrix, output: weights + (row - rows.lowerBound) * stride) }
    multiplyFloats(FloatTile(product, rows: rows, weights: weights, weightStride: stride))
  }

  package func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>) {
    if matrix.format == .f16, let source = matrix.row(row).baseAddress {
      let done = widen(source.assumingMemoryBound(to: UInt16.self), output: output, count: matrix.columns)
      decodeFloat16(source + 2 * done, into: output + done, count: matrix.columns - done)
    } else {
      matrix.decodeQuickly(row: row, into: output)
    }
  }

  package func widen(_ halves: UnsafePointer<UInt16>, output: UnsafeMutablePointer<Float>, count: Int) -> Int
  {
    0
  }
}

/// The scratch memory of a tile whose weights are decoded to floats.
enum DecodedRows {
  /// 32 rows of 2,880 columns stay in the second-level cache while the tokens pass.
  static let most = 32

  static func perTile(tokens: Int) -> Int { tokens == 1 ? 8 : most }

  /// Floats from one row to the next: rows begin on a cache line.
  static func stride(of matrix: WeightMatrix) -> Int { matrix.columns.dividedUp(by: 16) * 16 }

  static func byteCount(for matrix: WeightMatrix) -> Int { most * stride(of: matrix) * 4 }
}

/// What is compiled in the instruction set's module.
extension InstructionProducts {
  /// The loops around an instruction set's `multiply`, the same for one token and for hundreds.
  ///
  /// Two groups of rows are multiplied at once, so that a broadcast of activations can serve both. A panel of
  /// 32 tokens passes while a record's weights are in registers or in the first-level cache. Up to two panels
  /// pass before the tile's rows are taken up again: two panels of 2,880 columns and a tile of 128 rows stay
  /// in a second-level cache of 1 MB.
  @inlinable @inline(__always)
  func multiply(
    _ format: InterleavedFormat, _ precision: Precision, _ product: ProductView, _ input: QuantizedRows,
    rows: Range<Int>, _ scratch: RecordScratch
  ) {
    let groupByteCount = format.groupByteCount(columns: product.matrix.columns)
    let panelCount = input.panelCount
    let panelsAtOnce = product.matrix.isInterleaved ? 2 : panelCount
    var firstPanel = 0
    while firstPanel < panelCount {
      let endPanel = Swift.min(firstPanel &+ panelsAtOnce, panelCount)
      var row = rows.lowerBound
      while row < rows.upperBound {
        let count = Swift.min(32, rows.upperBound &- row)
        let first = groups(format, product.matrix, at: row, count: count, scratch)
        // Without a second group the first is multiplied twice and the second result left alone.
        let second = count > 16 ? first + groupByteCount : first
        var index = firstPanel
        while index < endPanel {
          let panel = input.panel(index)
          Records.multiply(
            format, precision, RecordOperands(first: first, second: second, panel: panel, scratch: scratch))
          store(
            scratch.sums, of: panel, product, row: row, count: count,
            firstToken: index &* QuantizedPanel.tokens)
          index &+= 1
        }
        row &+= 32
      }
      firstPanel = endPanel
    }
  }

  /// The groups of up to 32 rows. Rows that lie as in the file are interleaved in scratch memory on their
  /// way.
  @inlinable @inline(__always)
  func groups(
    _ format: InterleavedFormat, _ matrix: WeightMatrix, at row: Int, count: Int, _ scratch: RecordScratch
  ) -> UnsafeRawPointer {
    let groupByteCount = format.groupByteCount(columns: matrix.columns)
    if matrix.isInterleaved { return matrix.base + row / 16 &* groupByteCount }
    var group = 0
    while 16 &* group < count {
      let rows = matrix.base + (row &+ 16 &* group) &* matrix.bytesPerRow
      let present = Swift.min(16, count &- 16 &* group)
      let output = scratch.groups + group &* groupByteCount
      if present == 16 {
        Records.interleave(
          format, rows, bytesPerRow: matrix.bytesPerRow, columns: matrix.columns, output: output)
      } else {
        format.interleave(
          rows, bytesPerRow: matrix.bytesPerRow, count: present, columns: matrix.columns, output: output)
      }
      group &+= 1
    }
    return UnsafeRawPointer(scratch.groups)
  }

  /// Adds the bias and puts a panel's sums where they belong.
  @inlinable @inline(__always)
  func store(
    _ sums: UnsafeMutablePointer<Float>, of panel: QuantizedPanel, _ product: ProductView, row: Int,
    count: Int,
    firstToken: Int
  ) {
    var group = 0
    while 16 &* group < count {
      let lanes = Swift.min(16, count &- 16 &* group)
      let firstRow = row &+ 16 &* group
      var token = 0
      while token < panel.tokenCount {
        let source = sums + (group &* QuantizedPanel.tokens &+ token) &* 16
        let destination = product.output[firstToken &+ token] + firstRow
        var lane = 0
        if let bias = product.bias {
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

  @inlinable @inline(never)
  package func quantize(
    _ input: FloatRows, firstToken: Int, _ panel: QuantizedPanel, _ precision: Precision
  ) {
    switch precision {
    case .precise: quantizeEach(input, firstToken: firstToken, panel, .precise)
    case .fast: quantizeEach(input, firstToken: firstToken, panel, .fast)
    }
  }

  @inlinable @inline(__always)
  func quantizeEach(_ input: FloatRows, firstToken: Int, _ panel: QuantizedPanel, _ precision: Precision) {
    quantizeEach(input, firstToken: firstToken, panel) { Records.quantize($0, precision, quants: $1) }
  }

  /// Gives every token's blocks to `body`, which rounds 32 floats to 64 bytes.
  @inlinable @inline(__always)
  package func quantizeEach(
    _ input: FloatRows, firstToken: Int, _ panel: QuantizedPanel,
    _ body: (_ input: UnsafePointer<Float>, _ quants: UnsafeMutableRawPointer) -> QuantizedFactor
  ) {
    var token = 0
    while token < panel.tokenCount {
      var block = 0
      while block < panel.blockCount {
        let index = block &* panel.tokenCount &+ token
        panel.factors[index] = body(
          input[firstToken &+ token] + InterleavedFormat.columnsPerBlock &* block,
          panel.quants + QuantizedPanel.quantBytes &* index)
        block &+= 1
      }
      token &+= 1
    }
  }

  @inlinable @inline(never)
  package func interleave(
    _ format: InterleavedFormat, _ rows: UnsafeRawPointer, bytesPerRow: Int, columns: Int,
    output: UnsafeMutableRawPointer
  ) {
    switch format {
    case .mxfp4:
      Records.interleave(.mxfp4, rows, bytesPerRow: bytesPerRow, columns: columns, output: output)
    case .q8_0:
      Records.interleave(.q8_0, rows, bytesPerRow: bytesPerRow, columns: columns, output: output)
    case .q5_0:
      Records.interleave(.q5_0, rows, bytesPerRow: bytesPerRow, columns: columns, output: output)
    case .q5_1:
      Records.interleave(.q5_1, rows, bytesPerRow: bytesPerRow, columns: columns, output: output)
    case .q4_K:
      Records.interleave(.q4_K, rows, bytesPerRow: bytesPerRow, columns: columns, output: output)
    case .q5_K:
      Records.interleave(.q5_K, rows, bytesPerRow: bytesPerRow, columns: columns, output: output)
    case .q6_K:
      Records.interleave(.q6_K, rows, bytesPerRow: bytesPerRow, columns: columns, output: output)
    }
  }

  @inlinable @inline(never)
  package func multiplyFloats(_ tile: FloatTile) { tile.multiply(Floats.self) }
}

extension InstructionProducts where Floats: VectorInstructions {
  @inlinable @inline(never)
  package func widen(_ halves: UnsafePointer<UInt16>, output: UnsafeMutablePointer<Float>, count: Int) -> Int
  {
    typealias I = Floats
    var i = 0
    while i &+ I.laneCount <= count {
      I.store(I.load(halves + i), output + i)
      i &+= I.laneCount
    }
    return i
  }
}
