public import GPTOSSKernels
public import _Builtin_intrinsics.arm.neon

/// Products by SDOT: four products of bytes in each of four lanes, sixteen multiply-adds per instruction.
///
/// SDOT multiplies every lane by one of the four lanes of a register, so activations are loaded sixteen at a
/// time and never broadcast.
extension NEON: NEONRecords {
  /// Two tokens' sums, one after the other.
  @usableFromInline
  package struct Sums: NEONTokenSums {
    @usableFromInline var x, y: NEONRowSums

    @inlinable @inline(__always)
    package init() {
      let zero = vdupq_n_s32(0)
      x = NEONRowSums(zero, zero, zero, zero)
      y = x
    }

    @inlinable @inline(__always)
    package mutating func shift() {
      x.shift()
      y.shift()
    }

    @inlinable @inline(__always)
    package var tokens: (NEONRowSums, NEONRowSums) { (x, y) }
  }

  /// Columns 4g … 4g + 3 of sixteen rows at `64 · g`, g from 0 to 7.
  @inlinable @inline(__always)
  package static func unpack(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ unpacked: UnsafeMutableRawPointer
  ) {
    let vectors = record + 16 &* format.scaleByteCount
    for part in 0..<4 {
      for g in 0..<4 {
        let w = signedWeights(format, vectors + 16 &* part, g)
        storeBytes(w.0, unpacked + (64 &* g &+ 16 &* part))
        storeBytes(w.1, unpacked + (64 &* g &+ (256 &+ 16 &* part)))
      }
    }
  }

  @inlinable @inline(__always)
  package static func add(
    _ ab: inout Sums, _ cd: inout Sums, _ weights: UnsafeRawPointer, _ quants: UnsafeRawPointer,
    halves: Range<Int>
  ) {
    let step = QuantizedPanel.quantBytes
    for half in halves {
      let x = quants + 16 &* half
      let (a, b) = (loadBytes(x), loadBytes(x + step))
      let (c, d) = (loadBytes(x + 2 &* step), loadBytes(x + 3 &* step))
      for g in 0..<4 {
        let w = weights + (256 &* half &+ 64 &* g)
        ab.x.add(w, a, g)
        ab.y.add(w, b, g)
        cd.x.add(w, c, g)
        cd.y.add(w, d, g)
      }
    }
  }

  @inlinable @inline(__always)
  package static func add(
    _ sums: inout Sums, _ weights: UnsafeRawPointer, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer,
    halves: Range<Int>
  ) {
    for half in halves {
      let (a, b) = (loadBytes(x + 16 &* half), loadBytes(y + 16 &* half))
      for g in 0..<4 {
        let w = weights + (256 &* half &+ 64 &* g)
        sums.x.add(w, a, g)
        sums.y.add(w, b, g)
      }
    }
  }

  /// `sum` and the products of four bytes in each lane of `weights` with the four in lane `g` of `activations`.
  @inlinable @inline(__always)
  package static func dot(_ sum: int32x4_t, _ weights: int8x16_t, _ activations: int8x16_t, _ g: Int)
    -> int32x4_t
  {
    let lanes = unsafeBitCast(activations, to: int32x4_t.self)
    return vdotq_s32(sum, weights, unsafeBitCast(vdupq_n_s32(lanes[g]), to: int8x16_t.self))
  }

  @inlinable @inline(__always)
  package static func times256(_ sum: int32x4_t) -> int32x4_t { vshlq_s32(sum, vdupq_n_s32(8)) }

  @inlinable @inline(__always)
  package static func loadBytes(_ pointer: UnsafeRawPointer) -> int8x16_t {
    pointer.loadUnaligned(as: int8x16_t.self)
  }

  @inlinable @inline(__always)
  package static func storeBytes(_ vector: int8x16_t, _ pointer: UnsafeMutableRawPointer) {
    pointer.storeBytes(of: vector, as: int8x16_t.self)
  }
}

extension NEONRowSums {
  /// Adds the products of four columns of sixteen rows and lane `g` of a token's bytes.
  @inlinable @inline(__always)
  mutating func add(_ weights: UnsafeRawPointer, _ bytes: int8x16_t, _ g: Int) {
    s0 = NEON.dot(s0, NEON.loadBytes(weights), bytes, g)
    s1 = NEON.dot(s1, NEON.loadBytes(weights + 16), bytes, g)
    s2 = NEON.dot(s2, NEON.loadBytes(weights + 32), bytes, g)
    s3 = NEON.dot(s3, NEON.loadBytes(weights + 48), bytes, g)
  }

  @inlinable @inline(__always)
  mutating func shift() {
    (s0, s1) = (NEON.times256(s0), NEON.times256(s1))
    (s2, s3) = (NEON.times256(s2), NEON.times256(s3))
  }
}
