/// What a dot product of floats asks of an instruction set.
///
/// The bodies that use it are inlined into the module of the instruction set and compiled for it. Every
/// operation is spelled out here. The generic operators of `SIMD` work lane by lane, and `addingProduct`
/// becomes a call to `fmaf` for each lane where the compiler may not assume the instruction.
@usableFromInline
package protocol FloatInstructions {
  /// `laneCount` floats.
  associatedtype Vector

  /// 4, 8 or 16.
  static var laneCount: Int { get }
  /// How many rows of a product of floats are summed side by side, each in sixteen lanes (``PartialSums``): as
  /// many as fit into the registers with `tokensAtOnce` and the operands, 2 to 4.
  static var rowsAtOnce: Int { get }
  /// How many tokens are multiplied with them: one or two.
  static var tokensAtOnce: Int { get }

  static func load(_ pointer: UnsafePointer<Float>) -> Vector
  static func broadcast(_ value: Float) -> Vector
  static func add(_ x: Vector, _ y: Vector) -> Vector
  /// `x · y + z`. All sets but `blas` round it once, so that they agree to the bit.
  static func multiplyAdd(_ x: Vector, _ y: Vector, _ z: Vector) -> Vector
  /// The sum of the lanes, as a tree of halves: lanes 8 apart first, then 4, 2 and 1.
  static func sum(_ x: Vector) -> Float
}
