/// Four rows of a product, two vectors wide: eight sums that stay in registers.
@usableFromInline
package struct FourRows<I: FloatInstructions> {
  @usableFromInline var a0, a1, b0, b1, c0, c1, d0, d1: I.Vector

  @inlinable @inline(__always)
  init() {
    let zero = I.broadcast(0)
    (a0, a1, b0, b1, c0, c1, d0, d1) = (zero, zero, zero, zero, zero, zero, zero, zero)
  }

  /// Adds the product of four factors, one a row, and two vectors.
  @inlinable @inline(__always)
  mutating func add(_ factors: UnsafePointer<Float>, stride: Int, _ x0: I.Vector, _ x1: I.Vector) {
    let a = I.broadcast(factors[0])
    a0 = I.multiplyAdd(a, x0, a0)
    a1 = I.multiplyAdd(a, x1, a1)
    let b = I.broadcast(factors[stride])
    b0 = I.multiplyAdd(b, x0, b0)
    b1 = I.multiplyAdd(b, x1, b1)
    let c = I.broadcast(factors[2 &* stride])
    c0 = I.multiplyAdd(c, x0, c0)
    c1 = I.multiplyAdd(c, x1, c1)
    let d = I.broadcast(factors[3 &* stride])
    d0 = I.multiplyAdd(d, x0, d0)
    d1 = I.multiplyAdd(d, x1, d1)
  }

  /// Gives each row's two vectors to `body`.
  @inlinable @inline(__always)
  func forEachRow(_ body: (_ row: Int, _ x0: I.Vector, _ x1: I.Vector) -> Void) {
    body(0, a0, a1)
    body(1, b0, b1)
    body(2, c0, c1)
    body(3, d0, d1)
  }
}

/// An element of a key-value cache.
@usableFromInline
package protocol CachedFloat {
  static func load<I: FloatInstructions>(_ pointer: UnsafePointer<Self>, as: I.Type) -> I.Vector
}

extension Float: CachedFloat {
  @inlinable @inline(__always)
  package static func load<I: FloatInstructions>(_ pointer: UnsafePointer<Float>, as: I.Type) -> I.Vector {
    I.load(pointer)
  }
}

/// The bits of a half-precision float.
extension UInt16: CachedFloat {
  @inlinable @inline(__always)
  package static func load<I: FloatInstructions>(_ pointer: UnsafePointer<UInt16>, as: I.Type) -> I.Vector {
    I.load(pointer)
  }
}

extension FloatInstructions {
  /// Columns of a block: two vectors.
  @inlinable @inline(__always)
  package static var columnsPerBlock: Int { 2 &* laneCount }

  /// `Σ_k factors[k · factorStep + r · rowStep] · matrix[k, c]` for `rowsPerBlock` rows *r* and `columnsPerBlock`
  /// columns *c*, each sum in the order of *k*.
  ///
  /// - Parameters:
  ///   - matrix: `[count, matrixStride]`, from the block's first column on.
  ///   - ahead: bytes from what is read to what will be read next: the same block of the next page.
  ///   - finish: receives a row of the block and its two vectors.
  @inlinable @inline(__always)
  package static func multiplyBlock<Element: CachedFloat>(
    _ factors: UnsafePointer<Float>, factorStep: Int, rowStep: Int, _ matrix: UnsafePointer<Element>,
    matrixStride: Int, count: Int, ahead: Int, finish: (_ row: Int, _ x0: Vector, _ x1: Vector) -> Void
  ) {
    var first = FourRows<Self>()
    var second = FourRows<Self>()
    var factor = factors
    var source = matrix
    for _ in 0..<count {
      prefetch(UnsafeRawPointer(source) + ahead)
      let x0 = Element.load(source, as: Self.self)
      let x1 = Element.load(source + laneCount, as: Self.self)
      first.add(factor, stride: rowStep, x0, x1)
      if rowsPerBlock == 8 { second.add(factor + 4 &* rowStep, stride: rowStep, x0, x1) }
      factor += factorStep
      source += matrixStride
    }
    first.forEachRow(finish)
    if rowsPerBlock == 8 { second.forEachRow { finish(4 &+ $0, $1, $2) } }
  }
}
