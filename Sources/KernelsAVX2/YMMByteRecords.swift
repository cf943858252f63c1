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

  /// What the sum of all products of a scale in a block begins with, so that its `total` is free of the
  /// weights' offset.
  ///
  /// - Parameters:
  ///   - index: which of the format's scales.
  ///   - quants: those of the token and block.
  static func blockStart(
    _ format: InterleavedFormat, ofScale index: Int, _ factor: QuantizedFactor,
    _ quants: UnsafePointer<Int32>
  ) -> __m256i
}

extension YMMByteRecords {
  /// Stores 32 integers as bytes, or as high and low bytes.
  @inlinable @inline(__always)
  static func quantizeToBytes(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> QuantizedFactor {
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
    var totals = (a: broadcast(0), b: broadcast(0))
    var record = group + format.headerByteCount
    var quants = UnsafeRawPointer(panel.quants).assumingMemoryBound(to: Int32.self)
    for block in 0..<panel.blockCount {
      prefetchStream(format, record, ahead: 8192, everyLines: 1)
      let factor = panel.factors[block]
      let halves = recordSums(format, precision, record + 16 &* format.scaleByteCount, quants)
      let rows = rowFactors(format, record, block)
      if format.scaleCount == 1 {
        let sums = (
          _mm256_add_epi32(halves.lower.a, halves.upper.a), _mm256_add_epi32(halves.lower.b, halves.upper.b)
        )
        accumulate(format, ofScale: 0, sums, factor, rows, &totals)
      } else {
        accumulate(format, ofScale: 0, halves.lower, factor, rows, &totals)
        accumulate(format, ofScale: 1, halves.upper, factor, rows, &totals)
      }
      record += format.recordStride(after: block)
      quants += 16
    }
    store(totals.a, sums)
    store(totals.b, sums + 8)
  }

  /// Takes the offset off a record's sums, turns them into floats and adds them to what earlier blocks gave.
  @inlinable @inline(__always)
  static func accumulate(
    _ format: InterleavedFormat, ofScale index: Int, _ sums: Parts, _ factor: QuantizedFactor,
    _ rows: (a: RowFactors<__m256>, b: RowFactors<__m256>), _ totals: inout (a: __m256, b: __m256)
  ) {
    let start = start(format, ofScale: index, factor)
    let (a, b) = (_mm256_add_epi32(sums.a, start), _mm256_add_epi32(sums.b, start))
    totals.a = accumulated(format, ofScale: index, a, factor, rows.a, totals.a)
    totals.b = accumulated(format, ofScale: index, b, factor, rows.b, totals.b)
  }

  /// The sums of a record's two parts and one token, with the offset of the weights in them, columns 0 … 15
  /// and columns 16 … 31.
  @inlinable @inline(__always)
  static func recordSums(
    _ format: InterleavedFormat, _ precision: Precision, _ vectors: UnsafeRawPointer,
    _ x: UnsafePointer<Int32>
  ) -> (lower: Parts, upper: Parts) {
    let zero = _mm256_setzero_si256()
    var (lower, upper) = ((a: zero, b: zero), (a: zero, b: zero))
    switch precision {
    case .fast:
      for g in 0..<4 {
        let weights = halves(format, vectors, g)
        addProducts(weights.lower, x[g], &lower)
        addProducts(weights.upper, x[g &+ 4], &upper)
      }
      return ((total(lower.a), total(lower.b)), (total(upper.a), total(upper.b)))
    case .precise:
      // Those of the low bytes beside those of the high ones.
      var (lowerLow, upperLow) = (lower, upper)
      for g in 0..<4 {
        let weights = halves(format, vectors, g)
        addProducts(weights.lower, x[g], &lower)
        addProducts(weights.lower, x[g &+ 8], &lowerLow)
        addProducts(weights.upper, x[g &+ 4], &upper)
        addProducts(weights.upper, x[g &+ 12], &upperLow)
      }
      return (
        (combined(lower.a, lowerLow.a), combined(lower.b, lowerLow.b)),
        (combined(upper.a, upperLow.a), combined(upper.b, upperLow.b))
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
