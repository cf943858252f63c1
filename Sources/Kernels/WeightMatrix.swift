package import GPTOSSBlockFormats

/// A matrix of weights as it lies in memory: `[rows, columns]`, each row a whole number of blocks.
///
/// A view: whoever owns the bytes (the mapped file) must outlive it and must not change them, which is
/// also why it can be passed between threads.
package struct WeightMatrix: @unchecked Sendable {
  package let format: BlockFormat
  package let rows: Int
  package let columns: Int
  package let bytesPerRow: Int
  let base: UnsafeRawPointer

  /// - Precondition: `columns` is a whole number of blocks and `bytes` holds exactly `rows` of them.
  package init(format: BlockFormat, rows: Int, columns: Int, bytes: UnsafeRawBufferPointer) {
    precondition(columns % format.weightsPerBlock == 0, "a row of \(columns) is no whole number of blocks")
    bytesPerRow = columns / format.weightsPerBlock * format.bytesPerBlock
    precondition(rows > 0 && bytes.count == rows * bytesPerRow, "\(bytes.count) bytes for \(rows) rows")
    guard let base = bytes.baseAddress else { preconditionFailure("a matrix without memory") }
    self.format = format
    self.rows = rows
    self.columns = columns
    self.base = base
  }

  /// The bytes of one row.
  func row(_ row: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + row * bytesPerRow, count: bytesPerRow)
  }

  /// The rows `range` as a matrix of their own: one expert of a stack of experts, for instance.
  package func rows(_ range: Range<Int>) -> WeightMatrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows && !range.isEmpty)
    return WeightMatrix(
      format: format, rows: range.count, columns: columns,
      bytes: UnsafeRawBufferPointer(
        start: base + range.lowerBound * bytesPerRow, count: range.count * bytesPerRow))
  }
}
