import GPTOSSCInstructions
package import GPTOSSKernels
import _Builtin_intrinsics.intel

/// Products with records by VPDPBUSD: 64 multiply-adds per instruction. A vector holds a whole group of
/// sixteen rows, so the loops are not those of `RecordInstructions.swift` but its own.
///
/// Quants of a block: 32 high bytes, then 32 low bytes, columns in order.
extension AVX512: RecordKernels {
  @inline(__always)
  package static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> (scale: Float, sum: Int32) {
    let x0 = _mm512_loadu_ps(input)
    let x1 = _mm512_loadu_ps(input + 16)
    // As integers, so that NaN counts as larger than infinity.
    let magnitude = _mm512_set1_epi32(0x7FFF_FFFF)
    let a0 = _mm512_and_si512(bits(x0), magnitude)
    let a1 = _mm512_and_si512(bits(x1), magnitude)
    let largest = Float(bitPattern: _mm512_reduce_max_epu32(_mm512_max_epu32(a0, a1)))
    let inverse = precision.largestQuant / largest
    guard largest < .infinity, inverse < .infinity else {
      let zero = _mm512_setzero_si512()
      _mm512_storeu_si512(quants, zero)
      return (largest < .infinity ? 0 : .nan, 0)
    }
    let q0 = _mm512_cvtps_epi32(_mm512_mul_ps(x0, _mm512_set1_ps(inverse)))
    let q1 = _mm512_cvtps_epi32(_mm512_mul_ps(x1, _mm512_set1_ps(inverse)))
    let high = quants.assumingMemoryBound(to: __m128i.self)
    switch precision {
    case .fast:
      _mm_storeu_si128(high, _mm512_cvtepi32_epi8(q0))
      _mm_storeu_si128(high + 1, _mm512_cvtepi32_epi8(q1))
    case .precise:
      // The high byte rounded, so that the low byte is what is left, −128 … 127.
      let half = _mm512_set1_epi32(128)
      _mm_storeu_si128(high, _mm512_cvtepi32_epi8(_mm512_srai_epi32(_mm512_add_epi32(q0, half), 8)))
      _mm_storeu_si128(high + 1, _mm512_cvtepi32_epi8(_mm512_srai_epi32(_mm512_add_epi32(q1, half), 8)))
      _mm_storeu_si128(high + 2, _mm512_cvtepi32_epi8(q0))
      _mm_storeu_si128(high + 3, _mm512_cvtepi32_epi8(q1))
    }
    return (largest / precision.largestQuant, _mm512_reduce_add_epi32(_mm512_add_epi32(q0, q1)))
  }

  @inline(__always)
  package static func multiply(
    _ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands
  ) {
    switch operands.panel.tokenCount {
    case 1: forEachGroup(operands) { multiplyOne(format, precision, $0, operands.panel, sums: $1) }
    case 2...8: forEachGroup(operands) { multiplyFew(format, precision, $0, operands.panel, sums: $1) }
    default: multiplyPanel(format, precision, operands)
    }
  }

  @inline(__always)
  private static func forEachGroup(
    _ operands: RecordOperands,
    _ body: (_ group: UnsafeRawPointer, _ sums: UnsafeMutablePointer<Float>) -> Void
  ) {
    body(operands.first, operands.sums)
    guard operands.second != operands.first else { return }
    body(operands.second, operands.sums + 16 &* QuantizedPanel.tokens)
  }

  /// One token: bound by memory. One group is read after the other, in one stream. Two streams, 24 KB or more
  /// apart, are a third slower.
  @inline(__always)
  private static func multiplyOne(
    _ format: InterleavedFormat, _ precision: Precision, _ group: UnsafeRawPointer, _ panel: QuantizedPanel,
    sums: UnsafeMutablePointer<Float>
  ) {
    var total = _mm512_setzero_ps()
    var record = group + format.headerByteCount
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    for block in 0..<panel.blockCount {
      prefetchStream(format, record, ahead: 4096, everyLines: 2)
      let factor = panel.factors[block]
      let sum = sum(format, precision, Weights(format, record), quants, factor)
      total = accumulated(format, sum, factor, rowFactors(format, record, block), total)
      record += format.recordStride(after: block)
      quants += 16
    }
    _mm512_store_ps(sums, total)
  }

