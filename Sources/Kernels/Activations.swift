/// A matrix of 32-bit floats that the kernels read and write: `[rows, columns]`, a row a token.
///
/// It is allocated once for the largest batch and reused; `rows` is what is in use. Rows start on a
/// cache line.
package final class Activations: @unchecked Sendable {
  package let columns: Int
  package let capacity: Int
  /// The number of rows in use, `0...capacity`.
  package var rows: Int {
    didSet { precondition(rows >= 0 && rows <= capacity, "\(rows) rows in room for \(capacity)") }
  }

  let stride: Int
  let base: UnsafeMutablePointer<Float>

  package init(capacity: Int, columns: Int) {
    precondition(capacity > 0 && columns > 0)
    self.capacity = capacity
    self.columns = columns
    rows = capacity
    stride = (columns + 15) / 16 * 16
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity * stride * 4, alignment: 64)
    base = bytes.bindMemory(to: Float.self, capacity: capacity * stride)
    base.initialize(repeating: 0, count: capacity * stride)
  }

  deinit { base.deallocate() }

  /// All rows in use.
  package var all: ActivationRows { self[0..<rows] }

  /// Some of the rows.
  package subscript(range: Range<Int>) -> ActivationRows {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return ActivationRows(
      owner: self, base: base + range.lowerBound * stride, stride: stride, count: range.count,
      columns: columns)
  }

  /// One row, to read.
  package func withRow<R>(_ row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    return try body(UnsafeBufferPointer(start: base + row * stride, count: columns))
  }

  /// One row, to write.
  package func withMutableRow<R>(
    _ row: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    return try body(UnsafeMutableBufferPointer(start: base + row * stride, count: columns))
  }
}

/// Rows of `Activations`, `[count, columns]`: what a kernel's operand is.
package struct ActivationRows: @unchecked Sendable {
  /// Keeps the memory alive.
  private let owner: Activations
  let base: UnsafeMutablePointer<Float>
  /// Floats from one row to the next.
  let stride: Int
  package let count: Int
  package let columns: Int

  fileprivate init(
    owner: Activations, base: UnsafeMutablePointer<Float>, stride: Int, count: Int, columns: Int
  ) {
    self.owner = owner
    self.base = base
    self.stride = stride
    self.count = count
    self.columns = columns
  }

  subscript(row: Int) -> UnsafeMutablePointer<Float> { base + row * stride }
}

/// A vector of 32-bit floats that belongs to the model: a norm's weights, a bias, the attention sinks.
package final class FloatVector: @unchecked Sendable {
  package let count: Int
  let base: UnsafeMutablePointer<Float>

  package init(_ values: [Float]) {
    count = values.count
    base = .allocate(capacity: max(values.count, 1))
    base.initialize(from: values, count: values.count)
  }

  deinit { base.deallocate() }

  package subscript(index: Int) -> Float {
    precondition(index >= 0 && index < count)
    return base[index]
  }
}
