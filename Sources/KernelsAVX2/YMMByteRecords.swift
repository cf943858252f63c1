public import GPTOSSKernels
public import _Builtin_intrinsics.intel

/// Products with records whose weights stay bytes, in 256-bit registers: 32 multiply-adds per instruction.
///
/// The loops are here, written once. A set says how it multiplies bytes and adds up: AVX2 in 16 bits
/// (VPMADDUBSW), AVX-VNNI in 32 (VPDPBUSD).
///
/// Quants of a block: 32 bytes, columns in order. With `precise` those are the high bytes, and the low bytes
/// follow.
@usableFromInline
package protocol YMMByteRecords: YMMInstructions {
  /// `sum` and the products of four columns of eight rows, added up as far as the instruction does.
  ///
  /// - Parameters:
  ///   - weights: four bytes of each row, unsigned.
  ///   - x: the four activations, signed bytes, the same in each lane.
  static func addProducts(_ weights: __m256i, _ x: __m256i, _ sum: __m256i) -> __m256i

  /// A sum of up to four products, or of eight and their `blockStart`: one 32-bit integer per row.
  static func total(_ sum: __m256i) -> __m256i

  /// `256 · total(sum)`.
  static func total256(_ sum: __m256i) -> __m256i

  /// What a sum of a block's eight products begins with, so that its `total` is free of the weights' offset.
  ///
  /// - Parameter quants: those of the token and block.
  static func blockStart(
    _ format: InterleavedFormat, _ factor: QuantizedFactor, _ quants: UnsafePointer<Int32>
  ) -> __m256i
}

extension YMMByteRecords {
  /// Stores 32 integers as bytes, or as high and low bytes.
  @inlinable @inline(__always)
  static func quantizeToBytes(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> (scale: Float, sum: Int32) {
    quantize(input, precision, quants: quants) { q0, q1, q2, q3 in
      let vectors = quants.assumingMemoryBound(to: __m256i.self)
      switch precision {
      case .fast: _mm256_storeu_si256(vectors, bytes(q0, q1, q2, q3))
      case .precise:
        // The high byte rounded, so that the low byte is what is left, −128 … 127.
        let (h0, h1, h2, h3) = (highByte(q0), highByte(q1), highByte(q2), highByte(q3))
        _mm256_storeu_si256(vectors, bytes(h0, h1, h2, h3))
        _mm256_storeu_si256(
          vectors + 1, bytes(lowByte(q0, h0), lowByte(q1, h1), lowByte(q2, h2), lowByte(q3, h3)))
      }
    }
  }

  @inlinable @inline(__always)
  static func highByte(_ q: __m256i) -> __m256i {
    _mm256_srai_epi32(_mm256_add_epi32(q, _mm256_set1_epi32(128)), 8)
  }

  @inlinable @inline(__always)
  static func lowByte(_ q: __m256i, _ high: __m256i) -> __m256i {
    _mm256_sub_epi32(q, _mm256_slli_epi32(high, 8))
  }

  /// 32 integers that fit into bytes, as bytes in order. Packing works within halves of a register and leaves
  /// fours of columns 0, 8, 16, 24, 4, 12, 20, 28.
  @inlinable @inline(__always)
  static func bytes(_ q0: __m256i, _ q1: __m256i, _ q2: __m256i, _ q3: __m256i) -> __m256i {
    let fours = _mm256_packs_epi16(_mm256_packs_epi32(q0, q1), _mm256_packs_epi32(q2, q3))
    return _mm256_permutevar8x32_epi32(fours, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7))
  }

  /// Each of the two groups for itself, so that one token reads a single stream; or both for a panel.
  @inlinable @inline(__always)
  static func multiplyBytes(
    _ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands
  ) {
    if operands.panel.tokenCount == 1 {
      multiplyOne(format, precision, operands)
    } else {
      multiplyPanel(format, precision, operands)
    }
  }

  @inlinable @inline(__always)
  static func multiplyOne(_ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands) {
    var (group, sums) = (operands.first, operands.sums)
    while true {
      multiplyOne(format, precision, group, operands.panel, sums: sums)
      guard group != operands.second else { return }
      (group, sums) = (operands.second, sums + 16 &* QuantizedPanel.tokens)
    }
  }

