import GPTOSSCInstructions
import GPTOSSKernels
import _Builtin_intrinsics.intel

/// Products with interleaved weights by VPMADDWD: 16 multiply-adds an instruction, of 16-bit integers.
///
/// (VPMADDUBSW would multiply twice as many bytes, and saturates: 255 · 127 · 2 does not fit in 16 bits. In 16 bits
/// nothing overflows, and `precise` costs no more than `fast`.)
///
/// Quants of a block: sixteen pairs of 16-bit integers; pair 2g holds columns 4g and 4g + 2, pair 2g + 1 columns 4g + 1
/// and 4g + 3, as masking and shifting a vector of weights leaves them.
enum InterleavedAVX2: InterleavedInstructions {
  @inline(__always)
  static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> (scale: Float, sum: Int32) {
    let x0 = _mm256_loadu_ps(input)
    let x1 = _mm256_loadu_ps(input + 8)
    let x2 = _mm256_loadu_ps(input + 16)
    let x3 = _mm256_loadu_ps(input + 24)
    // As integers, so that NaN counts as larger than infinity.
    let largest01 = _mm256_max_epu32(magnitude(x0), magnitude(x1))
    let largest23 = _mm256_max_epu32(magnitude(x2), magnitude(x3))
    let largest = Float(bitPattern: UInt32(bitPattern: maximum(_mm256_max_epu32(largest01, largest23))))
    let steps: Float = precision == .precise ? 32_512 : 127
    let inverse = steps / largest
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
    return (largest / steps, sum(sums))
  }

  @inline(__always)
  static func multiply(_ format: InterleavedFormat, _ precision: Precision, _ operands: InterleavedOperands) {
    if operands.panel.tokenCount == 1 {
      let (first, second) = (operands.first, operands.second)
      multiplyOne(format, first, operands.panel, sums: operands.sums)
      if second != first {
        multiplyOne(format, second, operands.panel, sums: operands.sums + 16 &* QuantizedPanel.tokens)
      }
    } else {
      multiplyPanel(format, operands)
    }
  }

  /// One token: one group after the other, weights unpacked in registers.
  @inline(__always)
  private static func multiplyOne(
    _ format: InterleavedFormat, _ group: UnsafeRawPointer, _ panel: QuantizedPanel,
    sums: UnsafeMutablePointer<Float>
  ) {
    var (low, high) = (_mm256_setzero_ps(), _mm256_setzero_ps())
    var record = group
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    for block in 0..<panel.blockCount {
      AVX2.prefetchStream(format, record, ahead: 4096, everyLines: 2)
      let factor = panel.factors[block]
      let start = correction(format, factor)
      var (lowSum, highSum) = (start, start)
      let vectors = record + 16 &* format.scaleByteCount
      for vector in 0..<8 {
        let x = quants + 2 &* vector
        let (even, odd) = (_mm256_set1_epi32(x[0]), _mm256_set1_epi32(x[1]))
        lowSum = add(lowSum, weights(format, vectors, vector, half: 0), even, odd)
        highSum = add(highSum, weights(format, vectors, vector, half: 1), even, odd)
      }
      let scale = _mm256_set1_ps(factor.scale)
      low = _mm256_fmadd_ps(
        _mm256_mul_ps(_mm256_cvtepi32_ps(lowSum), scale), scales(format, record, half: 0), low)
      high = _mm256_fmadd_ps(
        _mm256_mul_ps(_mm256_cvtepi32_ps(highSum), scale), scales(format, record, half: 1), high)
      record += format.recordByteCount
      quants += 16
    }
    _mm256_store_ps(sums, low)
    _mm256_store_ps(sums + 8, high)
  }

