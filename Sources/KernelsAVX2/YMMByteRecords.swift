public import GPTOSSKernels
public import _Builtin_intrinsics.intel

/// Products with records whose weights stay bytes, in 256-bit registers: 32 multiply-adds per instruction.
///
/// The loops are written once: for one token here, for many in `YMMByteRecords+Panel.swift`. A set says how
/// it multiplies bytes and adds up: AVX2 in 16 bits (VPMADDUBSW), AVX-VNNI in 32 (VPDPBUSD).
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
    var record = group + format.headerByteCount
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    for block in 0..<panel.blockCount {
      prefetchStream(format, record, ahead: 4096, everyLines: 2)
      let factor = panel.factors[block]
      let start = start(format, factor)
      let sums = recordSums(format, precision, record + 16 &* format.scaleByteCount, quants)
      let rows = rowFactors(format, record, block)
      aTotal = accumulated(format, _mm256_add_epi32(sums.a, start), factor, rows.a, aTotal)
      bTotal = accumulated(format, _mm256_add_epi32(sums.b, start), factor, rows.b, bTotal)
      record += format.recordStride(after: block)
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
    // A vector of nibbles holds columns 4g … in the lower halves of its bytes and those 16 further in the
    // upper ones.
    switch format.codes {
    case .bytes: return recordSums(precision, x) { (bytes(vectors, $0), bytes(vectors, $0 &+ 4)) }
    case .nibblesOfE2M1:
      return recordSums(precision, x) { (lowerNibbles(vectors, $0), upperNibbles(vectors, $0)) }
    case .nibbles:
      return recordSums(precision, x) { (plainLowerNibbles(vectors, $0), plainUpperNibbles(vectors, $0)) }
    case .nibblesAndHighBits:
      return recordSums(precision, x) { (lowerFiveBits(vectors, $0), upperFiveBits(vectors, $0)) }
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
}
