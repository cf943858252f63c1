public import GPTOSSKernels
public import _Builtin_intrinsics.intel

/// Many tokens.
extension YMMByteRecords {
  /// Many tokens: bound by arithmetic. Two records' weights are unpacked once, as bytes, into the first-level
  /// cache. From there each vector is multiplied by two rows of activations: those of two tokens, or the high
  /// and the low bytes of one.
  @inlinable @inline(__always)
  static func multiplyPanel(
    _ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands
  ) {
    let panel = operands.panel
    let unpacked = operands.unpacked.assumingMemoryBound(to: __m256i.self)
    for token in 0..<panel.tokenCount {
      for part in 0..<2 {
        store(broadcast(0), operands.sums + (16 &* token &+ 8 &* part))
        store(broadcast(0), operands.sums + (16 &* (QuantizedPanel.tokens &+ token) &+ 8 &* part))
      }
    }
    var (a, b) = (operands.first + format.headerByteCount, operands.second + format.headerByteCount)
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    var factors = UnsafePointer(panel.factors)
    for block in 0..<panel.blockCount {
      prefetchStream(format, a, ahead: 8192, everyLines: 1)
      prefetchStream(format, b, ahead: 8192, everyLines: 1)
      unpack(format, a, unpacked)
      unpack(format, b, unpacked + 2)
      let (aRows, bRows) = (rowFactors(format, a, block), rowFactors(format, b, block))
      let rows = (aRows.a, aRows.b, bRows.a, bRows.b)
      switch precision {
      case .precise:
        for token in 0..<panel.tokenCount {
          let x = PanelToken(quants + 16 &* token, factors + token, operands.sums + 16 &* token)
          addPrecise(format, ofScale: 0, unpacked, rows, x)
          if format.scaleCount == 2 { addPrecise(format, ofScale: 1, unpacked, rows, x) }
        }
      case .fast:
        var token = 0
        while token < panel.tokenCount {
          // The last of an odd number is computed twice.
          let other = Swift.min(token &+ 1, panel.tokenCount &- 1)
          let x = PanelToken(quants + 16 &* token, factors + token, operands.sums + 16 &* token)
          let y = PanelToken(quants + 16 &* other, factors + other, operands.sums + 16 &* other)
          addFast(format, ofScale: 0, unpacked, rows, x, y)
          if format.scaleCount == 2 { addFast(format, ofScale: 1, unpacked, rows, x, y) }
          token &+= 2
        }
      }
      a += format.recordStride(after: block)
      b += format.recordStride(after: block)
      quants += 16 &* panel.tokenCount
      factors += panel.tokenCount
    }
  }

  /// The columns of two records that share a scale, and the high and the low bytes of one token.
  @inlinable @inline(__always)
  static func addPrecise(
    _ format: InterleavedFormat, ofScale index: Int, _ weights: UnsafePointer<__m256i>,
    _ rows: Four<RowFactors<__m256>>, _ x: PanelToken
  ) {
    let start = blockStart(format, ofScale: index, x.factor.pointee, x.quants)
    let (high, low) = panelSums(
      format, ofScale: index, weights, x.quants, x.quants + 8, _mm256_setzero_si256(), start)
    let sums = (
      combined(high.0, low.0), combined(high.1, low.1), combined(high.2, low.2), combined(high.3, low.3)
    )
    accumulate(format, ofScale: index, sums, x.factor.pointee, rows, x.sums)
  }

  /// The columns of two records that share a scale, and the bytes of two tokens, which may be the same.
  @inlinable @inline(__always)
  static func addFast(
    _ format: InterleavedFormat, ofScale index: Int, _ weights: UnsafePointer<__m256i>,
    _ rows: Four<RowFactors<__m256>>, _ x: PanelToken, _ y: PanelToken
  ) {
    let sums = panelSums(
      format, ofScale: index, weights, x.quants, y.quants,
      blockStart(format, ofScale: index, x.factor.pointee, x.quants),
      blockStart(format, ofScale: index, y.factor.pointee, y.quants))
    accumulate(
      format, ofScale: index, sums, (x.factor.pointee, y.factor.pointee), rows, (x.sums, y.sums))
  }

