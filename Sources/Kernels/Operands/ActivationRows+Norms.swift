extension ActivationRows {
  /// The Euclidean norm of a row, √Σ x².
  package func norm(_ row: Int) -> Float {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
    let values = self[row]
    var sums = SIMD16<Float>(repeating: 0)
    let whole = columns / 16 * 16
    for start in Swift.stride(from: 0, to: whole, by: 16) {
      let lanes = UnsafeRawPointer(values + start).loadUnaligned(as: SIMD16<Float>.self)
      sums += lanes * lanes
    }
    var sum: Float = 0
    for lane in 0..<16 { sum += sums[lane] }
    for column in whole..<columns { sum += values[column] * values[column] }
    return sum.squareRoot()
  }

  /// The norms of all rows, `[count]`.
  package var norms: [Float] { (0..<count).map { norm($0) } }

  /// A copy of a row, `[columns]`.
  package func values(_ row: Int) -> [Float] {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
    return Array(UnsafeBufferPointer(start: self[row], count: columns))
  }
}