  /// A few tokens, of sequences that are decoded together or of one expert's share of a short prompt. Memory
  /// still counts for as much as arithmetic, and is read as for one token.
  @inline(__always)
  private static func multiplyFew(
    _ format: InterleavedFormat, _ precision: Precision, _ group: UnsafeRawPointer, _ panel: QuantizedPanel,
    sums: UnsafeMutablePointer<Float>
  ) {
    for token in 0..<panel.tokenCount { _mm512_store_ps(sums + 16 &* token, _mm512_setzero_ps()) }
    var record = group + format.headerByteCount
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    var factors = UnsafePointer(panel.factors)
    for block in 0..<panel.blockCount {
      prefetchStream(format, record, ahead: 8192, everyLines: 1)
      let weights = Weights(format, record)
      let rows = rowFactors(format, record, block)
      var total = sums
      for _ in 0..<panel.tokenCount {
        accumulate(
          format, sum(format, precision, weights, quants, factors[0]), factors[0], rows, total)
        total += 16
        quants += 16
        factors += 1
      }
      record += format.recordStride(after: block)
    }
  }

  /// The sums of sixteen rows' 32 products with one token's integers.
  @inline(__always)
  private static func sum(
    _ format: InterleavedFormat, _ precision: Precision, _ weights: Weights, _ quants: UnsafePointer<Int32>,
    _ factor: QuantizedFactor
  ) -> __m512i {
    let start = correction(format, factor)
    switch precision {
    case .fast: return dotProduct(start, weights, quants)
    case .precise:
      let low = dotProduct(start, weights, quants + 8)
      let high = dotProduct(_mm512_setzero_si512(), weights, quants)
      return _mm512_add_epi32(low, _mm512_slli_epi32(high, 8))
    }
  }

  /// The dot products of sixteen rows and one token's bytes, added to `sum`, in two chains.
  @inline(__always)
  private static func dotProduct(_ sum: __m512i, _ w: Weights, _ x: UnsafePointer<Int32>) -> __m512i {
    var even = dpbusd512(sum, w.v0, _mm512_set1_epi32(x[0]))
    var odd = dpbusd512(_mm512_setzero_si512(), w.v1, _mm512_set1_epi32(x[1]))
    even = dpbusd512(even, w.v2, _mm512_set1_epi32(x[2]))
    odd = dpbusd512(odd, w.v3, _mm512_set1_epi32(x[3]))
    even = dpbusd512(even, w.v4, _mm512_set1_epi32(x[4]))
    odd = dpbusd512(odd, w.v5, _mm512_set1_epi32(x[5]))
    even = dpbusd512(even, w.v6, _mm512_set1_epi32(x[6]))
    odd = dpbusd512(odd, w.v7, _mm512_set1_epi32(x[7]))
    return _mm512_add_epi32(even, odd)
  }

  /// Many tokens: bound by arithmetic. A record's weights are unpacked once for all, and each broadcast
  /// serves two groups: two dot products per load, which is what the load ports can feed.
  @inline(__always)
  private static func multiplyPanel(
    _ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands
  ) {
    let panel = operands.panel
    let aSums = operands.sums
    let bSums = operands.sums + 16 &* QuantizedPanel.tokens
    for token in 0..<panel.tokenCount {
      _mm512_store_ps(aSums + 16 &* token, _mm512_setzero_ps())
      _mm512_store_ps(bSums + 16 &* token, _mm512_setzero_ps())
    }
    var records = RecordPair(format, operands)
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    var factors = UnsafePointer(panel.factors)
    for block in 0..<panel.blockCount {
      records.prefetchAhead(format, block, distance: 4096)
      let (a, b) = (Weights(format, records.a), Weights(format, records.b))
      let (aRows, bRows) = (
        rowFactors(format, records.a, block), rowFactors(format, records.b, block)
      )
      var sum = 0
      for _ in 0..<panel.tokenCount {
        let blockSums = blockSums(format, precision, a, b, quants, factors[0])
        accumulate(format, blockSums.a, factors[0], aRows, aSums + sum)
        accumulate(format, blockSums.b, factors[0], bRows, bSums + sum)
        sum &+= 16
        quants += 16
        factors += 1
      }
      records.advance(format, past: block)
    }
  }

  /// Where two groups of rows are read.
  private struct RecordPair {
    var a, b: UnsafeRawPointer
    private let groupByteCount: Int

    @inline(__always)
    init(_ format: InterleavedFormat, _ operands: RecordOperands) {
      (a, b) = (operands.first + format.headerByteCount, operands.second + format.headerByteCount)
      groupByteCount = format.groupByteCount(
        columns: operands.panel.blockCount &* InterleavedFormat.columnsPerBlock)
    }