  /// Many tokens: a record's weights are widened to 16 bits once, into the first-level cache, and multiplied with two
  /// tokens at a time: eight sums, which with the operands fill the sixteen registers.
  @inline(__always)
  private static func multiplyPanel(_ format: InterleavedFormat, _ operands: InterleavedOperands) {
    let panel = operands.panel
    let widened = operands.unpacked.assumingMemoryBound(to: __m256i.self)
    for group in 0..<2 {
      let sums = operands.sums + 16 &* QuantizedPanel.tokens &* group
      for vector in 0..<(2 &* panel.tokenCount) { _mm256_store_ps(sums + 8 &* vector, _mm256_setzero_ps()) }
    }
    var (aRecord, bRecord) = (operands.first, operands.second)
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    var factors = UnsafePointer(panel.factors)
    for _ in 0..<panel.blockCount {
      AVX2.prefetchStream(format, aRecord, ahead: 8192, everyLines: 1)
      AVX2.prefetchStream(format, bRecord, ahead: 8192, everyLines: 1)
      widen(format, aRecord, widened)
      widen(format, bRecord, widened + 2)
      let rowScales = (
        scales(format, aRecord, half: 0), scales(format, aRecord, half: 1),
        scales(format, bRecord, half: 0), scales(format, bRecord, half: 1)
      )
      var token = 0
      while token < panel.tokenCount {
        // The last of an odd number is computed twice and stored once.
        let other = Swift.min(token &+ 1, panel.tokenCount &- 1)
        let (x, y) = (quants + 16 &* token, quants + 16 &* other)
        let (xStart, yStart) = (correction(format, factors[token]), correction(format, factors[other]))
        var (x0, x1, x2, x3) = (xStart, xStart, xStart, xStart)
        var (y0, y1, y2, y3) = (yStart, yStart, yStart, yStart)
        for pair in 0..<16 {
          let w = widened + 4 &* pair
          let (w0, w1, w2, w3) = (w[0], w[1], w[2], w[3])
          let xPair = _mm256_set1_epi32(x[pair])
          x0 = _mm256_add_epi32(x0, _mm256_madd_epi16(w0, xPair))
          x1 = _mm256_add_epi32(x1, _mm256_madd_epi16(w1, xPair))
          x2 = _mm256_add_epi32(x2, _mm256_madd_epi16(w2, xPair))
          x3 = _mm256_add_epi32(x3, _mm256_madd_epi16(w3, xPair))
          let yPair = _mm256_set1_epi32(y[pair])
          y0 = _mm256_add_epi32(y0, _mm256_madd_epi16(w0, yPair))
          y1 = _mm256_add_epi32(y1, _mm256_madd_epi16(w1, yPair))
          y2 = _mm256_add_epi32(y2, _mm256_madd_epi16(w2, yPair))
          y3 = _mm256_add_epi32(y3, _mm256_madd_epi16(w3, yPair))
        }
        accumulate((x0, x1, x2, x3), factors[token], rowScales, operands.sums + 16 &* token)
        if other != token {
          accumulate((y0, y1, y2, y3), factors[other], rowScales, operands.sums + 16 &* other)
        }
        token &+= 2
      }
      aRecord += format.recordByteCount
      bRecord += format.recordByteCount
      quants += 16 &* panel.tokenCount
      factors += panel.tokenCount
    }
  }

  /// Turns one token's sums of two groups into floats and adds them to what earlier blocks gave.
  @inline(__always)
  private static func accumulate(
    _ sums: (__m256i, __m256i, __m256i, __m256i), _ factor: QuantizedFactor,
    _ rowScales: (__m256, __m256, __m256, __m256), _ totals: UnsafeMutablePointer<Float>
  ) {
    let scale = _mm256_set1_ps(factor.scale)
    let second = totals + 16 &* QuantizedPanel.tokens
    accumulate(sums.0, scale, rowScales.0, totals)
    accumulate(sums.1, scale, rowScales.1, totals + 8)
    accumulate(sums.2, scale, rowScales.2, second)
    accumulate(sums.3, scale, rowScales.3, second + 8)
  }

