/// Sixteen partial sums, in one to four vectors: **the order in which every set adds floats up.** Partial sum *j*
/// takes the elements whose index is *j* modulo 16, in order, and at the end the sixteen are added as a tree of
/// halves. So a sum has the same bits whatever a CPU's vectors hold.
@usableFromInline
package struct PartialSums<I: FloatInstructions> {
  /// Partial sums 0 … `laneCount` − 1, and the next ones as far as there are any.
  @usableFromInline var a, b, c, d: I.Vector

  @inlinable @inline(__always)
  package static var count: Int { 16 }

  /// Vectors that hold sixteen: 1, 2 or 4.
  @inlinable @inline(__always)
  package static var vectorCount: Int { count / I.laneCount }

  @inlinable @inline(__always)
  package init() {
    let zero = I.broadcast(0)
    (a, b, c, d) = (zero, zero, zero, zero)
  }

  @inlinable @inline(__always)
  init(_ a: I.Vector, _ b: I.Vector, _ c: I.Vector, _ d: I.Vector) {
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  /// Gives each vector to `body`, with the index of its first partial sum.
  ///
  /// (`body` is compiled up to four times: it is meant for a few instructions.)
  @inlinable @inline(__always)
  package mutating func forEachVector(_ body: (_ first: Int, _ vector: inout I.Vector) -> Void) {
    body(0, &a)
    if Self.vectorCount > 1 { body(I.laneCount, &b) }
    if Self.vectorCount > 2 {
      body(2 &* I.laneCount, &c)
      body(3 &* I.laneCount, &d)
    }
  }

  /// The same with the vectors of other sums.
  @inlinable @inline(__always)
  package mutating func forEachVector(
    with other: inout PartialSums,
    _ body: (_ first: Int, _ vector: inout I.Vector, _ other: inout I.Vector) -> Void
  ) {
    body(0, &a, &other.a)
    if Self.vectorCount > 1 { body(I.laneCount, &b, &other.b) }
    if Self.vectorCount > 2 {
      body(2 &* I.laneCount, &c, &other.c)
      body(3 &* I.laneCount, &d, &other.d)
    }
  }

  /// The sixteen, added up.
  @inlinable @inline(__always)
  package var total: Float {
    switch Self.vectorCount {
    case 1: I.sum(a)
    case 2: I.sum(I.add(a, b))
    default: I.sum(I.add(I.add(a, c), I.add(b, d)))
    }
  }

  /// The first of 32 partial sums, which take the elements modulo 32; `other` has the second half of them.
  @inlinable @inline(__always)
  package func total(with other: PartialSums) -> Float {
    var sums = self
    sums.a = I.add(a, other.a)
    if Self.vectorCount > 1 { sums.b = I.add(b, other.b) }
    if Self.vectorCount > 2 {
      sums.c = I.add(c, other.c)
      sums.d = I.add(d, other.d)
    }
    return sums.total
  }
}
