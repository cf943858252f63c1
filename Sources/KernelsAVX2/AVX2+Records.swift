import GPTOSSCInstructions
package import GPTOSSKernels
package import _Builtin_intrinsics.intel

/// Weights of five bits by bytes (`YMMByteRecords.swift`), those of Q8_0 and Q6_K by pairs of 16-bit integers
/// (`RecordInstructions.swift`).
///
/// VPMADDUBSW multiplies 32 pairs of bytes and saturates at 16 bits. Weights of five bits are 0 … 31 with
/// their offset, so four of its results fit: 4 · 2 · 31 · 128 = 31,744. Of Q6_K's, 0 … 63, only two fit:
/// 2 · 2 · 63 · 128 = 32,256. Weights of Q8_0 do not fit: 2 · 255 · 128.
///
/// Each precise product of bytes is two instructions where VPMADDWD needs one on weights that have been
/// widened. So `precise` multiplies bytes for one token, which would widen each weight for itself, and pairs
/// for more, which widen it once for all.
extension AVX2: RecordInstructions, YMMByteRecords {
  @inline(__always)
  package static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> QuantizedFactor {
    quantize(input, precision, quants: quants) { q0, q1, q2, q3 in
      storePairs(q0, quants)
      storePairs(q1, quants + 16)
      storePairs(q2, quants + 32)
      storePairs(q3, quants + 48)
    }
  }

  /// Whether weights of five bits are multiplied by bytes.
  @inline(__always)
  static func multipliesBytes(_ precision: Precision, tokenCount: Int) -> Bool {
    precision == .fast || tokenCount == 1
  }

  /// `quantize` for products with weights of five bits.
  @inline(__always)
  static func quantizeForFiveBits(
    _ input: UnsafePointer<Float>, _ precision: Precision, tokenCount: Int, quants: UnsafeMutableRawPointer
  ) -> QuantizedFactor {
    guard multipliesBytes(precision, tokenCount: tokenCount) else {
      return quantize(input, precision, quants: quants)
    }
    let factor = quantizeToBytes(input, precision, quants: quants)
    if precision == .fast { storeBlockStart(quants) }
    return factor
  }

  /// Masking leaves columns 4g and 4g + 2 of each row, shifting 4g + 1 and 4g + 3.
  @inline(__always)
  package static func weights(
    _ format: InterleavedFormat, _ vectors: UnsafeRawPointer, _ g: Int, part: Int
  ) -> (even: __m256i, odd: __m256i) {
    let bytes = bytes(format, vectors, g, part: part)
    return (_mm256_and_si256(bytes, _mm256_set1_epi16(0x00FF)), _mm256_srli_epi16(bytes, 8))
  }

  /// Columns 4g … 4g + 3 of eight rows, unsigned bytes.
  @inline(__always)
  private static func bytes(
    _ format: InterleavedFormat, _ vectors: UnsafeRawPointer, _ g: Int, part: Int
  ) -> __m256i {
    let rows = vectors + 32 &* part
    switch format.codes {
    case .bytes: return loadBytes(rows + 64 &* g)
    case .nibblesOfE2M1: return unsignedE2M1(nibbles(rows, g))
    case .nibbles: return plainNibbles(nibbles(rows, g))
    case .nibblesAndHighPairs:
      let highBits = loadBytes(rows + (g < 4 ? 0 : 64))
      return sixBits(nibbles(rows + 128, g), highBits, g & 3)
    case .nibblesAndHighBits:
      let highBits = loadBytes(rows)
      let inPlace =
        g < 4
        ? _mm256_slli_epi16(highBits, Int32(truncatingIfNeeded: 4 &- g))
        : _mm256_srli_epi16(highBits, Int32(truncatingIfNeeded: g &- 4))
      return fiveBits(nibbles(rows + 64, g), inPlace)
    }
  }

  /// Columns 4g … 4g + 3 in the lower halves of bytes: vector g holds them so, and in the upper halves those
  /// 16 further.
  @inline(__always)
  private static func nibbles(_ rows: UnsafeRawPointer, _ g: Int) -> __m256i {
    let pairs = loadBytes(rows + 64 &* (g & 3))
    return g < 4 ? pairs : _mm256_srli_epi16(pairs, 4)
  }

  @inline(__always)
  package static func addProducts(_ weights: __m256i, _ x: __m256i, _ sum: __m256i) -> __m256i {
    _mm256_add_epi16(sum, _mm256_maddubs_epi16(weights, x))
  }

  @inline(__always)
  package static func total(_ sum: __m256i) -> __m256i { _mm256_madd_epi16(sum, _mm256_set1_epi16(1)) }

  @inline(__always)
  package static func total256(_ sum: __m256i) -> __m256i { _mm256_madd_epi16(sum, _mm256_set1_epi16(256)) }

  /// Two corrections of 16 bits: one for the columns 4g and 4g + 1, one for 4g + 2 and 4g + 3, as VPMADDUBSW
  /// adds them. With the offset, eight products may leave 16 bits, and wrap around; without it they are
  /// within 16 · 16 · 127 = 32,512. So they are right again once the correction is in.
  ///
  /// `fast` alone has it, for panels: `precise` fills the 64 bytes.
  @inline(__always)
  package static func blockStart(
    _ format: InterleavedFormat, ofScale index: Int, _ factor: QuantizedFactor,
    _ quants: UnsafePointer<Int32>
  ) -> __m256i { _mm256_set1_epi32(quants[8]) }

  /// Stores the block's start behind the bytes of `fast`, which leave half of the 64 free.
  @inline(__always)
  private static func storeBlockStart(_ quants: UnsafeMutableRawPointer) {
    let offset = _mm256_set1_epi8(Int8(InterleavedFormat.mxfp4.offset))
    let eight = _mm256_maddubs_epi16(offset, loadBytes(quants))
    let four = _mm_add_epi16(_mm256_castsi256_si128(eight), upper128(eight))
    let two = _mm_add_epi16(four, _mm_unpackhi_epi64(four, four))
    let sum = _mm_add_epi16(two, _mm_srli_epi64(two, 32))
    let start = _mm_cvtsi128_si32(_mm_sub_epi16(_mm_setzero_si128(), sum))
    quants.storeBytes(of: start, toByteOffset: 32, as: Int32.self)
  }
}

/// Stores eight integers as 16 bits each, of every four the first, the third, the second and the fourth.
@inline(__always)
private func storePairs(_ q: __m256i, _ output: UnsafeMutableRawPointer) {
  let order = _mm256_setr_epi8(
    0, 1, 8, 9, 4, 5, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1,
    0, 1, 8, 9, 4, 5, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1)
  let pairs = _mm256_shuffle_epi8(q, order)
  _mm_storel_epi64(output.assumingMemoryBound(to: __m128i.self), _mm256_castsi256_si128(pairs))
  _mm_storel_epi64((output + 8).assumingMemoryBound(to: __m128i.self), upper128(pairs))
}
