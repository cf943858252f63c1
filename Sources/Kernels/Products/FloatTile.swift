/// Some rows of a product whose weights have been decoded to floats: pointers and counts that a launcher has
/// checked.
///
/// Each result is one vector of partial sums, lane by lane in the order of the columns. Its lanes are added
/// at the end. That order is the same however many rows and tokens are computed side by side.
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

  /// Multiplies four rows and one or two tokens at a time. Eight sums are enough to hide an addition's
  /// latency, and with their operands they fit into sixteen registers.
  @inlinable @inline(__always)
  package func multiply<I: FloatInstructions>(_: I.Type) {
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
        let zero = I.broadcast(0)
        var (x0, x1, x2, x3) = (zero, zero, zero, zero)
        var (y0, y1, y2, y3) = (zero, zero, zero, zero)
        var column = 0
        while column &+ I.laneCount <= columns {
          let (a, b) = (I.load(w0 + column), I.load(w1 + column))
          let (c, d) = (I.load(w2 + column), I.load(w3 + column))
          let xs = I.load(x + column)
          x0 = I.multiplyAdd(a, xs, x0)
          x1 = I.multiplyAdd(b, xs, x1)
          x2 = I.multiplyAdd(c, xs, x2)
          x3 = I.multiplyAdd(d, xs, x3)
          if I.tokensAtOnce == 2 {
            let ys = I.load(y + column)
            y0 = I.multiplyAdd(a, ys, y0)
            y1 = I.multiplyAdd(b, ys, y1)
            y2 = I.multiplyAdd(c, ys, y2)
            y3 = I.multiplyAdd(d, ys, y3)
          }
          column &+= I.laneCount
        }
        store(I.sum(x0), w0, x, from: column, row: row, token: token)
        store(I.sum(x1), w1, x, from: column, row: row &+ 1, token: token)
        store(I.sum(x2), w2, x, from: column, row: row &+ 2, token: token)
        store(I.sum(x3), w3, x, from: column, row: row &+ 3, token: token)
        if I.tokensAtOnce == 2 {
          store(I.sum(y0), w0, y, from: column, row: row, token: other)
          store(I.sum(y1), w1, y, from: column, row: row &+ 1, token: other)
          store(I.sum(y2), w2, y, from: column, row: row &+ 2, token: other)
          store(I.sum(y3), w3, y, from: column, row: row &+ 3, token: other)
        }
        token &+= I.tokensAtOnce
      }
      row &+= 4
    }
  }

  /// Adds the columns that fill no vector and the bias, and stores the result, if there is such a row.
  @inlinable @inline(__always)
  func store(
    _ sum: Float, _ weights: UnsafePointer<Float>, _ input: UnsafePointer<Float>, from first: Int, row: Int,
    token: Int
  ) {
    guard row < rowCount else { return }
    var result = sum
    var column = first
    while column < columns {
      result += weights[column] * input[column]
      column &+= 1
    }
    if let bias { result += bias[row] }
    output[token &* outputStride &+ row] = result
  }
}