  /// One token: bound by memory. Weights are unpacked in registers, and a broadcast serves both parts of a
  /// record.
  @inlinable @inline(__always)
  static func multiplyOne(
    _ format: InterleavedFormat, _ precision: Precision, _ group: UnsafeRawPointer, _ panel: QuantizedPanel,
    sums: UnsafeMutablePointer<Float>
  ) {
    var (aTotal, bTotal) = (broadcast(0), broadcast(0))
    var record = group
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    for block in 0..<panel.blockCount {
      prefetchStream(format, record, ahead: 4096, everyLines: 2)
      let factor = panel.factors[block]
      let start = start(format, factor)
      let sums = recordSums(format, precision, record + 16 &* format.scaleByteCount, quants)
      let scale = broadcast(factor.scale)
      let rowScales = scales(format, record)
      aTotal = multiplyAdd(
        multiply(floats(_mm256_add_epi32(sums.a, start)), scale), rowScales.a, aTotal)
      bTotal = multiplyAdd(
        multiply(floats(_mm256_add_epi32(sums.b, start)), scale), rowScales.b, bTotal)
      record += format.recordByteCount
      quants += 16
    }
    store(aTotal, sums)
    store(bTotal, sums + 8)
  }

  /// The sums of a record's two parts and one token, with the offset of the weights in them.
  @inlinable @inline(__always)
  static func recordSums(
    _ format: InterleavedFormat, _ precision: Precision, _ vectors: UnsafeRawPointer,
    _ x: UnsafePointer<Int32>
  ) -> Parts {
    switch format {
    case .q8_0: return recordSums(precision, x) { (bytes(vectors, $0), bytes(vectors, $0 &+ 4)) }
    case .mxfp4:
      // Vector g holds columns 4g … in the lower halves of its bytes and those 16 further in the upper ones.
      return recordSums(precision, x) { (lowerNibbles(vectors, $0), upperNibbles(vectors, $0)) }
    }
  }

  /// - Parameter weights: gives columns 4g … 4g + 3, and those 16 further. Both at once: with a round of the
  ///   loop for each four columns the compiler would ask every time which half of a byte is meant.
  @inlinable @inline(__always)
  static func recordSums(
    _ precision: Precision, _ x: UnsafePointer<Int32>, weights: (_ g: Int) -> (lower: Parts, upper: Parts)
  ) -> Parts {
    let zero = _mm256_setzero_si256()
    var (lower, upper) = ((a: zero, b: zero), (a: zero, b: zero))
    switch precision {
    case .fast:
      for g in 0..<4 {
        let weights = weights(g)
        addProducts(weights.lower, x[g], &lower)
        addProducts(weights.upper, x[g &+ 4], &upper)
      }
      return (
        _mm256_add_epi32(total(lower.a), total(upper.a)), _mm256_add_epi32(total(lower.b), total(upper.b))
      )
    case .precise:
      // Those of the low bytes beside those of the high ones.
      var (lowerLow, upperLow) = (lower, upper)
      for g in 0..<4 {
        let weights = weights(g)
        addProducts(weights.lower, x[g], &lower)
        addProducts(weights.lower, x[g &+ 8], &lowerLow)
        addProducts(weights.upper, x[g &+ 4], &upper)
        addProducts(weights.upper, x[g &+ 12], &upperLow)
      }
      return (
        _mm256_add_epi32(combined(lower.a, lowerLow.a), combined(upper.a, upperLow.a)),
        _mm256_add_epi32(combined(lower.b, lowerLow.b), combined(upper.b, upperLow.b))
      )
    }
  }

  @inlinable @inline(__always)
  static func addProducts(_ weights: Parts, _ fourBytes: Int32, _ sum: inout Parts) {
    let x = _mm256_set1_epi32(fourBytes)
    sum = (addProducts(weights.a, x, sum.a), addProducts(weights.b, x, sum.b))
  }

