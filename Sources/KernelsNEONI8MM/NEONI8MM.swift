package import GPTOSSKernels
package import GPTOSSKernelsNEON
import _Builtin_intrinsics.arm.neon

/// Products by SMMLA, FEAT_I8MM: two rows of eight bytes times two tokens of eight bytes, 32 multiply-adds per
/// instruction.
///
/// For many tokens that is twice what SDOT does. One token would leave half of it unused, and waits for memory
/// anyway: it has the loop of `neon`.
package enum NEONI8MM: NEONRecords {
  /// Columns 8k … 8k + 7 of rows 2p and 2p + 1 at `128 · k + 16 · p`.
  @inline(__always)
  package static func unpack(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ unpacked: UnsafeMutableRawPointer
  ) {
    for part in 0..<4 {
      let vectors = record + (16 &* format.scaleByteCount &+ 16 &* part)
      for k in 0..<2 {
        let left = signedWeights(format, vectors, 2 &* k)
        let right = signedWeights(format, vectors, 2 &* k &+ 1)
        let output = unpacked + (128 &* k &+ 32 &* part)
        store(left.0, right.0, output)
        store(left.1, right.1, output + 256)
      }
    }
  }

  /// Stores four columns of four rows and the next four.
  @inline(__always)
  private static func store(_ left: int8x16_t, _ right: int8x16_t, _ output: UnsafeMutableRawPointer) {
    let (x, y) = (unsafeBitCast(left, to: int32x4_t.self), unsafeBitCast(right, to: int32x4_t.self))
    output.storeBytes(of: vzip1q_s32(x, y), as: int32x4_t.self)
    output.storeBytes(of: vzip2q_s32(x, y), toByteOffset: 16, as: int32x4_t.self)
  }

  @inline(__always)
  package static func add(
    _ ab: inout Sums, _ cd: inout Sums, _ weights: UnsafeRawPointer, _ quants: UnsafeRawPointer,
    halves: Range<Int>
  ) {
    let step = QuantizedPanel.quantBytes
    for half in halves {
      let x = quants + 16 &* half
      let (first, second) = (TokenPair(x, x + step), TokenPair(x + 2 &* step, x + 3 &* step))
      let w = weights + 256 &* half
      ab.add(w, first.left)
      cd.add(w, second.left)
      ab.add(w + 128, first.right)
      cd.add(w + 128, second.right)
    }
  }

  @inline(__always)
  package static func add(
    _ sums: inout Sums, _ weights: UnsafeRawPointer, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer,
    halves: Range<Int>
  ) {
    for half in halves {
      let pair = TokenPair(x + 16 &* half, y + 16 &* half)
      sums.add(weights + 256 &* half, pair.left)
      sums.add(weights + (256 &* half &+ 128), pair.right)
    }
  }

  /// Vector *p* has the sums of rows 2p and 2p + 1: the first row's with both tokens, then the second row's.
  package struct Sums: NEONTokenSums {
    private var s0, s1, s2, s3, s4, s5, s6, s7: int32x4_t

    @inline(__always)
    package init() {
      let zero = vdupq_n_s32(0)
      (s0, s1, s2, s3, s4, s5, s6, s7) = (zero, zero, zero, zero, zero, zero, zero, zero)
    }

    /// - Parameters:
    ///   - weights: eight columns of sixteen rows.
    ///   - x: the same columns of two tokens.
    @inline(__always)
    mutating func add(_ weights: UnsafeRawPointer, _ x: int8x16_t) {
      s0 = vmmlaq_s32(s0, NEON.loadBytes(weights), x)
      s1 = vmmlaq_s32(s1, NEON.loadBytes(weights + 16), x)
      s2 = vmmlaq_s32(s2, NEON.loadBytes(weights + 32), x)
      s3 = vmmlaq_s32(s3, NEON.loadBytes(weights + 48), x)
      s4 = vmmlaq_s32(s4, NEON.loadBytes(weights + 64), x)
      s5 = vmmlaq_s32(s5, NEON.loadBytes(weights + 80), x)
      s6 = vmmlaq_s32(s6, NEON.loadBytes(weights + 96), x)
      s7 = vmmlaq_s32(s7, NEON.loadBytes(weights + 112), x)
    }

    @inline(__always)
    package mutating func shift() {
      (s0, s1) = (NEON.times256(s0), NEON.times256(s1))
      (s2, s3) = (NEON.times256(s2), NEON.times256(s3))
      (s4, s5) = (NEON.times256(s4), NEON.times256(s5))
      (s6, s7) = (NEON.times256(s6), NEON.times256(s7))
    }

    @inline(__always)
    package var tokens: (NEONRowSums, NEONRowSums) {
      (
        NEONRowSums(vuzp1q_s32(s0, s1), vuzp1q_s32(s2, s3), vuzp1q_s32(s4, s5), vuzp1q_s32(s6, s7)),
        NEONRowSums(vuzp2q_s32(s0, s1), vuzp2q_s32(s2, s3), vuzp2q_s32(s4, s5), vuzp2q_s32(s6, s7))
      )
    }
  }
}

/// Sixteen columns of two tokens: the first eight of both, and the others.
private struct TokenPair {
  let left, right: int8x16_t

  @inline(__always)
  init(_ x: UnsafeRawPointer, _ y: UnsafeRawPointer) {
    let (x, y) = (x.loadUnaligned(as: int64x2_t.self), y.loadUnaligned(as: int64x2_t.self))
    left = unsafeBitCast(vzip1q_s64(x, y), to: int8x16_t.self)
    right = unsafeBitCast(vzip2q_s64(x, y), to: int8x16_t.self)
  }
}
