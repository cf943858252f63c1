public import GPTOSSKernels
public import _Builtin_intrinsics.arm.neon

/// Products with records by instructions that multiply signed bytes and add them up in 32 bits.
///
/// The loops are written once: for many tokens here, for one in `NEONRecords+One.swift`. A set says how it
/// arranges a record's weights and multiplies them with two or four tokens: `neon` by SDOT, `neon-i8mm` by
/// SMMLA.
///
/// MXFP4's nibbles become signed bytes by a look-up (TBL) in a table of signed values, Q8_0's weights by
/// inverting their highest bit again. So these have no offset to take off. The other formats' weights come out
/// as 0 … 31, or 0 … 63. For a panel their offset is subtracted where they are unpacked, once for all tokens;
/// one token takes it off each sum, as AVX-512 does.
///
/// Quants of a block: 32 high bytes, then 32 low bytes, columns in order. A *part* of a record is four of its
/// sixteen rows, 0 … 3.
@usableFromInline
package protocol NEONRecords: RecordKernels {
  /// Two tokens' sums of a record's sixteen rows.
  associatedtype Sums: NEONTokenSums

  /// Makes a record's weights signed bytes, 512 of them, in the arrangement that `add` reads.
  static func unpack(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ unpacked: UnsafeMutableRawPointer)

  /// Adds the products of unpacked weights with four tokens' bytes: 32 each, 64 from one token to the next.
  ///
  /// - Parameter halves: 0 is columns 0 … 15, 1 columns 16 … 31; a constant.
  static func add(
    _ ab: inout Sums, _ cd: inout Sums, _ weights: UnsafeRawPointer, _ quants: UnsafeRawPointer,
    halves: Range<Int>)

  /// The same with the 32 bytes of two tokens.
  static func add(
    _ sums: inout Sums, _ weights: UnsafeRawPointer, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer,
    halves: Range<Int>)
}

/// Two tokens' sums of a record's sixteen rows.
@usableFromInline
package protocol NEONTokenSums {
  init()

  /// Makes sums of products with high bytes `256` times as large, so that those with low bytes can be added.
  mutating func shift()

  /// Each token's, rows in order.
  var tokens: (NEONRowSums, NEONRowSums) { get }
}

extension NEONRecords {
  @inlinable @inline(__always)
  package static func multiply(
    _ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands
  ) {
    let panel = operands.panel
    // Both groups in one place. A body that is called from two is compiled once for all formats, and asks for
    // the format in every round.
    var (group, sums) = (operands.first, operands.sums)
    while true {
      if panel.tokenCount == 1 {
        multiplyOne(format, precision, group, panel, sums: sums)
      } else {
        multiplyPanel(format, precision, group, panel, sums: sums, unpacked: operands.unpacked)
      }
      guard group != operands.second else { return }
      (group, sums) = (operands.second, sums + 16 &* QuantizedPanel.tokens)
    }
  }

  /// Many tokens: bound by arithmetic. A record's weights become signed bytes once, in the first-level cache,
  /// and are multiplied with four tokens at a time, whose sums take sixteen registers.
  @inlinable @inline(__always)
  static func multiplyPanel(
    _ format: InterleavedFormat, _ precision: Precision, _ group: UnsafeRawPointer, _ panel: QuantizedPanel,
    sums: UnsafeMutablePointer<Float>, unpacked: UnsafeMutableRawPointer
  ) {
    for i in 0..<(4 &* panel.tokenCount) { NEON.store(vdupq_n_f32(0), sums + 4 &* i) }
    let weights = UnsafeRawPointer(unpacked)
    var record = group + format.headerByteCount
    var quants = UnsafeRawPointer(panel.quants)
    var factors = UnsafePointer(panel.factors)
    for block in 0..<panel.blockCount {
      NEON.prefetchStream(format, record, ahead: 8192, everyLines: 2)
      unpack(format, record, unpacked)
      let rows = (
        rowFactors(format, record, block, 0), rowFactors(format, record, block, 1),
        rowFactors(format, record, block, 2), rowFactors(format, record, block, 3)
      )
      var token = 0
      while token &+ 4 <= panel.tokenCount {
        let x = quants + QuantizedPanel.quantBytes &* token
        let (factors, totals) = (factors + token, sums + 16 &* token)
        addFour(format, precision, ofScale: 0, weights, x, factors, rows, totals)
        if format.scaleCount == 2 {
          addFour(format, precision, ofScale: 1, weights, x, factors, rows, totals)
        }
        token &+= 4
      }
      while token < panel.tokenCount {
        // The last of an odd number is computed twice and stored once.
        let other = Swift.min(token &+ 1, panel.tokenCount &- 1)
        let x = quants + QuantizedPanel.quantBytes &* token
        let (factors, totals) = (factors + token, sums + 16 &* token)
        addTwo(format, precision, ofScale: 0, weights, x, factors, rows, totals, other: other &- token)
        if format.scaleCount == 2 {
          addTwo(format, precision, ofScale: 1, weights, x, factors, rows, totals, other: other &- token)
        }
        token &+= 2
      }
      record += format.recordStride(after: block)
      quants += QuantizedPanel.quantBytes &* panel.tokenCount
      factors += panel.tokenCount
    }
  }

  /// The columns that share a scale, of four tokens.
  @inlinable @inline(__always)
  static func addFour(
    _ format: InterleavedFormat, _ precision: Precision, ofScale index: Int, _ weights: UnsafeRawPointer,
    _ quants: UnsafeRawPointer, _ factors: UnsafePointer<QuantizedFactor>, _ rows: NEONRowFactors,
    _ totals: UnsafeMutablePointer<Float>
  ) {
    let halves = halves(format, ofScale: index)
    var (ab, cd) = (Sums(), Sums())
    add(&ab, &cd, weights, quants, halves: halves)
    switch precision {
    case .fast: break
    case .precise:
      ab.shift()
      cd.shift()
      add(&ab, &cd, weights, quants + 32, halves: halves)
    }
    let ((a, b), (c, d)) = (ab.tokens, cd.tokens)
    a.accumulate(format, ofScale: index, factors[0], rows, totals)
    b.accumulate(format, ofScale: index, factors[1], rows, totals + 16)
    c.accumulate(format, ofScale: index, factors[2], rows, totals + 32)
    d.accumulate(format, ofScale: index, factors[3], rows, totals + 48)
  }

  /// The same of two, or of one if `other` is 0.
  @inlinable @inline(__always)
  static func addTwo(
    _ format: InterleavedFormat, _ precision: Precision, ofScale index: Int, _ weights: UnsafeRawPointer,
    _ quants: UnsafeRawPointer, _ factors: UnsafePointer<QuantizedFactor>, _ rows: NEONRowFactors,
    _ totals: UnsafeMutablePointer<Float>, other: Int
  ) {
    let halves = halves(format, ofScale: index)
    let otherQuants = quants + QuantizedPanel.quantBytes &* other
    var pair = Sums()
    add(&pair, weights, quants, otherQuants, halves: halves)
    switch precision {
    case .fast: break
    case .precise:
      pair.shift()
      add(&pair, weights, quants + 32, otherQuants + 32, halves: halves)
    }
    let (a, b) = pair.tokens
    a.accumulate(format, ofScale: index, factors[0], rows, totals)
    if other != 0 { b.accumulate(format, ofScale: index, factors[1], rows, totals + 16) }
  }

  /// Which halves of the columns have a scale.
  @inlinable @inline(__always)
  static func halves(_ format: InterleavedFormat, ofScale index: Int) -> Range<Int> {
    format.scaleCount == 2 ? index..<(index &+ 1) : 0..<2
  }
}
