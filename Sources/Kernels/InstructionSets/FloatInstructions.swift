/// What a dot product of floats asks of an instruction set.
///
/// The bodies that use it are inlined into the module of the instruction set and compiled for it. Every
/// operation is spelled out here. The generic operators of `SIMD` work lane by lane, and `addingProduct`
/// becomes a call to `fmaf` for each lane where the compiler may not assume the instruction.
@usableFromInline
package protocol FloatInstructions {
  /// `laneCount` floats.
  associatedtype Vector

  static var laneCount: Int { get }
  /// How many tokens of a product are summed side by side, four sums each: two where their eight sums and the
  /// operands fit into the registers, or one.
  static var tokensAtOnce: Int { get }

  static func load(_ pointer: UnsafePointer<Float>) -> Vector
  static func broadcast(_ value: Float) -> Vector
  /// `x · y + z`.
  static func multiplyAdd(_ x: Vector, _ y: Vector, _ z: Vector) -> Vector
  /// The sum of the lanes, as a tree of halves.
  static func sum(_ x: Vector) -> Float
}
