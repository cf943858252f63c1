/// Matrix products on Swift's SIMD types: any CPU that Swift runs on, no instruction beyond its baseline.
struct PortableProducts: InstructionProducts {
  typealias Floats = EightLanes
  typealias Records = PortableInstructions
}

/// Eight floats for dot products of floats, which `blas` shares: lane *j* sums the columns ≡ *j* mod 8.
///
/// On a baseline of four lanes each operation becomes two, and four sums of one token fill half of sixteen
/// registers.
enum EightLanes: FloatInstructions {
  @inline(__always) static var laneCount: Int { 8 }
  @inline(__always) static var tokensAtOnce: Int { 1 }

  @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
  }

  @inline(__always) static func broadcast(_ value: Float) -> SIMD8<Float> { SIMD8(repeating: value) }

  @inline(__always) static func multiplyAdd(
    _ x: SIMD8<Float>, _ y: SIMD8<Float>, _ z: SIMD8<Float>
  ) -> SIMD8<Float> { x * y + z }

  @inline(__always) static func sum(_ x: SIMD8<Float>) -> Float {
    let four = x.lowHalf + x.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}
