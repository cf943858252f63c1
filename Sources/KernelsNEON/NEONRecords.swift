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
/// as 0 … 31. For a panel their offset is subtracted where they are unpacked, once for all tokens; one token
/// takes it off each sum, as AVX-512 does.
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
  static func add(_ ab: inout Sums, _ cd: inout Sums, _ weights: UnsafeRawPointer, _ quants: UnsafeRawPointer)

  /// The same with the 32 bytes of two tokens.
  static func add(
    _ sums: inout Sums, _ weights: UnsafeRawPointer, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer)
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
        var (ab, cd) = (Sums(), Sums())
        add(&ab, &cd, weights, x)
        switch precision {
        case .fast: break
        case .precise:
          ab.shift()
          cd.shift()
          add(&ab, &cd, weights, x + 32)
        }
        let ((a, b), (c, d)) = (ab.tokens, cd.tokens)
        let totals = sums + 16 &* token
        a.accumulate(format, factors[token], rows, totals)
        b.accumulate(format, factors[token &+ 1], rows, totals + 16)
        c.accumulate(format, factors[token &+ 2], rows, totals + 32)
        d.accumulate(format, factors[token &+ 3], rows, totals + 48)
        token &+= 4
      }
      while token < panel.tokenCount {
        // The last of an odd number is computed twice and stored once.
        let other = Swift.min(token &+ 1, panel.tokenCount &- 1)
        let x = quants + QuantizedPanel.quantBytes &* token
        let y = quants + QuantizedPanel.quantBytes &* other
        var pair = Sums()
        add(&pair, weights, x, y)
        switch precision {
        case .fast: break
        case .precise:
          pair.shift()
          add(&pair, weights, x + 32, y + 32)
        }
        let (a, b) = pair.tokens
        a.accumulate(format, factors[token], rows, sums + 16 &* token)
        if other != token { b.accumulate(format, factors[other], rows, sums + 16 &* other) }
        token &+= 2
      }
      record += format.recordStride(after: block)
      quants += QuantizedPanel.quantBytes &* panel.tokenCount
      factors += panel.tokenCount
    }
  }
}
