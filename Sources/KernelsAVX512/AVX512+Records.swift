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
  ) -> QuantizedFactor {
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
      return QuantizedFactor(ofZeros: largest < .infinity ? 0 : .nan)
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
    return QuantizedFactor(
      scale: largest / precision.largestQuant, lowerSum: _mm512_reduce_add_epi32(q0),
      upperSum: _mm512_reduce_add_epi32(q1))
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
  /// apart, are a quarter slower.
  @inline(__always)
  private static func multiplyOne(
    _ format: InterleavedFormat, _ precision: Precision, _ group: UnsafeRawPointer, _ panel: QuantizedPanel,
    sums: UnsafeMutablePointer<Float>
  ) {
    var total = _mm512_setzero_ps()
    var record = group + format.headerByteCount
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    let place = StreamPrefetch.current
    for block in 0..<panel.blockCount {
      prefetchAhead(format, record, to: place, isOneToken: true)
      let factor = panel.factors[block]
      let blockSums = blockSums(format, precision, Weights(format, record), quants, factor)
      total = accumulated(format, blockSums, factor, rowFactors(format, record, block), total)
      record += format.recordStride(after: block)
      quants += 16
    }
    _mm512_store_ps(sums, total)
  }

  /// Fetches what one token, or a few, will read: as far ahead and as densely as the place wants it.
  @inline(__always)
  private static func prefetchAhead(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, to place: StreamPrefetch, isOneToken: Bool
  ) {
    switch place {
    case .secondLevel where isOneToken: prefetchStream(format, record, ahead: 4096, everyLines: 2)
    case .secondLevel: prefetchStream(format, record, ahead: 8192, everyLines: 1)
    case .firstLevel:
      var line = 0
      while line < format.recordByteCount {
        GPTOSSCInstructions.prefetch(record + (4096 &+ line))
        line &+= 64
      }
    }
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
    let place = StreamPrefetch.current
    for block in 0..<panel.blockCount {
      prefetchAhead(format, record, to: place, isOneToken: false)
      let weights = Weights(format, record)
      let rows = rowFactors(format, record, block)
      var total = sums
      for _ in 0..<panel.tokenCount {
        accumulate(
          format, blockSums(format, precision, weights, quants, factors[0]), factors[0], rows, total)
        total += 16
        quants += 16
        factors += 1
      }
      record += format.recordStride(after: block)
    }
  }

  /// Sums of a block's products, one per row and scale. Where a row has one scale, `upper` is zero.
  private typealias Sums = (lower: __m512i, upper: __m512i)

  /// The sums of sixteen rows' 32 products with one token's integers.
  @inline(__always)
  private static func blockSums(
    _ format: InterleavedFormat, _ precision: Precision, _ weights: Weights, _ quants: UnsafePointer<Int32>,
    _ factor: QuantizedFactor
  ) -> Sums {
    let start = corrections(format, factor)
    switch precision {
    case .fast: return dotProducts(format, start, weights, quants)
    case .precise:
      return combined(
        high: dotProducts(format, zeros, weights, quants),
        low: dotProducts(format, start, weights, quants + 8))
    }
  }

  private static var zeros: Sums {
    @inline(__always) get { (_mm512_setzero_si512(), _mm512_setzero_si512()) }
  }

  /// The sums of products with high bytes and of those with low ones.
  @inline(__always)
  private static func combined(high: Sums, low: Sums) -> Sums {
    (
      _mm512_add_epi32(low.lower, _mm512_slli_epi32(high.lower, 8)),
      _mm512_add_epi32(low.upper, _mm512_slli_epi32(high.upper, 8))
    )
  }

  /// Two chains of products, of columns 0 … 15 and 16 … 31, as sums per scale.
  @inline(__always)
  private static func joined(_ format: InterleavedFormat, _ chains: Sums) -> Sums {
    guard format.scaleCount == 1 else { return chains }
    return (_mm512_add_epi32(chains.lower, chains.upper), _mm512_setzero_si512())
  }

  /// The dot products of sixteen rows and one token's bytes, added to `start`.
  @inline(__always)
  private static func dotProducts(
    _ format: InterleavedFormat, _ start: Sums, _ w: Weights, _ x: UnsafePointer<Int32>
  ) -> Sums {
    var (lower, upper) = start
    lower = dpbusd512(lower, w.v0, _mm512_set1_epi32(x[0]))
    upper = dpbusd512(upper, w.v4, _mm512_set1_epi32(x[4]))
    lower = dpbusd512(lower, w.v1, _mm512_set1_epi32(x[1]))
    upper = dpbusd512(upper, w.v5, _mm512_set1_epi32(x[5]))
    lower = dpbusd512(lower, w.v2, _mm512_set1_epi32(x[2]))
    upper = dpbusd512(upper, w.v6, _mm512_set1_epi32(x[6]))
    lower = dpbusd512(lower, w.v3, _mm512_set1_epi32(x[3]))
    upper = dpbusd512(upper, w.v7, _mm512_set1_epi32(x[7]))
    return joined(format, (lower, upper))
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
      prefetchStream(format, a, ahead: ahead, everyLines: 1)
      prefetchStream(format, b, ahead: ahead, everyLines: 1)
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
  ) -> (a: Sums, b: Sums) {
    let start = corrections(format, factor)
    switch precision {
    case .fast: return dotProducts(format, start, a, b, quants)
    case .precise:
      let low = dotProducts(format, start, a, b, quants + 8)
      let high = dotProducts(format, zeros, a, b, quants)
      return (combined(high: high.a, low: low.a), combined(high: high.b, low: low.b))
    }
  }

  /// What takes the weights' offset off again.
  @inline(__always)
  private static func corrections(_ format: InterleavedFormat, _ factor: QuantizedFactor) -> Sums {
    func correction(_ index: Int) -> __m512i {
      _mm512_slli_epi32(
        _mm512_set1_epi32(factor.correction(format, ofScale: index)), UInt32(format.offsetShift))
    }
    return (correction(0), format.scaleCount == 2 ? correction(1) : _mm512_setzero_si512())
  }

  @inline(__always)
  private static func accumulate(
    _ format: InterleavedFormat, _ sums: Sums, _ factor: QuantizedFactor, _ rows: RowFactors<__m512>,
    _ total: UnsafeMutablePointer<Float>
  ) {
    _mm512_store_ps(total, accumulated(format, sums, factor, rows, _mm512_load_ps(total)))
  }

  @inline(__always)
  private static func accumulated(
    _ format: InterleavedFormat, _ sums: Sums, _ factor: QuantizedFactor, _ rows: RowFactors<__m512>,
    _ total: __m512
  ) -> __m512 {
    let total = accumulated(format, ofScale: 0, sums.lower, factor, rows, total)
    guard format.scaleCount == 2 else { return total }
    return accumulated(format, ofScale: 1, sums.upper, factor, rows, total)
  }

  /// Adds 32 columns' products of two groups of rows and one token's bytes to `start`. Each group is added up
  /// in two chains: a single chain of eight is so long that the CPU runs out of others to start meanwhile and
  /// is 7 % slower.
  @inline(__always)
  private static func dotProducts(
    _ format: InterleavedFormat, _ start: Sums, _ a: Weights, _ b: Weights, _ x: UnsafePointer<Int32>
  ) -> (a: Sums, b: Sums) {
    var (aSums, bSums) = (start, start)
    add(&aSums.lower, &bSums.lower, a.v0, b.v0, x[0])
    add(&aSums.upper, &bSums.upper, a.v4, b.v4, x[4])
    add(&aSums.lower, &bSums.lower, a.v1, b.v1, x[1])
    add(&aSums.upper, &bSums.upper, a.v5, b.v5, x[5])
    add(&aSums.lower, &bSums.lower, a.v2, b.v2, x[2])
    add(&aSums.upper, &bSums.upper, a.v6, b.v6, x[6])
    add(&aSums.lower, &bSums.lower, a.v3, b.v3, x[3])
    add(&aSums.upper, &bSums.upper, a.v7, b.v7, x[7])
    return (joined(format, aSums), joined(format, bSums))
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

@inline(__always)
private func bits(_ x: __m512) -> __m512i { unsafeBitCast(x, to: __m512i.self) }
