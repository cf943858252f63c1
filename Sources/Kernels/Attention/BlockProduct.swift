/// The arithmetic of a product of factors, one per row, and a matrix of vectors.
@usableFromInline
package protocol BlockArithmetic {
  associatedtype Instructions: VectorInstructions
  associatedtype Factor: BitwiseCopyable & Numeric
  associatedtype Element: BitwiseCopyable
  associatedtype Vector

  static func broadcast(_ factor: Factor) -> Vector
  static func load(_ pointer: UnsafePointer<Element>) -> Vector
  /// `factor · x + sum`.
  static func multiplyAdd(_ factor: Vector, _ x: Vector, _ sum: Vector) -> Vector
}

/// Floats times the floats of a cache.
@usableFromInline
package enum FloatProducts<I: VectorInstructions, Element: CachedFloat>: BlockArithmetic {
  @usableFromInline package typealias Instructions = I

  @inlinable @inline(__always)
  package static func broadcast(_ factor: Float) -> I.Vector { I.broadcast(factor) }
  @inlinable @inline(__always)
  package static func load(_ pointer: UnsafePointer<Element>) -> I.Vector {
    Element.load(pointer, as: I.self)
  }
  @inlinable @inline(__always)
  package static func multiplyAdd(_ factor: I.Vector, _ x: I.Vector, _ sum: I.Vector) -> I.Vector {
    I.multiplyAdd(factor, x, sum)
  }
}

/// Pairs of 16-bit integers times pairs: two multiply-adds per lane.
@usableFromInline
package enum PairProducts<I: VectorInstructions>: BlockArithmetic {
  @usableFromInline package typealias Instructions = I

  @inlinable @inline(__always)
  package static func broadcast(_ factor: Int32) -> I.Integers { I.broadcastPair(factor) }
  @inlinable @inline(__always)
  package static func load(_ pointer: UnsafePointer<Int32>) -> I.Integers { I.load(pointer) }
  @inlinable @inline(__always)
  package static func multiplyAdd(_ factor: I.Integers, _ x: I.Integers, _ sum: I.Integers) -> I.Integers {
    I.dotPairs(factor, x, sum)
  }
}

/// Four rows of a product, two vectors wide: eight sums that stay in registers.
@usableFromInline
struct FourRows<A: BlockArithmetic> {
  @usableFromInline var a0, a1, b0, b1, c0, c1, d0, d1: A.Vector

  @inlinable @inline(__always)
  init() {
    let zero = A.broadcast(0)
    (a0, a1, b0, b1, c0, c1, d0, d1) = (zero, zero, zero, zero, zero, zero, zero, zero)
  }

  /// Adds the product of four factors, one per row, and two vectors.
  @inlinable @inline(__always)
  mutating func add(_ factors: UnsafePointer<A.Factor>, stride: Int, _ x0: A.Vector, _ x1: A.Vector) {
    let a = A.broadcast(factors[0])
    a0 = A.multiplyAdd(a, x0, a0)
    a1 = A.multiplyAdd(a, x1, a1)
    let b = A.broadcast(factors[stride])
    b0 = A.multiplyAdd(b, x0, b0)
    b1 = A.multiplyAdd(b, x1, b1)
    let c = A.broadcast(factors[2 &* stride])
    c0 = A.multiplyAdd(c, x0, c0)
    c1 = A.multiplyAdd(c, x1, c1)
    let d = A.broadcast(factors[3 &* stride])
    d0 = A.multiplyAdd(d, x0, d0)
    d1 = A.multiplyAdd(d, x1, d1)
  }

  /// Gives each row's two vectors to `body`.
  @inlinable @inline(__always)
  func forEachRow(_ body: (_ row: Int, _ x0: A.Vector, _ x1: A.Vector) -> Void) {
    body(0, a0, a1)
    body(1, b0, b1)
    body(2, c0, c1)
    body(3, d0, d1)
  }
}

extension VectorInstructions {
  /// Columns of a block: two vectors, or four where there are registers for them. With AVX-512 that is a
  /// whole page or value: memory is read from one end to the other, which the CPU's own prefetching
  /// recognizes. It divides the positions of a page and a padded value (`KeyValueView`).
  @inlinable @inline(__always)
  package static var columnsPerBlock: Int { rowsPerBlock == 8 ? 4 &* laneCount : 2 &* laneCount }
}

extension BlockArithmetic {
  /// `Σ_k factors[k · factorStep + r · rowStep] · matrix[k, c]` for `rowsPerBlock` rows *r* and
  /// `columnsPerBlock` columns *c*, each sum in the order of *k*.
  ///
  /// Eight rows are computed as four and four. Only the first four read the matrix from memory; both prefetch
  /// a share of what is read next, so that the requests are spread.
  ///
  /// - Parameters:
  ///   - matrix: `[count, matrixStride]`, from the block's first column on.
  ///   - ahead: bytes from what is read to what will be read next: the same block of the next page.
  ///   - finish: receives the row and the first column of two vectors of the block.
  @inlinable @inline(__always)
  package static func multiplyBlock(
    _ factors: UnsafePointer<Factor>, factorStep: Int, rowStep: Int, _ matrix: UnsafePointer<Element>,
    matrixStride: Int, count: Int, ahead: Int,
    finish: (_ row: Int, _ column: Int, _ x0: Vector, _ x1: Vector) -> Void
  ) {
    typealias I = Instructions
    let bytes = I.columnsPerBlock &* MemoryLayout<Element>.stride
    for row in stride(from: 0, to: I.rowsPerBlock, by: 4) {
      var left = FourRows<Self>()
      var right = FourRows<Self>()
      var factor = factors + row &* rowStep
      var source = matrix
      for _ in 0..<count {
        for line in stride(from: row / 4 &* 64, to: bytes, by: I.rowsPerBlock / 4 &* 64) {
          I.prefetch(UnsafeRawPointer(source) + (ahead &+ line))
        }
        left.add(factor, stride: rowStep, load(source), load(source + I.laneCount))
        if I.rowsPerBlock == 8 {
          right.add(
            factor, stride: rowStep, load(source + 2 &* I.laneCount), load(source + 3 &* I.laneCount))
        }
        factor += factorStep
        source += matrixStride
      }
      left.forEachRow { finish(row &+ $0, 0, $1, $2) }
      if I.rowsPerBlock == 8 { right.forEachRow { finish(row &+ $0, 2 &* I.laneCount, $1, $2) } }
    }
  }
}
