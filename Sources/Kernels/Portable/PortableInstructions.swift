import GPTOSSBlockFormats
import GPTOSSCInstructions

/// Swift's own vectors of four lanes: any CPU.
///
/// A set says how it multiplies and adds. All else is here.
protocol PortableInstructions: VectorInstructions where Vector == SIMD4<Float>, Integers == SIMD4<Int32> {}

/// **What all sets but `blas` compute, to the bit.** A product and an addition are rounded once.
enum Portable: PortableInstructions {
  @inline(__always) static func multiplyAdd(_ x: Vector, _ y: Vector, _ z: Vector) -> Vector {
    #if arch(x86_64)
      fusedMultiplyAdd(x, y, z)
    #else
      z.addingProduct(x, y)
    #endif
  }
}

/// What `blas` computes with: as fast as the oldest CPU allows. Products are rounded before they are added
/// where one that rounds once is no instruction of every such CPU.
enum BaselineInstructions: PortableInstructions {
  @inline(__always) static func multiplyAdd(_ x: Vector, _ y: Vector, _ z: Vector) -> Vector {
    #if arch(x86_64)
      x * y + z
    #else
      z.addingProduct(x, y)
    #endif
  }
}

extension PortableInstructions {
  @inline(__always) static var laneCount: Int { 4 }
  @inline(__always) static var rowsPerBlock: Int { 4 }
  /// Four vectors of sums per row: eight of sixteen registers, or half of 32.
  #if arch(x86_64)
    @inline(__always) static var rowsAtOnce: Int { 2 }
  #else
    @inline(__always) static var rowsAtOnce: Int { 4 }
  #endif
  @inline(__always) static var tokensAtOnce: Int { 1 }

  @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
  }

  /// Half precision to single without a branch: the exponent is moved by a multiplication, which also
  /// brings subnormals right.
  @inline(__always) static func load(_ pointer: UnsafePointer<UInt16>) -> Vector {
    let half = SIMD4<UInt32>(
      UInt32(pointer[0]), UInt32(pointer[1]), UInt32(pointer[2]), UInt32(pointer[3]))
    let magnitude = (half & 0x7FFF) &<< 13
    let finite = unsafeBitCast(unsafeBitCast(magnitude, to: Vector.self) * 0x1p112, to: SIMD4<UInt32>.self)
    let bits = finite.replacing(with: magnitude | 0x7F80_0000, where: magnitude .>= 0x0F80_0000)
    return unsafeBitCast(bits | (half & 0x8000) &<< 16, to: Vector.self)
  }

  @inline(__always) static func load(_ pointer: UnsafePointer<UInt8>) -> Vector {
    Vector(Float(pointer[0]), Float(pointer[1]), Float(pointer[2]), Float(pointer[3]))
  }

  @inline(__always) static func load(_ pointer: UnsafePointer<Int8>) -> Vector {
    Vector(Float(pointer[0]), Float(pointer[1]), Float(pointer[2]), Float(pointer[3]))
  }

  @inline(__always) static func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
  }

  @inline(__always) static func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<UInt16>) {
    for lane in 0..<4 { pointer[lane] = vector[lane].float16Bits }
  }

  @inline(__always) static func broadcast(_ value: Float) -> Vector { Vector(repeating: value) }

  @inline(__always) static func prefetch(_ address: UnsafeRawPointer) {
    GPTOSSCInstructions.prefetchToSecondLevel(address)
  }

  @inline(__always) static func add(_ x: Vector, _ y: Vector) -> Vector { x + y }

  @inline(__always) static func subtract(_ x: Vector, _ y: Vector) -> Vector { x - y }

  @inline(__always) static func multiply(_ x: Vector, _ y: Vector) -> Vector { x * y }

  @inline(__always) static func divide(_ x: Vector, _ y: Vector) -> Vector { x / y }

  @inline(__always) static func maximum(_ x: Vector, _ y: Vector) -> Vector {
    y.replacing(with: x, where: x .> y)
  }

  @inline(__always) static func minimum(_ x: Vector, _ y: Vector) -> Vector {
    y.replacing(with: x, where: x .< y)
  }

  @inline(__always) static func shiftedToExponent(_ x: Vector) -> Vector {
    unsafeBitCast(unsafeBitCast(x, to: SIMD4<UInt32>.self) &<< 23, to: Vector.self)
  }

  @inline(__always) static func load(_ pointer: UnsafePointer<Int32>) -> SIMD4<Int32> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Int32>.self)
  }

  @inline(__always) static func broadcastPair(_ value: Int32) -> SIMD4<Int32> { SIMD4(repeating: value) }

  @inline(__always) static func dotPairs(
    _ x: SIMD4<Int32>, _ y: SIMD4<Int32>, _ sum: SIMD4<Int32>
  ) -> SIMD4<Int32> {
    let products = widened(x) &* widened(y)
    return sum &+ (products.evenHalf &+ products.oddHalf)
  }

  /// Lane by lane, which becomes no instruction of its own: PMADDWD widens, multiplies and adds. (In a long
  /// function `SIMD8(truncatingIfNeeded:)` stays a call.)
  @inline(__always) private static func widened(_ x: SIMD4<Int32>) -> SIMD8<Int32> {
    let x = unsafeBitCast(x, to: SIMD8<Int16>.self)
    return SIMD8(
      Int32(x[0]), Int32(x[1]), Int32(x[2]), Int32(x[3]), Int32(x[4]), Int32(x[5]), Int32(x[6]), Int32(x[7]))
  }

  @inline(__always) static func floats(_ x: SIMD4<Int32>) -> Vector { Vector(x) }

  /// Adding 1.5·2²³ rounds to an integer, which then stands in the low bits.
  @inline(__always) static func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Int16>) {
    let integers = SIMD4<Int16>(
      truncatingIfNeeded: unsafeBitCast(vector + Vector(repeating: 0x1.8p23), to: SIMD4<Int32>.self))
    UnsafeMutableRawPointer(pointer).storeBytes(of: integers, as: SIMD4<Int16>.self)
  }

  @inline(__always) static func sum(_ x: Vector) -> Float { (x[0] + x[2]) + (x[1] + x[3]) }

  @inline(__always) static func maximum(_ x: Vector) -> Float { max(max(x[0], x[2]), max(x[1], x[3])) }
}
