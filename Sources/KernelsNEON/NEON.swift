public import GPTOSSCInstructions
public import GPTOSSKernels
public import _Builtin_intrinsics.arm.neon

/// NEON of AArch64: four lanes, 32 registers.
///
/// What C has as macros (loads, stores, shifts and lanes by a constant) is missing here. `loadUnaligned` and
/// `storeBytes` become the same instructions, a shift by a vector of a constant becomes one by the constant,
/// and a product with a broadcast lane becomes one by lane.
///
/// What is inlinable is what `KernelsNEONI8MM` has, too: it compiles its own.
@usableFromInline
package enum NEON: VectorInstructions {
  @inlinable @inline(__always) package static var laneCount: Int { 4 }
  /// Sixteen sums and what they are made of fit into 32 registers. A fused multiply-add takes four cycles and
  /// four start in each, on Neoverse V1 and V2 and on Apple's larger cores: sixteen keep them busy. (Arm
  /// Neoverse V2 Core Software Optimization Guide; Dougall Johnson, Apple M1 Firestorm tables.)
  @inlinable @inline(__always) package static var rowsPerBlock: Int { 8 }
  @inlinable @inline(__always) package static var rowsAtOnce: Int { 4 }
  @inlinable @inline(__always) package static var tokensAtOnce: Int { 1 }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<Float>) -> float32x4_t {
    UnsafeRawPointer(pointer).loadUnaligned(as: float32x4_t.self)
  }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<UInt16>) -> float32x4_t {
    vcvt_f32_f16(UnsafeRawPointer(pointer).loadUnaligned(as: float16x4_t.self))
  }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<UInt8>) -> float32x4_t {
    vcvtq_f32_u32(loadWide(UnsafeRawPointer(pointer)))
  }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<Int8>) -> float32x4_t {
    let bytes = vdup_n_u32(UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self))
    return vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(unsafeBitCast(bytes, to: int8x8_t.self)))))
  }

  /// Four unsigned bytes, widened.
  @inlinable @inline(__always) static func loadWide(_ pointer: UnsafeRawPointer) -> uint32x4_t {
    let bytes = vdup_n_u32(pointer.loadUnaligned(as: UInt32.self))
    return vmovl_u16(vget_low_u16(vmovl_u8(unsafeBitCast(bytes, to: uint8x8_t.self))))
  }

  @inlinable @inline(__always) package static func store(
    _ vector: float32x4_t, _ pointer: UnsafeMutablePointer<Float>
  ) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: float32x4_t.self)
  }

  @inlinable @inline(__always)
  package static func store(_ vector: float32x4_t, _ pointer: UnsafeMutablePointer<UInt16>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: vcvt_f16_f32(vector), as: float16x4_t.self)
  }

  @inlinable @inline(__always) package static func broadcast(_ value: Float) -> float32x4_t {
    vdupq_n_f32(value)
  }

  @inlinable @inline(__always) package static func prefetch(_ address: UnsafeRawPointer) {
    GPTOSSCInstructions.prefetchToSecondLevel(address)
  }

  @inlinable @inline(__always) package static func add(_ x: float32x4_t, _ y: float32x4_t) -> float32x4_t {
    vaddq_f32(x, y)
  }

  @inlinable @inline(__always) package static func subtract(_ x: float32x4_t, _ y: float32x4_t) -> float32x4_t
  {
    vsubq_f32(x, y)
  }

  @inlinable @inline(__always) package static func multiply(_ x: float32x4_t, _ y: float32x4_t) -> float32x4_t
  {
    vmulq_f32(x, y)
  }

  @inlinable @inline(__always) package static func divide(_ x: float32x4_t, _ y: float32x4_t) -> float32x4_t {
    vdivq_f32(x, y)
  }

  @inlinable @inline(__always)
  package static func multiplyAdd(_ x: float32x4_t, _ y: float32x4_t, _ z: float32x4_t) -> float32x4_t {
    vfmaq_f32(z, x, y)
  }

  /// FMAX would give NaN where either is NaN; `y` is asked for.
  @inlinable @inline(__always) package static func maximum(_ x: float32x4_t, _ y: float32x4_t) -> float32x4_t
  {
    vbslq_f32(vcgtq_f32(x, y), x, y)
  }

  @inlinable @inline(__always) package static func minimum(_ x: float32x4_t, _ y: float32x4_t) -> float32x4_t
  {
    vbslq_f32(vcltq_f32(x, y), x, y)
  }

  @inlinable @inline(__always) package static func shiftedToExponent(_ x: float32x4_t) -> float32x4_t {
    unsafeBitCast(vshlq_u32(unsafeBitCast(x, to: uint32x4_t.self), vdupq_n_s32(23)), to: float32x4_t.self)
  }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<Int32>) -> int32x4_t {
    UnsafeRawPointer(pointer).loadUnaligned(as: int32x4_t.self)
  }

  @inlinable @inline(__always) package static func broadcastPair(_ value: Int32) -> int32x4_t {
    vdupq_n_s32(value)
  }

  /// The first of each pair, then the second. Pairs are taken apart for this, but only once where several rows
  /// are multiplied with the same ones: then little more than two SMLAL is left.
  @inlinable @inline(__always)
  package static func dotPairs(_ x: int32x4_t, _ y: int32x4_t, _ sum: int32x4_t) -> int32x4_t {
    vmlal_s16(vmlal_s16(sum, vmovn_s32(x), vmovn_s32(y)), second(x), second(y))
  }

  /// The second of each pair.
  @inlinable @inline(__always)
  static func second(_ pairs: int32x4_t) -> int16x4_t {
    vmovn_s32(vshlq_s32(pairs, vdupq_n_s32(-16)))
  }

  @inlinable @inline(__always) package static func floats(_ x: int32x4_t) -> float32x4_t { vcvtq_f32_s32(x) }

  @inlinable @inline(__always) package static func store(
    _ vector: float32x4_t, _ pointer: UnsafeMutablePointer<Int16>
  ) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: vmovn_s32(vcvtnq_s32_f32(vector)), as: int16x4_t.self)
  }

  @inlinable @inline(__always) package static func sum(_ x: float32x4_t) -> Float {
    (x[0] + x[2]) + (x[1] + x[3])
  }

  @inlinable @inline(__always) package static func maximum(_ x: float32x4_t) -> Float { vmaxvq_f32(x) }
}