  @inline(__always)
  private static func accumulate(
    _ sum: __m256i, _ scale: __m256, _ rowScale: __m256, _ total: UnsafeMutablePointer<Float>
  ) {
    let product = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), scale)
    _mm256_store_ps(total, _mm256_fmadd_ps(product, rowScale, _mm256_load_ps(total)))
  }

  /// What takes the weights' offset off again.
  @inline(__always)
  private static func correction(_ format: InterleavedFormat, _ factor: QuantizedFactor) -> __m256i {
    let correction = _mm256_set1_epi32(factor.correction)
    return format == .q8_0 ? _mm256_slli_epi32(correction, 3) : correction
  }

  /// `sum`, plus the products of 32 unsigned weights, four columns of eight rows, with their columns' activations.
  @inline(__always)
  private static func add(_ sum: __m256i, _ weights: __m256i, _ even: __m256i, _ odd: __m256i) -> __m256i {
    let evenColumns = _mm256_and_si256(weights, _mm256_set1_epi16(0x00FF))
    let oddColumns = _mm256_srli_epi16(weights, 8)
    return _mm256_add_epi32(
      _mm256_add_epi32(sum, _mm256_madd_epi16(evenColumns, even)), _mm256_madd_epi16(oddColumns, odd))
  }

  /// Widens a record's weights: pair *p* of eight rows at `4 · p`, of the next eight at `4 · p + 1`.
  @inline(__always)
  private static func widen(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ widened: UnsafeMutablePointer<__m256i>
  ) {
    let vectors = record + 16 &* format.scaleByteCount
    for vector in 0..<8 {
      for half in 0..<2 {
        let bytes = weights(format, vectors, vector, half: half)
        let output = widened + (8 &* vector &+ half)
        output[0] = _mm256_and_si256(bytes, _mm256_set1_epi16(0x00FF))
        output[4] = _mm256_srli_epi16(bytes, 8)
      }
    }
  }

  /// Columns 4g … 4g + 3 of eight rows, unsigned bytes.
  @inline(__always)
  private static func weights(
    _ format: InterleavedFormat, _ vectors: UnsafeRawPointer, _ g: Int, half: Int
  ) -> __m256i {
    switch format {
    case .q8_0: return load(vectors + (64 &* g &+ 32 &* half))
    case .mxfp4:
      // Vector g holds columns 4g … in its low nibbles and those 16 further in its high ones.
      let table = _mm256_setr_epi8(
        16, 17, 18, 19, 20, 22, 24, 28, 16, 15, 14, 13, 12, 10, 8, 4,
        16, 17, 18, 19, 20, 22, 24, 28, 16, 15, 14, 13, 12, 10, 8, 4)
      let pairs = load(vectors + (64 &* (g & 3) &+ 32 &* half))
      let nibbles = g < 4 ? pairs : _mm256_srli_epi16(pairs, 4)
      return _mm256_shuffle_epi8(table, _mm256_and_si256(nibbles, _mm256_set1_epi8(0x0F)))
    }
  }

  /// Eight rows' scales as floats, exactly.
  @inline(__always)
  private static func scales(_ format: InterleavedFormat, _ record: UnsafeRawPointer, half: Int) -> __m256 {
    switch format {
    case .q8_0:
      return _mm256_cvtph_ps(_mm_loadu_si128((record + 16 &* half).assumingMemoryBound(to: __m128i.self)))
    case .mxfp4:
      // 2^(e − 128), as in MXFP4.halfScale: 2^−128 and 2^−127 are subnormal.
      let e = _mm256_cvtepu8_epi32(
        _mm_loadl_epi64((record + 8 &* half).assumingMemoryBound(to: __m128i.self)))
      let normal = _mm256_slli_epi32(_mm256_sub_epi32(e, _mm256_set1_epi32(1)), 23)
      let subnormal = _mm256_sllv_epi32(_mm256_set1_epi32(0x0020_0000), e)
      let isSubnormal = _mm256_cmpgt_epi32(_mm256_set1_epi32(2), e)
      return unsafeBitCast(_mm256_blendv_epi8(normal, subnormal, isSubnormal), to: __m256.self)
    }
  }
}

@inline(__always)
private func load(_ pointer: UnsafeRawPointer) -> __m256i {
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
private func maximum(_ x: __m256i) -> Int32 {
  let four = _mm_max_epu32(_mm256_castsi256_si128(x), upper128(x))
  let two = _mm_max_epu32(four, _mm_unpackhi_epi64(four, four))
  return _mm_cvtsi128_si32(_mm_max_epu32(two, _mm_srli_epi64(two, 32)))
}

/// The sum of eight integers.
@inline(__always)
private func sum(_ x: __m256i) -> Int32 {
  let four = _mm_add_epi32(_mm256_castsi256_si128(x), upper128(x))
  let two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four))
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_srli_epi64(two, 32)))
}
