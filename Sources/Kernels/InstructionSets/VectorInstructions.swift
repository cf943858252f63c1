/// What the kernels ask of an instruction set: vectors of 32-bit floats, and of as many pairs of 16-bit
/// integers.
@usableFromInline
package protocol VectorInstructions: FloatInstructions {
  /// How many rows of a product are summed side by side: as many as the registers hold, a multiple of four.
  static var rowsPerBlock: Int { get }

  /// Widens half-precision floats, exactly.
  static func load(_ pointer: UnsafePointer<UInt16>) -> Vector
  /// Widens unsigned bytes, exactly.
  static func load(_ pointer: UnsafePointer<UInt8>) -> Vector
  /// Widens signed bytes, exactly.
  static func load(_ pointer: UnsafePointer<Int8>) -> Vector
  static func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>)
  /// Rounds to half precision: to nearest, ties to even.
  static func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<UInt16>)
  /// Brings a cache line that will be read soon to the second-level cache. Any address will do. Fetching it
  /// into the first level comes too late and is in the way: attention of one token is a fifth slower then
  /// (Zen 4).
  static func prefetch(_ address: UnsafeRawPointer)

  static func subtract(_ x: Vector, _ y: Vector) -> Vector
  static func multiply(_ x: Vector, _ y: Vector) -> Vector
  static func divide(_ x: Vector, _ y: Vector) -> Vector
  /// The larger one in each lane; `y` where either is NaN.
  static func maximum(_ x: Vector, _ y: Vector) -> Vector
  /// The smaller one in each lane; `y` where either is NaN.
  static func minimum(_ x: Vector, _ y: Vector) -> Vector
  /// The lanes' bits as integers, shifted left by 23 places: an integer in the low bits becomes an exponent.
  static func shiftedToExponent(_ x: Vector) -> Vector

  /// `laneCount` 32-bit integers, or pairs of 16-bit ones.
  associatedtype Integers

  static func load(_ pointer: UnsafePointer<Int32>) -> Integers
  static func broadcastPair(_ value: Int32) -> Integers
  /// In each lane: `sum + x[0] · y[0] + x[1] · y[1]` of pairs. Wraps around.
  static func dotPairs(_ x: Integers, _ y: Integers, _ sum: Integers) -> Integers
  /// The integers as floats, to nearest.
  static func floats(_ x: Integers) -> Vector
  /// Stores the lanes as 16-bit integers, rounded to nearest, ties to even. The result of a lane that is NaN
  /// or outside their range is not defined.
  static func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Int16>)

  /// The largest lane; any lane if one is NaN.
  static func maximum(_ x: Vector) -> Float
}

extension VectorInstructions {
  /// `2^x` in each lane, to about one unit in the last place; 0 below −126.5, NaN for NaN.
  ///
  /// x = n + r with |r| ≤ ½, then 2^r by a polynomial of degree 6 fitted to the least relative error (2e-9
  /// before rounding, 8e-8 after), times 2^n.
  ///
  /// - Parameter x: at most 128; from 127.5 on the result is infinite.
  @inlinable @inline(__always)
  package static func powerOfTwo(_ x: Vector) -> Vector {
    let bounded = maximum(broadcast(-127), x)
    // Adding 1.5·2^23 rounds to an integer, which then stands in the low bits of the mantissa; 127 more make
    // it the biased exponent of 2^n, and zero for n = −127.
    let magic = broadcast(0x1.8p23 + 127)
    let shifted = add(bounded, magic)
    let r = subtract(bounded, subtract(shifted, magic))
    var sum = multiplyAdd(broadcast(1.535_336_2e-4), r, broadcast(1.339_887_5e-3))
    sum = multiplyAdd(sum, r, broadcast(9.618_437_4e-3))
    sum = multiplyAdd(sum, r, broadcast(5.550_332_5e-2))
    sum = multiplyAdd(sum, r, broadcast(0.240_226_48))
    sum = multiplyAdd(sum, r, broadcast(0.693_147_2))
    sum = multiplyAdd(sum, r, broadcast(1))
    return multiply(sum, shiftedToExponent(shifted))
  }
}
