/// What a product with records asks of an instruction set whose vectors hold eight or four rows. The loops
/// are here, written once: `AVX2` and `PortableInstructions` supply the instructions.
///
/// The weights of a record become 16-bit integers, and ``VectorInstructions/dotPairs(_:_:_:)`` multiplies two
/// columns of each row at once. In 16 bits nothing overflows, and `precise` costs no more than `fast`.
///
/// Quants of a block: sixteen pairs of 16-bit integers. Pair 2g holds columns 4g and 4g + 2, pair 2g + 1
/// columns 4g + 1 and 4g + 3, because that is what masking and shifting a vector of bytes leaves.
///
/// A *part* of a record is `laneCount` of its sixteen rows: 0 … 1 with eight lanes, 0 … 3 with four.
@usableFromInline
package protocol RecordInstructions: VectorInstructions, RecordKernels {
  /// Columns 4g … 4g + 3 of a part's rows, as pairs of 16-bit integers, with the offset that `start` takes
  /// off.
  ///
  /// - Parameters:
  ///   - format: a constant.
  ///   - vectors: the vectors of the record, past its scales.
  /// - Returns: columns 4g and 4g + 2; columns 4g + 1 and 4g + 3.
  static func weights(
    _ format: InterleavedFormat, _ vectors: UnsafeRawPointer, _ g: Int, part: Int
  ) -> (even: Integers, odd: Integers)

  /// What the sums of columns that share a scale begin with: the correction for the weights' offset, or zero
  /// where `weights` adds none.
  static func start(_ format: InterleavedFormat, ofScale index: Int, _ factor: QuantizedFactor) -> Integers

  /// The scales of some rows whose exponents are stored: `MXFP4.halfScale` of each, exactly.
  static func scales(e8m0 exponents: UnsafeRawPointer) -> Vector
}

extension RecordInstructions {
  @inlinable @inline(__always)
  package static func multiply(
    _ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands
  ) {
    multiplyPairs(format, operands)
  }

  /// `multiply`, whatever the precision.
  @inlinable @inline(__always)
  package static func multiplyPairs(_ format: InterleavedFormat, _ operands: RecordOperands) {
    var part = 0
    while part < 16 / laneCount {
      if operands.panel.tokenCount == 1 {
        // Both groups in one place. A body that is called from two is compiled once for all formats, and asks
        // for the format in every round.
        var (group, sums) = (operands.first, operands.sums)
        while true {
          multiplyOne(format, group, operands.panel, part, sums: sums)
          guard group != operands.second else { break }
          (group, sums) = (operands.second, sums + 16 &* QuantizedPanel.tokens)
        }
      } else {
        multiplyPanel(format, operands, part)
      }
      part &+= 2
    }
  }

  /// One token and two parts: one group after the other, weights unpacked in registers.
  @inlinable @inline(__always)
  static func multiplyOne(
    _ format: InterleavedFormat, _ group: UnsafeRawPointer, _ panel: QuantizedPanel, _ part: Int,
    sums: UnsafeMutablePointer<Float>
  ) {
    var totals = (low: broadcast(0), high: broadcast(0))
    var record = group + format.headerByteCount
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    for block in 0..<panel.blockCount {
      prefetchStream(format, record, ahead: 8192, everyLines: 1)
      let factor = panel.factors[block]
      let vectors = record + 16 &* format.scaleByteCount
      let rows = (
        low: rowFactors(format, record, block, part: part),
        high: rowFactors(format, record, block, part: part &+ 1)
      )
      addProducts(format, ofScale: 0, vectors, quants, factor, part, rows, &totals)
      if format.scaleCount == 2 {
        addProducts(format, ofScale: 1, vectors, quants, factor, part, rows, &totals)
      }
      record += format.recordStride(after: block)
      quants += 16
    }
    store(totals.low, sums + laneCount &* part)
    store(totals.high, sums + laneCount &* (part &+ 1))
  }

  /// The columns of a record that share a scale, of two parts and one token.
  @inlinable @inline(__always)
  static func addProducts(
    _ format: InterleavedFormat, ofScale index: Int, _ vectors: UnsafeRawPointer,
    _ quants: UnsafePointer<Int32>, _ factor: QuantizedFactor, _ part: Int,
    _ rows: (low: RowFactors<Vector>, high: RowFactors<Vector>), _ totals: inout (low: Vector, high: Vector)
  ) {
    let start = start(format, ofScale: index, factor)
    var (lowSum, highSum) = (start, start)
    for four in 0..<format.foursPerScale {
      let g = index &* format.foursPerScale &+ four
      let (even, odd) = (broadcastPair(quants[2 &* g]), broadcastPair(quants[2 &* g &+ 1]))
      let lowWeights = weights(format, vectors, g, part: part)
      lowSum = dotPairs(lowWeights.odd, odd, dotPairs(lowWeights.even, even, lowSum))
      let highWeights = weights(format, vectors, g, part: part &+ 1)
      highSum = dotPairs(highWeights.odd, odd, dotPairs(highWeights.even, even, highSum))
    }
    totals.low = accumulated(format, ofScale: index, lowSum, factor, rows.low, totals.low)
    totals.high = accumulated(format, ofScale: index, highSum, factor, rows.high, totals.high)
  }