    /// Fetches what lies `distance` bytes ahead of block `block`. Past the end of a group the other group of
    /// this pair follows, which is read already: there the next pair's is fetched.
    @inline(__always)
    func prefetchAhead(_ format: InterleavedFormat, _ block: Int, distance: Int) {
      let isNearEnd = block &* format.recordByteCount &+ distance >= groupByteCount
      let ahead = distance &+ (isNearEnd ? groupByteCount : 0)
      prefetchRecord(format, a + ahead)
      prefetchRecord(format, b + ahead)
    }

    @inline(__always)
    mutating func advance(_ format: InterleavedFormat, past block: Int) {
      a += format.recordStride(after: block)
      b += format.recordStride(after: block)
    }
  }

  /// The sums of two groups' 32 products with one token's integers.
  @inline(__always)
  private static func blockSums(
    _ format: InterleavedFormat, _ precision: Precision, _ a: Weights, _ b: Weights,
    _ quants: UnsafePointer<Int32>, _ factor: QuantizedFactor
  ) -> (a: __m512i, b: __m512i) {
    let start = correction(format, factor)
    var (aSum, bSum) = (start, start)
    switch precision {
    case .fast: add(&aSum, &bSum, a, b, quants)
    case .precise:
      add(&aSum, &bSum, a, b, quants + 8)
      var (aHigh, bHigh) = (_mm512_setzero_si512(), _mm512_setzero_si512())
      add(&aHigh, &bHigh, a, b, quants)
      aSum = _mm512_add_epi32(aSum, _mm512_slli_epi32(aHigh, 8))
      bSum = _mm512_add_epi32(bSum, _mm512_slli_epi32(bHigh, 8))
    }
    return (aSum, bSum)
  }

  /// What takes the weights' offset off again.
  @inline(__always)
  private static func correction(_ format: InterleavedFormat, _ factor: QuantizedFactor) -> __m512i {
    _mm512_slli_epi32(_mm512_set1_epi32(factor.correction), UInt32(format.offsetShift))
  }

  @inline(__always)
  static func prefetchRecord(_ format: InterleavedFormat, _ record: UnsafeRawPointer) {
    var line = 0
    while line < format.recordByteCount {
      prefetch(record + line)
      line &+= 64
    }
  }

  /// 32 columns of sixteen rows, unsigned: lane *r* of vector *g* holds columns 4g … 4g + 3 of row *r*.
  private struct Weights {
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
      }
    }
  }

  /// The sixteen rows' scales and minimums.
  @inline(__always)
  private static func rowFactors(
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

  /// Adds 32 columns' products of two groups of rows and one token's bytes. Each group is added up in two
  /// chains: a single chain of eight is so long that the CPU runs out of others to start meanwhile (7 %
  /// slower).
  @inline(__always)
  private static func add(
    _ aSum: inout __m512i, _ bSum: inout __m512i, _ a: Weights, _ b: Weights, _ x: UnsafePointer<Int32>
  ) {
    var (aOdd, bOdd) = (_mm512_setzero_si512(), _mm512_setzero_si512())
    add(&aSum, &bSum, a.v0, b.v0, x[0])
    add(&aOdd, &bOdd, a.v1, b.v1, x[1])
    add(&aSum, &bSum, a.v2, b.v2, x[2])
    add(&aOdd, &bOdd, a.v3, b.v3, x[3])
    add(&aSum, &bSum, a.v4, b.v4, x[4])
    add(&aOdd, &bOdd, a.v5, b.v5, x[5])
    add(&aSum, &bSum, a.v6, b.v6, x[6])
    add(&aOdd, &bOdd, a.v7, b.v7, x[7])
    aSum = _mm512_add_epi32(aSum, aOdd)
    bSum = _mm512_add_epi32(bSum, bOdd)
  }

  @inline(__always)
  private static func add(
    _ aSum: inout __m512i, _ bSum: inout __m512i, _ a: __m512i, _ b: __m512i, _ fourBytes: Int32
  ) {
    let x = _mm512_set1_epi32(fourBytes)
    aSum = dpbusd512(aSum, a, x)
    bSum = dpbusd512(bSum, b, x)
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

@inline(__always)
private func bits(_ x: __m512) -> __m512i { unsafeBitCast(x, to: __m512i.self) }
