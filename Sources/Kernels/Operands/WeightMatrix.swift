package import GPTOSSBlockFormats

/// How the rows of a matrix of weights lie in memory.
@usableFromInline
package enum WeightLayout: Sendable, Hashable {
  /// Row after row, each a whole number of blocks: as in the file.
  case rows
  /// Sixteen rows side by side, block by block: ``InterleavedFormat``.
  case interleaved16
}

/// A matrix of weights as it lies in memory: `[rows, columns]`, each row a whole number of blocks.
///
/// A view: whoever owns the bytes (the mapped file, the resident weights) must outlive it and must not change
/// them, which is also why it can be passed between threads.
@usableFromInline
package struct WeightMatrix: @unchecked Sendable {
  package let format: BlockFormat
  @usableFromInline package let layout: WeightLayout
  package let rows: Int
  @usableFromInline package let columns: Int
  /// The bytes of one row, whichever way they lie.
  @usableFromInline package let bytesPerRow: Int
  @usableFromInline let base: UnsafeRawPointer

  @inlinable
  var isInterleaved: Bool {
    switch layout {
    case .rows: false
    case .interleaved16: true
    }
  }

  /// A matrix whose rows lie as in the file.
  ///
  /// - Precondition: `columns` is a whole number of blocks and `bytes` holds exactly `rows` of them.
  package init(format: BlockFormat, rows: Int, columns: Int, bytes: UnsafeRawBufferPointer) {
    precondition(columns % format.weightsPerBlock == 0, "a row of \(columns) is no whole number of blocks")
    bytesPerRow = columns / format.weightsPerBlock * format.bytesPerBlock
    precondition(rows > 0 && bytes.count == rows * bytesPerRow, "\(bytes.count) bytes for \(rows) rows")
    guard let base = bytes.baseAddress else { preconditionFailure("a matrix without memory") }
    self.format = format
    self.layout = .rows
    self.rows = rows
    self.columns = columns
    self.base = base
  }

  /// A matrix whose rows have been interleaved.
  ///
  /// - Precondition: `bytes` holds exactly the groups of `rows`.
  init(interleaved format: InterleavedFormat, rows: Int, columns: Int, bytes: UnsafeRawBufferPointer) {
    precondition(columns % InterleavedFormat.columnsPerBlock == 0 && rows > 0)
    precondition(bytes.count == format.byteCount(rows: rows, columns: columns))
    guard let base = bytes.baseAddress else { preconditionFailure("a matrix without memory") }
    self.format = format.blockFormat
    self.layout = .interleaved16
    self.rows = rows
    self.columns = columns
    bytesPerRow = columns / format.blockFormat.weightsPerBlock * format.blockFormat.bytesPerBlock
    self.base = base
  }

  /// The bytes of one row.
  ///
  /// - Precondition: rows lie one after the other.
  func row(_ row: Int) -> UnsafeRawBufferPointer {
    precondition(layout == .rows && row >= 0 && row < rows)
    return UnsafeRawBufferPointer(start: base + row * bytesPerRow, count: bytesPerRow)
  }

  /// The rows `range` as a matrix of their own: one expert of a stack of experts, for instance.
  ///
  /// - Precondition: rows lie one after the other.
  package func rows(_ range: Range<Int>) -> WeightMatrix {
    precondition(layout == .rows)
    precondition(range.lowerBound >= 0 && range.upperBound <= rows && !range.isEmpty)
    return WeightMatrix(
      format: format, rows: range.count, columns: columns,
      bytes: UnsafeRawBufferPointer(
        start: base + range.lowerBound * bytesPerRow, count: range.count * bytesPerRow))
  }
}