  /// Sums of the four parts of two records with two rows of bytes, `x` and `y`, of the columns that share a
  /// scale. These eight, a vector of weights, two of activations and a product fit into the sixteen
  /// registers.
  @inlinable @inline(__always)
  static func panelSums(
    _ format: InterleavedFormat, ofScale index: Int, _ weights: UnsafePointer<__m256i>,
    _ x: UnsafePointer<Int32>, _ y: UnsafePointer<Int32>, _ xStart: __m256i, _ yStart: __m256i
  ) -> (x: Four<__m256i>, y: Four<__m256i>) {
    var (x0, x1, x2, x3) = (xStart, xStart, xStart, xStart)
    var (y0, y1, y2, y3) = (yStart, yStart, yStart, yStart)
    for four in 0..<format.foursPerScale {
      let g = format.foursPerScale &* index &+ four
      let (xBytes, yBytes) = (_mm256_set1_epi32(x[g]), _mm256_set1_epi32(y[g]))
      let w = weights + 4 &* g
      x0 = addProducts(w[0], xBytes, x0)
      y0 = addProducts(w[0], yBytes, y0)
      x1 = addProducts(w[1], xBytes, x1)
      y1 = addProducts(w[1], yBytes, y1)
      x2 = addProducts(w[2], xBytes, x2)
      y2 = addProducts(w[2], yBytes, y2)
      x3 = addProducts(w[3], xBytes, x3)
      y3 = addProducts(w[3], yBytes, y3)
    }
    return ((x0, x1, x2, x3), (y0, y1, y2, y3))
  }

  /// Turns two tokens' sums of two records into floats and adds them to what earlier blocks gave. The two may
  /// be the same: then it is stored twice. (Where the second is left out by a branch, the compiler moves its
  /// whole computation there, past a copy of all weights.)
  @inlinable @inline(__always)
  static func accumulate(
    _ format: InterleavedFormat, ofScale index: Int, _ sums: (x: Four<__m256i>, y: Four<__m256i>),
    _ factors: (QuantizedFactor, QuantizedFactor), _ rows: Four<RowFactors<__m256>>,
    _ totals: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  ) {
    func add(_ x: __m256i, _ y: __m256i, _ rows: RowFactors<__m256>, _ offset: Int) {
      // Both are loaded before either is stored: they may be the same.
      let (xTotal, yTotal) = (load(UnsafePointer(totals.0 + offset)), load(UnsafePointer(totals.1 + offset)))
      store(accumulated(format, ofScale: index, total(x), factors.0, rows, xTotal), totals.0 + offset)
      store(accumulated(format, ofScale: index, total(y), factors.1, rows, yTotal), totals.1 + offset)
    }
    let second = 16 &* QuantizedPanel.tokens
    add(sums.x.0, sums.y.0, rows.0, 0)
    add(sums.x.1, sums.y.1, rows.1, 8)
    add(sums.x.2, sums.y.2, rows.2, second)
    add(sums.x.3, sums.y.3, rows.3, second &+ 8)
  }

  /// Unpacks a record: columns 4g … 4g + 3 of its parts at `4 · g` and `4 · g + 1`.
  @inlinable @inline(__always)
  static func unpack(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ unpacked: UnsafeMutablePointer<__m256i>
  ) {
    let vectors = record + 16 &* format.scaleByteCount
    for g in 0..<4 {
      let weights = halves(format, vectors, g)
      (unpacked[4 &* g], unpacked[4 &* g &+ 1]) = weights.lower
      (unpacked[4 &* g &+ 16], unpacked[4 &* g &+ 17]) = weights.upper
    }
  }
}

/// One of each part of two records.
@usableFromInline
typealias Four<Element> = (Element, Element, Element, Element)
