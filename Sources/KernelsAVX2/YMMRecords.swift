public import GPTOSSCInstructions
public import GPTOSSKernels
public import _Builtin_intrinsics.intel

/// Eight rows of a record and the next eight.
@usableFromInline
typealias Parts = (a: __m256i, b: __m256i)

/// What records hold and what activations become, in 256-bit registers. A *part* of a record is eight of its
/// sixteen rows, 0 or 1.
extension YMMInstructions {
  /// Columns of eight rows as the record has them, 32 bytes.
  @inlinable @inline(__always)
  static func loadBytes(_ pointer: UnsafeRawPointer) -> __m256i {
    _mm256_loadu_si256(pointer.assumingMemoryBound(to: __m256i.self))
  }

  /// Vector `index` of a record: four bytes of each row, part 0 and part 1.
  @inlinable @inline(__always)
  static func bytes(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    (loadBytes(vectors + 64 &* index), loadBytes(vectors + (64 &* index &+ 32)))
  }

  /// Columns 4g … 4g + 3 of a record's rows and those 16 further, unsigned, g from 0 to 3. A vector of
  /// nibbles holds the first in the lower halves of its bytes and the others in the upper ones.
  ///
  /// Both at once: with a round of a loop for each four columns the compiler would ask every time which half
  /// of a byte is meant.
  ///
  /// - Parameters:
  ///   - format: a constant.
  ///   - vectors: the vectors of the record, past its scales.
  @inlinable @inline(__always)
  static func halves(
    _ format: InterleavedFormat, _ vectors: UnsafeRawPointer, _ g: Int
  ) -> (lower: Parts, upper: Parts) {
    switch format.codes {
    case .bytes: (bytes(vectors, g), bytes(vectors, g &+ 4))
    case .nibblesOfE2M1: (lowerNibbles(vectors, g), upperNibbles(vectors, g))
    case .nibbles: (plainLowerNibbles(vectors, g), plainUpperNibbles(vectors, g))
    case .nibblesAndHighBits: (lowerFiveBits(vectors, g), upperFiveBits(vectors, g))
    case .nibblesAndHighPairs: (lowerSixBits(vectors, g), upperSixBits(vectors, g))
    }
  }

  /// The unsigned weights of MXFP4 in the lower halves of a vector's bytes.
  @inlinable @inline(__always)
  static func lowerNibbles(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    let (a, b) = bytes(vectors, index)
    return (unsignedE2M1(a), unsignedE2M1(b))
  }

  /// Those in the upper halves.
  @inlinable @inline(__always)
  static func upperNibbles(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    let (a, b) = bytes(vectors, index)
    return (unsignedE2M1(_mm256_srli_epi16(a, 4)), unsignedE2M1(_mm256_srli_epi16(b, 4)))
  }

  /// The lower halves of a vector's bytes, as they are.
  @inlinable @inline(__always)
  static func plainLowerNibbles(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    let (a, b) = bytes(vectors, index)
    return (plainNibbles(a), plainNibbles(b))
  }

  /// The upper halves.
  @inlinable @inline(__always)
  static func plainUpperNibbles(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    let (a, b) = bytes(vectors, index)
    return (plainNibbles(_mm256_srli_epi16(a, 4)), plainNibbles(_mm256_srli_epi16(b, 4)))
  }

  /// The lower four bits of each byte.
  @inlinable @inline(__always)
  static func plainNibbles(_ bytes: __m256i) -> __m256i {
    _mm256_and_si256(bytes, _mm256_set1_epi8(0x0F))
  }

  /// Weights of five bits: those whose nibbles are in the lower halves of bytes. `vectors` begin with the
  /// high bits; `index` counts the vectors of nibbles.
  @inlinable @inline(__always)
  static func lowerFiveBits(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    let ((a, b), (aHigh, bHigh)) = (bytes(vectors, index &+ 1), bytes(vectors, 0))
    let places = Int32(truncatingIfNeeded: 4 &- index)
    return (
      fiveBits(a, _mm256_slli_epi16(aHigh, places)), fiveBits(b, _mm256_slli_epi16(bHigh, places))
    )
  }

  /// Those in the upper halves.
  @inlinable @inline(__always)
  static func upperFiveBits(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    let ((a, b), (aHigh, bHigh)) = (bytes(vectors, index &+ 1), bytes(vectors, 0))
    let places = Int32(truncatingIfNeeded: index)
    return (
      fiveBits(_mm256_srli_epi16(a, 4), _mm256_srli_epi16(aHigh, places)),
      fiveBits(_mm256_srli_epi16(b, 4), _mm256_srli_epi16(bHigh, places))
    )
  }

  /// The lower four bits of each byte of `nibbles`, and bit 4 of each byte of `highBits`.
  @inlinable @inline(__always)
  static func fiveBits(_ nibbles: __m256i, _ highBits: __m256i) -> __m256i {
    _mm256_or_si256(
      plainNibbles(nibbles), _mm256_and_si256(highBits, _mm256_set1_epi8(0x10)))
  }

  /// Weights of six bits: those whose nibbles are in the lower halves of bytes. `vectors` begin with two
  /// vectors of high bits, for these and for those in the upper halves; `index` counts the vectors of
  /// nibbles.
  @inlinable @inline(__always)
  static func lowerSixBits(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    let ((a, b), (aHigh, bHigh)) = (bytes(vectors, index &+ 2), bytes(vectors, 0))
    return (sixBits(a, aHigh, index), sixBits(b, bHigh, index))
  }

