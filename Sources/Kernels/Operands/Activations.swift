/// A matrix of 32-bit floats that the kernels read and write: `[rows, columns]`, one row per token.
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
    stride = Self.stride(columns)
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: Self.byteCount(capacity: capacity, columns: columns), alignment: 64)
    base = bytes.bindMemory(to: Float.self, capacity: capacity * stride)
    base.initialize(repeating: 0, count: capacity * stride)
  }

  deinit { base.deallocate() }

  /// Bytes of memory that so many rows take.
  package static func byteCount(capacity: Int, columns: Int) -> Int { capacity * stride(columns) * 4 }

  /// Floats from one row to the next: whole cache lines.
  private static func stride(_ columns: Int) -> Int { (columns + 15) / 16 * 16 }

  /// All rows in use.
  package var all: ActivationRows { self[0..<rows] }

  /// Some of the rows.
  package subscript(range: Range<Int>) -> ActivationRows {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return ActivationRows(
      view: FloatRows(
        base: base + range.lowerBound * stride, stride: stride, count: range.count, columns: columns),
      owner: self)
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
  let view: FloatRows
  /// Keeps the memory alive.
  private let owner: Activations

  fileprivate init(view: FloatRows, owner: Activations) {
    self.view = view
    self.owner = owner
  }

  package var count: Int { view.count }
  package var columns: Int { view.columns }
  var base: UnsafeMutablePointer<Float> { view.base }
  var stride: Int { view.stride }

  subscript(row: Int) -> UnsafeMutablePointer<Float> { view[row] }
}

/// Rows of floats that somebody else keeps alive.
@usableFromInline
package struct FloatRows: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Float>
  /// Floats from one row to the next.
  @usableFromInline let stride: Int
  @usableFromInline let count: Int
  @usableFromInline let columns: Int

  @inlinable @inline(__always)
  subscript(row: Int) -> UnsafeMutablePointer<Float> { base + row &* stride }
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