  /// The sum of products with high bytes and of those with low ones.
  @inlinable @inline(__always)
  static func combined(_ high: __m256i, _ low: __m256i) -> __m256i {
    _mm256_add_epi32(total256(high), total(low))
  }

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
    var (a, b) = (operands.first, operands.second)
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    var factors = UnsafePointer(panel.factors)
    for _ in 0..<panel.blockCount {
      prefetchStream(format, a, ahead: 8192, everyLines: 1)
      prefetchStream(format, b, ahead: 8192, everyLines: 1)
      unpack(format, a, unpacked)
      unpack(format, b, unpacked + 2)
      let (aScales, bScales) = (scales(format, a), scales(format, b))
      let rowScales = (aScales.a, aScales.b, bScales.a, bScales.b)
      switch precision {
      case .precise:
        for token in 0..<panel.tokenCount {
          let x = quants + 16 &* token
          let (high, low) = panelSums(
            unpacked, x, x + 8, _mm256_setzero_si256(), blockStart(format, factors[token], x))
          accumulate(
            (
              combined(high.0, low.0), combined(high.1, low.1), combined(high.2, low.2),
              combined(high.3, low.3)
            ), factors[token], rowScales, operands.sums + 16 &* token)
        }
      case .fast:
        var token = 0
        while token < panel.tokenCount {
          // The last of an odd number is computed twice.
          let other = Swift.min(token &+ 1, panel.tokenCount &- 1)
          let (x, y) = (quants + 16 &* token, quants + 16 &* other)
          let sums = panelSums(
            unpacked, x, y, blockStart(format, factors[token], x), blockStart(format, factors[other], y))
          accumulate(
            sums, (factors[token], factors[other]), rowScales,
            (operands.sums + 16 &* token, operands.sums + 16 &* other))
          token &+= 2
        }
      }
      a += format.recordByteCount
      b += format.recordByteCount
      quants += 16 &* panel.tokenCount
      factors += panel.tokenCount
    }
  }

  /// Sums of the four parts of two records with two rows of bytes, `x` and `y`. These eight, a vector of
  /// weights, two of activations and a product fit into the sixteen registers.
  @inlinable @inline(__always)
  static func panelSums(
    _ weights: UnsafePointer<__m256i>, _ x: UnsafePointer<Int32>, _ y: UnsafePointer<Int32>,
    _ xStart: __m256i, _ yStart: __m256i
  ) -> (x: Four<__m256i>, y: Four<__m256i>) {
    var (x0, x1, x2, x3) = (xStart, xStart, xStart, xStart)
    var (y0, y1, y2, y3) = (yStart, yStart, yStart, yStart)
    for g in 0..<8 {
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
    _ sums: (x: Four<__m256i>, y: Four<__m256i>), _ factors: (QuantizedFactor, QuantizedFactor),
    _ rowScales: Four<__m256>, _ totals: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  ) {
    let scales = (broadcast(factors.0.scale), broadcast(factors.1.scale))
    func add(_ x: __m256i, _ y: __m256i, _ rowScale: __m256, _ offset: Int) {
      let (x, y) = (floats(total(x)), floats(total(y)))
      let (xTotal, yTotal) = (load(UnsafePointer(totals.0 + offset)), load(UnsafePointer(totals.1 + offset)))
      store(multiplyAdd(multiply(x, scales.0), rowScale, xTotal), totals.0 + offset)
      store(multiplyAdd(multiply(y, scales.1), rowScale, yTotal), totals.1 + offset)
    }
    let second = 16 &* QuantizedPanel.tokens
    add(sums.x.0, sums.y.0, rowScales.0, 0)
    add(sums.x.1, sums.y.1, rowScales.1, 8)
    add(sums.x.2, sums.y.2, rowScales.2, second)
    add(sums.x.3, sums.y.3, rowScales.3, second &+ 8)
  }

  /// Unpacks a record: columns 4g … 4g + 3 of its parts at `4 · g` and `4 · g + 1`.
  @inlinable @inline(__always)
  static func unpack(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ unpacked: UnsafeMutablePointer<__m256i>
  ) {
    let vectors = record + 16 &* format.scaleByteCount
    switch format {
    case .q8_0:
      for g in 0..<8 { (unpacked[4 &* g], unpacked[4 &* g &+ 1]) = bytes(vectors, g) }
    case .mxfp4:
      for g in 0..<4 {
        (unpacked[4 &* g], unpacked[4 &* g &+ 1]) = lowerNibbles(vectors, g)
        (unpacked[4 &* g &+ 16], unpacked[4 &* g &+ 17]) = upperNibbles(vectors, g)
      }
    }
  }
}

/// One of each part of two records.
@usableFromInline
typealias Four<Element> = (Element, Element, Element, Element)
