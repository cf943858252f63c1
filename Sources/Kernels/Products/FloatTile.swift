/// Some rows of a product whose weights have been decoded to floats: pointers and counts that a launcher has
/// checked.
///
/// Each result is sixteen partial sums (``PartialSums``). Then the columns past the last sixteen are added, and
/// the bias. That order is the same however many rows and tokens are computed side by side, and with whatever
/// instructions.
@usableFromInline
package struct FloatTile: @unchecked Sendable {
  /// `[rows, columns]`, rows `weightStride` floats apart.
  @usableFromInline let weights: UnsafePointer<Float>
  @usableFromInline let weightStride: Int
  @usableFromInline let rowCount: Int
  @usableFromInline let columns: Int
  /// `[tokens, columns]`, tokens `inputStride` floats apart.
  @usableFromInline let input: UnsafePointer<Float>
  @usableFromInline let inputStride: Int
  @usableFromInline let tokenCount: Int
  /// `[rows]`; nil for none.
  @usableFromInline let bias: UnsafePointer<Float>?
  /// `[tokens, rows]`, tokens `outputStride` floats apart.
  @usableFromInline let output: UnsafeMutablePointer<Float>
  @usableFromInline let outputStride: Int

  /// - Parameters:
  ///   - weights: `rows.count` decoded rows, `weightStride` floats apart.
  ///   - rows: which of the product's rows they are.
  init(_ product: ProductView, rows: Range<Int>, weights: UnsafePointer<Float>, weightStride: Int) {
    self.weights = weights
    self.weightStride = weightStride
    rowCount = rows.count
    columns = product.matrix.columns
    input = UnsafePointer(product.input.base)
    inputStride = product.input.stride
    tokenCount = product.input.count
    bias = product.bias.map { $0 + rows.lowerBound }
    output = product.output.base + rows.lowerBound
    outputStride = product.output.stride
  }

  /// Multiplies `rowsAtOnce` rows and `tokensAtOnce` tokens at a time: eight to sixteen vectors of sums, which
  /// hide an addition's latency and fit into the registers together with their operands.
  @inlinable @inline(__always)
  package func multiply<I: FloatInstructions>(_: I.Type) {
    let vectorCount = PartialSums<I>.vectorCount
    var row = 0
    while row < rowCount {
      // Where rows or tokens run out, the last are computed again in the place of those that are missing.
      let lastRow = rowCount &- 1
      let w0 = weights + row &* weightStride
      let w1 = weights + Swift.min(row &+ 1, lastRow) &* weightStride
      let w2 = weights + Swift.min(row &+ 2, lastRow) &* weightStride
      let w3 = weights + Swift.min(row &+ 3, lastRow) &* weightStride
      var token = 0
      while token < tokenCount {
        let other = Swift.min(token &+ 1, tokenCount &- 1)
        let (x, y) = (input + token &* inputStride, input + other &* inputStride)
        var (a, b, c, d) = (TileSums<I>(), TileSums<I>(), TileSums<I>(), TileSums<I>())
        var column = 0
        while column &+ PartialSums<I>.count <= columns {
          a.add(w0, w1, w2, w3, x, y, column)
          if vectorCount > 1 { b.add(w0, w1, w2, w3, x, y, column &+ I.laneCount) }
          if vectorCount > 2 {
            c.add(w0, w1, w2, w3, x, y, column &+ 2 &* I.laneCount)
            d.add(w0, w1, w2, w3, x, y, column &+ 3 &* I.laneCount)
          }
          column &+= PartialSums<I>.count
        }
        store(PartialSums<I>(a.x0, b.x0, c.x0, d.x0), w0, x, from: column, row: row, token: token)
        store(PartialSums<I>(a.x1, b.x1, c.x1, d.x1), w1, x, from: column, row: row &+ 1, token: token)
        if I.rowsAtOnce > 2 {
          store(PartialSums<I>(a.x2, b.x2, c.x2, d.x2), w2, x, from: column, row: row &+ 2, token: token)
        }
        if I.rowsAtOnce > 3 {
          store(PartialSums<I>(a.x3, b.x3, c.x3, d.x3), w3, x, from: column, row: row &+ 3, token: token)
        }
        if I.tokensAtOnce == 2 {
          store(PartialSums<I>(a.y0, b.y0, c.y0, d.y0), w0, y, from: column, row: row, token: other)
          store(PartialSums<I>(a.y1, b.y1, c.y1, d.y1), w1, y, from: column, row: row &+ 1, token: other)
          if I.rowsAtOnce > 2 {
            store(PartialSums<I>(a.y2, b.y2, c.y2, d.y2), w2, y, from: column, row: row &+ 2, token: other)
          }
          if I.rowsAtOnce > 3 {
            store(PartialSums<I>(a.y3, b.y3, c.y3, d.y3), w3, y, from: column, row: row &+ 3, token: other)
          }
        }
        token &+= I.tokensAtOnce
      }
      row &+= I.rowsAtOnce
    }
  }

  /// Adds the columns that are left and the bias, and stores the result, if there is such a row.
  @inlinable @inline(__always)
  func store<I: FloatInstructions>(
    _ sums: PartialSums<I>, _ weights: UnsafePointer<Float>, _ input: UnsafePointer<Float>, from first: Int,
    row: Int,
    token: Int
  ) {
    guard row < rowCount else { return }
    var result = sums.total
    var column = first
    while column < columns {
      result += weights[column] * input[column]
      column &+= 1
    }
    if let bias { result += bias[row] }
    output[token &* outputStride &+ row] = result
  }
}

/// One vector of the partial sums of up to four rows and two tokens, `x` and `y`.
@usableFromInline
struct TileSums<I: FloatInstructions> {
  @usableFromInline var x0, x1, x2, x3, y0, y1, y2, y3: I.Vector

  @inlinable @inline(__always)
  init() {
    let zero = I.broadcast(0)
    (x0, x1, x2, x3) = (zero, zero, zero, zero)
    (y0, y1, y2, y3) = (zero, zero, zero, zero)
  }

  /// Adds the products of `laneCount` columns.
  @inlinable @inline(__always)
  mutating func add(
    _ w0: UnsafePointer<Float>, _ w1: UnsafePointer<Float>, _ w2: UnsafePointer<Float>,
    _ w3: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ column: Int
  ) {
    let xs = I.load(x + column)
    let ys = I.load((I.tokensAtOnce == 2 ? y : x) + column)
    TileSums.add(w0 + column, xs, ys, &x0, &y0)
    TileSums.add(w1 + column, xs, ys, &x1, &y1)
    if I.rowsAtOnce > 2 { TileSums.add(w2 + column, xs, ys, &x2, &y2) }
    if I.rowsAtOnce > 3 { TileSums.add(w3 + column, xs, ys, &x3, &y3) }
  }

  @inlinable @inline(__always)
  static func add(
    _ weights: UnsafePointer<Float>, _ xs: I.Vector, _ ys: I.Vector, _ x: inout I.Vector, _ y: inout I.Vector
  ) {
    let w = I.load(weights)
    x = I.multiplyAdd(w, xs, x)
    if I.tokensAtOnce == 2 { y = I.multiplyAdd(w, ys, y) }
  }
}