  /// Many tokens, two parts of each group: a record's weights are widened to 16 bits once, into the
  /// first-level cache, and multiplied with two tokens at a time. The eight sums fill the sixteen registers
  /// together with their operands.
  @inlinable @inline(__always)
  static func multiplyPanel(_ format: InterleavedFormat, _ operands: RecordOperands, _ part: Int) {
    let panel = operands.panel
    let widened = operands.unpacked.assumingMemoryBound(to: Integers.self)
    let firstSums = operands.sums + laneCount &* part
    let secondSums = firstSums + 16 &* QuantizedPanel.tokens
    for token in 0..<panel.tokenCount {
      for half in 0..<2 {
        store(broadcast(0), firstSums + (16 &* token &+ laneCount &* half))
        store(broadcast(0), secondSums + (16 &* token &+ laneCount &* half))
      }
    }
    var (aRecord, bRecord) = (
      operands.first + format.headerByteCount, operands.second + format.headerByteCount
    )
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    var factors = UnsafePointer(panel.factors)
    for block in 0..<panel.blockCount {
      prefetchStream(format, aRecord, ahead: 8192, everyLines: 1)
      prefetchStream(format, bRecord, ahead: 8192, everyLines: 1)
      widen(format, aRecord, part, widened)
      widen(format, bRecord, part, widened + 2)
      let rows = (
        rowFactors(format, aRecord, block, part: part), rowFactors(format, aRecord, block, part: part &+ 1),
        rowFactors(format, bRecord, block, part: part), rowFactors(format, bRecord, block, part: part &+ 1)
      )
      var token = 0
      while token < panel.tokenCount {
        // The last of an odd number is computed twice and stored once.
        let other = Swift.min(token &+ 1, panel.tokenCount &- 1)
        let x = PanelToken(quants + 16 &* token, factors + token, firstSums + 16 &* token)
        let y = PanelToken(quants + 16 &* other, factors + other, firstSums + 16 &* other)
        addProducts(format, ofScale: 0, widened, rows, x, y)
        if format.scaleCount == 2 { addProducts(format, ofScale: 1, widened, rows, x, y) }
        token &+= 2
      }
      aRecord += format.recordStride(after: block)
      bRecord += format.recordStride(after: block)
      quants += 16 &* panel.tokenCount
      factors += panel.tokenCount
    }
  }

  /// The columns of two records that share a scale, of two parts each and two tokens, which may be the same.
  @inlinable @inline(__always)
  static func addProducts(
    _ format: InterleavedFormat, ofScale index: Int, _ widened: UnsafePointer<Integers>,
    _ rows: (RowFactors<Vector>, RowFactors<Vector>, RowFactors<Vector>, RowFactors<Vector>),
    _ x: PanelToken, _ y: PanelToken
  ) {
    let xStart = start(format, ofScale: index, x.factor.pointee)
    let yStart = start(format, ofScale: index, y.factor.pointee)
    var (x0, x1, x2, x3) = (xStart, xStart, xStart, xStart)
    var (y0, y1, y2, y3) = (yStart, yStart, yStart, yStart)
    let pairCount = 2 &* format.foursPerScale
    for pair in (index &* pairCount)..<((index &+ 1) &* pairCount) {
      let w = widened + 4 &* pair
      let (w0, w1, w2, w3) = (w[0], w[1], w[2], w[3])
      let xPair = broadcastPair(x.quants[pair])
      x0 = dotPairs(w0, xPair, x0)
      x1 = dotPairs(w1, xPair, x1)
      x2 = dotPairs(w2, xPair, x2)
      x3 = dotPairs(w3, xPair, x3)
      let yPair = broadcastPair(y.quants[pair])
      y0 = dotPairs(w0, yPair, y0)
      y1 = dotPairs(w1, yPair, y1)
      y2 = dotPairs(w2, yPair, y2)
      y3 = dotPairs(w3, yPair, y3)
    }
    accumulate(format, ofScale: index, (x0, x1, x2, x3), x.factor.pointee, rows, x.sums)
    if y.sums != x.sums {
      accumulate(format, ofScale: index, (y0, y1, y2, y3), y.factor.pointee, rows, y.sums)
    }
  }

  /// The scales and minimums of a part's rows.
  @inlinable @inline(__always)
  static func rowFactors(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ block: Int, part: Int
  ) -> RowFactors<Vector> {
    rowFactors(format, record, block, firstLane: laneCount &* part) { scales(e8m0: $0) }
  }

  /// Widens the weights of two parts of a record: pair *p* of the first part at `4 · p`, of the second at `4
  /// · p + 1`.
  @inlinable @inline(__always)
  static func widen(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ part: Int,
    _ widened: UnsafeMutablePointer<Integers>
  ) {
    let vectors = record + 16 &* format.scaleByteCount
    for g in 0..<8 {
      for half in 0..<2 {
        let output = widened + (8 &* g &+ half)
        (output[0], output[4]) = weights(format, vectors, g, part: part &+ half)
      }
    }
  }
}