  /// Those in the upper halves.
  @inlinable @inline(__always)
  static func upperSixBits(_ vectors: UnsafeRawPointer, _ index: Int) -> Parts {
    let ((a, b), (aHigh, bHigh)) = (bytes(vectors, index &+ 2), bytes(vectors, 1))
    return (
      sixBits(_mm256_srli_epi16(a, 4), aHigh, index), sixBits(_mm256_srli_epi16(b, 4), bHigh, index)
    )
  }

  /// The lower four bits of each byte of `nibbles`, and above them bits 2g and 2g + 1 of each byte of
  /// `highBits`.
  @inlinable @inline(__always)
  static func sixBits(_ nibbles: __m256i, _ highBits: __m256i, _ g: Int) -> __m256i {
    let places = 4 &- 2 &* g
    let inPlace =
      places >= 0
      ? _mm256_slli_epi16(highBits, Int32(truncatingIfNeeded: places))
      : _mm256_srli_epi16(highBits, Int32(truncatingIfNeeded: 0 &- places))
    return _mm256_or_si256(
      plainNibbles(nibbles), _mm256_and_si256(inPlace, _mm256_set1_epi8(0x30)))
  }

  /// Looks up the lower four bits of each byte. VPSHUFB takes the sixteen bytes of either half of a register
  /// as a table.
  @inlinable @inline(__always)
  static func unsignedE2M1(_ nibbles: __m256i) -> __m256i {
    let table = _mm256_broadcastsi128_si256(unsafeBitCast(InterleavedFormat.unsignedE2M1, to: __m128i.self))
    return _mm256_shuffle_epi8(table, plainNibbles(nibbles))
  }

  /// What takes the weights' offset off a sum of columns that share a scale again.
  @inlinable @inline(__always)
  package static func start(
    _ format: InterleavedFormat, ofScale index: Int, _ factor: QuantizedFactor
  ) -> __m256i {
    _mm256_slli_epi32(_mm256_set1_epi32(factor.correction(format, ofScale: index)), format.offsetShift)
  }

  /// The scales and minimums of both parts' rows.
  @inlinable @inline(__always)
  static func rowFactors(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ block: Int
  ) -> (a: RowFactors<__m256>, b: RowFactors<__m256>) {
    (
      rowFactors(format, record, block, firstLane: 0) { scales(e8m0: $0) },
      rowFactors(format, record, block, firstLane: 8) { scales(e8m0: $0) }
    )
  }

  /// 2^(e − 128), as in `MXFP4.halfScale`: 2^−128 and 2^−127 are subnormal.
  @inlinable @inline(__always)
  package static func scales(e8m0 exponents: UnsafeRawPointer) -> __m256 {
    let e = _mm256_cvtepu8_epi32(_mm_loadl_epi64(exponents.assumingMemoryBound(to: __m128i.self)))
    let normal = _mm256_slli_epi32(_mm256_sub_epi32(e, _mm256_set1_epi32(1)), 23)
    // Zero but for the two subnormal ones: counts beyond 31, as unsigned, shift everything out. Of e = 0 the
    // other one is negative, of e = 1 zero.
    let subnormal = _mm256_srlv_epi32(
      _mm256_set1_epi32(0x0040_0000), _mm256_sub_epi32(_mm256_set1_epi32(1), e))
    return unsafeBitCast(_mm256_max_epi32(normal, subnormal), to: __m256.self)
  }

  /// 32 activations as integers, eight to a vector.
  ///
  /// - Parameters:
  ///   - input: 32 floats.
  ///   - quants: 64 bytes, cleared where `body` is not called because there are no such integers.
  ///   - body: stores them as the set likes them.
  @inlinable @inline(__always)
  static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer,
    store body: (_ q0: __m256i, _ q1: __m256i, _ q2: __m256i, _ q3: __m256i) -> Void
  ) -> QuantizedFactor {
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
      return QuantizedFactor(ofZeros: largest < .infinity ? 0 : .nan)
    }
    let factor = _mm256_set1_ps(inverse)
    let q0 = _mm256_cvtps_epi32(_mm256_mul_ps(x0, factor))
    let q1 = _mm256_cvtps_epi32(_mm256_mul_ps(x1, factor))
    let q2 = _mm256_cvtps_epi32(_mm256_mul_ps(x2, factor))
    let q3 = _mm256_cvtps_epi32(_mm256_mul_ps(x3, factor))
    body(q0, q1, q2, q3)
    return QuantizedFactor(
      scale: largest / precision.largestQuant, lowerSum: sumOfLanes(_mm256_add_epi32(q0, q1)),
      upperSum: sumOfLanes(_mm256_add_epi32(q2, q3)))
  }

  @inlinable @inline(__always)
  static func magnitude(_ x: __m256) -> __m256i {
    _mm256_and_si256(unsafeBitCast(x, to: __m256i.self), _mm256_set1_epi32(0x7FFF_FFFF))
  }

  /// The largest of eight unsigned integers.
  @inlinable @inline(__always)
  static func largestLane(_ x: __m256i) -> Int32 {
    let four = _mm_max_epu32(_mm256_castsi256_si128(x), upper128(x))
    let two = _mm_max_epu32(four, _mm_unpackhi_epi64(four, four))
    return _mm_cvtsi128_si32(_mm_max_epu32(two, _mm_srli_epi64(two, 32)))
  }

  /// The sum of eight integers.
  @inlinable @inline(__always)
  static func sumOfLanes(_ x: __m256i) -> Int32 {
    let four = _mm_add_epi32(_mm256_castsi256_si128(x), upper128(x))
    let two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four))
    return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_srli_epi64(two, 32)))
  }
}
