import GPTOSSCInstructions
package import GPTOSSKernels
package import _Builtin_intrinsics.intel

/// Products with records by VPMADDWD: 16 multiply-adds per instruction, of 16-bit integers.
///
/// The loops are in `RecordInstructions.swift`; `PortableInstructions+Records.swift` is this file's twin.
extension AVX2: RecordInstructions {
  @inline(__always)
  package static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> (scale: Float, sum: Int32) {
    let x0 = _mm256_loadu_ps(input)
    let x1 = _mm256_loadu_ps(input + 8)
    let x2 = _mm256_loadu_ps(input + 16)
    let x3 = _mm256_loadu_ps(input + 24)
    // As integers, so that NaN counts as larger than infinity.
    let largest01 = _mm256_max_epu32(magnitude(x0), magnitude(x1))
    let largest23 = _mm256_max_epu32(magnitude(x2), magnitude(x3))
    let largest = Float(bitPattern: UInt32(bitPattern: largestLane(_mm256_max_epu32(largest01, largest23))))
    let inverse = precision.largestQuant / largest
    guard largest < .infinity, inverse < .infinity else {
      let vectors = quants.assumingMemoryBound(to: __m256i.self)
      _mm256_storeu_si256(vectors, _mm256_setzero_si256())
      _mm256_storeu_si256(vectors + 1, _mm256_setzero_si256())
      return (largest < .infinity ? 0 : .nan, 0)
    }
    let factor = _mm256_set1_ps(inverse)
    let q0 = _mm256_cvtps_epi32(_mm256_mul_ps(x0, factor))
    let q1 = _mm256_cvtps_epi32(_mm256_mul_ps(x1, factor))
    let q2 = _mm256_cvtps_epi32(_mm256_mul_ps(x2, factor))
    let q3 = _mm256_cvtps_epi32(_mm256_mul_ps(x3, factor))
    storePairs(q0, quants)
    storePairs(q1, quants + 16)
    storePairs(q2, quants + 32)
    storePairs(q3, quants + 48)
    let sums = _mm256_add_epi32(_mm256_add_epi32(q0, q1), _mm256_add_epi32(q2, q3))
    return (largest / precision.largestQuant, sumOfLanes(sums))
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
    switch format {
    case .q8_0: return loadBytes(vectors + (64 &* g &+ 32 &* part))
    case .mxfp4:
      // Vector g holds columns 4g … in its low nibbles and those 16 further in its high ones. VPSHUFB looks
      // up sixteen bytes in each half of a register.
      let table = _mm256_broadcastsi128_si256(unsafeBitCast(InterleavedFormat.unsignedE2M1, to: __m128i.self))
      let pairs = loadBytes(vectors + (64 &* (g & 3) &+ 32 &* part))
      let nibbles = g < 4 ? pairs : _mm256_srli_epi16(pairs, 4)
      return _mm256_shuffle_epi8(table, _mm256_and_si256(nibbles, _mm256_set1_epi8(0x0F)))
    }
  }

  @inline(__always)
  package static func start(_ format: InterleavedFormat, _ factor: QuantizedFactor) -> __m256i {
    _mm256_slli_epi32(_mm256_set1_epi32(factor.correction), format.offsetShift)
  }

  @inline(__always)
  package static func scales(_ format: InterleavedFormat, _ record: UnsafeRawPointer, part: Int) -> __m256 {
    switch format {
    case .q8_0:
      return _mm256_cvtph_ps(_mm_loadu_si128((record + 16 &* part).assumingMemoryBound(to: __m128i.self)))
    case .mxfp4:
      // 2^(e − 128), as in MXFP4.halfScale: 2^−128 and 2^−127 are subnormal.
      let e = _mm256_cvtepu8_epi32(
        _mm_loadl_epi64((record + 8 &* part).assumingMemoryBound(to: __m128i.self)))
      let normal = _mm256_slli_epi32(_mm256_sub_epi32(e, _mm256_set1_epi32(1)), 23)
      let subnormal = _mm256_sllv_epi32(_mm256_set1_epi32(0x0020_0000), e)
      let isSubnormal = _mm256_cmpgt_epi32(_mm256_set1_epi32(2), e)
      return unsafeBitCast(_mm256_blendv_epi8(normal, subnormal, isSubnormal), to: __m256.self)
    }
  }
}

@inline(__always)
private func loadBytes(_ pointer: UnsafeRawPointer) -> __m256i {
  _mm256_loadu_si256(pointer.assumingMemoryBound(to: __m256i.self))
}

@inline(__always)
private func magnitude(_ x: __m256) -> __m256i {
  _mm256_and_si256(unsafeBitCast(x, to: __m256i.self), _mm256_set1_epi32(0x7FFF_FFFF))
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

/// The largest of eight unsigned integers.
@inline(__always)
private func largestLane(_ x: __m256i) -> Int32 {
  let four = _mm_max_epu32(_mm256_castsi256_si128(x), upper128(x))
  let two = _mm_max_epu32(four, _mm_unpackhi_epi64(four, four))
  return _mm_cvtsi128_si32(_mm_max_epu32(two, _mm_srli_epi64(two, 32)))
}

/// The sum of eight integers.
@inline(__always)
private func sumOfLanes(_ x: __m256i) -> Int32 {
  let four = _mm_add_epi32(_mm256_castsi256_si128(x), upper128(x))
  let two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four))
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_srli_epi64(two, 32)))
}
