import GPTOSSKernels
import _Builtin_intrinsics.intel

/// What a record holds, in registers: weights as unsigned bytes, scales and minimums as floats.
extension AVX512 {
  /// 32 columns of sixteen rows, unsigned: lane *r* of vector *g* holds columns 4g … 4g + 3 of row *r*.
  struct Weights {
    let v0, v1, v2, v3, v4, v5, v6, v7: __m512i

    @inline(__always)
    init(_ format: InterleavedFormat, _ record: UnsafeRawPointer) {
      let vectors = record + 16 &* format.scaleByteCount
      func at(_ index: Int) -> __m512i { _mm512_loadu_si512(vectors + 64 &* index) }
      switch format.codes {
      case .bytes:
        (v0, v1, v2, v3) = (at(0), at(1), at(2), at(3))
        (v4, v5, v6, v7) = (at(4), at(5), at(6), at(7))
      case .nibblesOfE2M1:
        // VPERMB looks at the low six bits of a byte. The table stands in its 64 entries four times, so the
        // neighbor's bits in the upper half of a byte need no masking.
        let table = _mm512_broadcast_i32x4(
          unsafeBitCast(InterleavedFormat.unsignedE2M1, to: __m128i.self))
        let (p0, p1, p2, p3) = (at(0), at(1), at(2), at(3))
        v0 = _mm512_permutexvar_epi8(p0, table)
        v1 = _mm512_permutexvar_epi8(p1, table)
        v2 = _mm512_permutexvar_epi8(p2, table)
        v3 = _mm512_permutexvar_epi8(p3, table)
        v4 = _mm512_permutexvar_epi8(_mm512_srli_epi16(p0, 4), table)
        v5 = _mm512_permutexvar_epi8(_mm512_srli_epi16(p1, 4), table)
        v6 = _mm512_permutexvar_epi8(_mm512_srli_epi16(p2, 4), table)
        v7 = _mm512_permutexvar_epi8(_mm512_srli_epi16(p3, 4), table)
      case .nibbles:
        let (p0, p1, p2, p3) = (at(0), at(1), at(2), at(3))
        (v0, v1, v2, v3) = (nibbles(p0), nibbles(p1), nibbles(p2), nibbles(p3))
        v4 = nibbles(_mm512_srli_epi16(p0, 4))
        v5 = nibbles(_mm512_srli_epi16(p1, 4))
        v6 = nibbles(_mm512_srli_epi16(p2, 4))
        v7 = nibbles(_mm512_srli_epi16(p3, 4))
      case .nibblesAndHighBits:
        // Bit g of a byte of `high` belongs to columns 4g … 4g + 3. Shifts cross bytes; bit 4 is right.
        let high = at(0)
        let (p0, p1, p2, p3) = (at(1), at(2), at(3), at(4))
        v0 = fiveBits(p0, _mm512_slli_epi16(high, 4))
        v1 = fiveBits(p1, _mm512_slli_epi16(high, 3))
        v2 = fiveBits(p2, _mm512_slli_epi16(high, 2))
        v3 = fiveBits(p3, _mm512_slli_epi16(high, 1))
        v4 = fiveBits(_mm512_srli_epi16(p0, 4), high)
        v5 = fiveBits(_mm512_srli_epi16(p1, 4), _mm512_srli_epi16(high, 1))
        v6 = fiveBits(_mm512_srli_epi16(p2, 4), _mm512_srli_epi16(high, 2))
        v7 = fiveBits(_mm512_srli_epi16(p3, 4), _mm512_srli_epi16(high, 3))
      case .nibblesAndHighPairs:
        // Bits 2g and 2g + 1 of a byte belong to columns 4g … 4g + 3 of a half. Bits 4 and 5 are right.
        let (lower, upper) = (at(0), at(1))
        let (p0, p1, p2, p3) = (at(2), at(3), at(4), at(5))
        v0 = sixBits(p0, _mm512_slli_epi16(lower, 4))
        v1 = sixBits(p1, _mm512_slli_epi16(lower, 2))
        v2 = sixBits(p2, lower)
        v3 = sixBits(p3, _mm512_srli_epi16(lower, 2))
        v4 = sixBits(_mm512_srli_epi16(p0, 4), _mm512_slli_epi16(upper, 4))
        v5 = sixBits(_mm512_srli_epi16(p1, 4), _mm512_slli_epi16(upper, 2))
        v6 = sixBits(_mm512_srli_epi16(p2, 4), upper)
        v7 = sixBits(_mm512_srli_epi16(p3, 4), _mm512_srli_epi16(upper, 2))
      }
    }
  }

  /// The sixteen rows' scales and minimums.
  @inline(__always)
  static func rowFactors(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ block: Int
  ) -> RowFactors<__m512> {
    rowFactors(format, record, block, firstLane: 0) { scales(e8m0: $0) }
  }

  /// 2^(e − 128), as in MXFP4.halfScale: 2^−128 and 2^−127 are subnormal.
  @inline(__always)
  private static func scales(e8m0 exponents: UnsafeRawPointer) -> __m512 {
    let e = _mm512_cvtepu8_epi32(_mm_loadu_si128(exponents.assumingMemoryBound(to: __m128i.self)))
    let normal = _mm512_slli_epi32(_mm512_sub_epi32(e, _mm512_set1_epi32(1)), 23)
    let isSubnormal = _mm512_testn_epi32_mask(e, _mm512_set1_epi32(0xFE))  // e < 2
    let scale = _mm512_mask_sllv_epi32(normal, isSubnormal, _mm512_set1_epi32(0x0020_0000), e)
    return unsafeBitCast(scale, to: __m512.self)
  }
}

/// The lower four bits of each byte.
@inline(__always)
private func nibbles(_ bytes: __m512i) -> __m512i { _mm512_and_si512(bytes, _mm512_set1_epi8(0x0F)) }

/// The lower four bits of each byte of `lows`, and bit 4 of each byte of `highBits`.
@inline(__always)
private func fiveBits(_ lows: __m512i, _ highBits: __m512i) -> __m512i {
  _mm512_or_si512(nibbles(lows), _mm512_and_si512(highBits, _mm512_set1_epi8(0x10)))
}

/// The lower four bits of each byte of `lows`, and bits 4 and 5 of each byte of `highBits`.
@inline(__always)
private func sixBits(_ lows: __m512i, _ highBits: __m512i) -> __m512i {
  _mm512_or_si512(nibbles(lows), _mm512_and_si512(highBits, _mm512_set1_epi8(0x30)))
}
