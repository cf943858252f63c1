/// The kernels on records of sixteen rows (``InterleavedFormat``), in the instructions of one CPU.
///
/// A set of eight or four lanes takes all of it from ``RecordInstructions``. One that has better ways, as
/// AVX-512 has, writes `multiply` itself.
@usableFromInline
package protocol RecordKernels {
  /// Quantizes 32 columns of one token.
  ///
  /// - Parameters:
  ///   - input: 32 floats.
  ///   - precision: a constant.
  ///   - quants: receives 64 bytes in the arrangement that `multiply` reads.
  static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> QuantizedFactor

  /// For every token `t` of a panel and each of 32 rows: `sums[t] = Σ (Σ w·q) · scale(t) · scale(row)`, the
  /// inner sum over the columns that share a scale of the row, 32 or 16, the outer one over the scales in
  /// order. Where rows have minimums, each block adds `sum(t) · minimum(row)`.
  ///
  /// The inner sum is exact. It is turned into a float, multiplied by the token's scale and then by the row's,
  /// and added, which is rounded once with that multiplication. So all sets agree to the bit, and a token's
  /// result does not depend on its neighbors.
  ///
  /// - Parameters:
  ///   - format: a constant.
  ///   - precision: a constant.
  ///   - operands: a panel and two groups of rows.
  static func multiply(_ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands)

  /// Interleaves sixteen rows that lie as in the file, and asks for the sixteen after them.
  ///
  /// - Parameters:
  ///   - format: a constant.
  ///   - rows: the first row's first block.
  ///   - bytesPerRow: from one row to the next.
  ///   - columns: a multiple of 32.
  ///   - output: receives the group.
  static func interleave(
    _ format: InterleavedFormat, _ rows: UnsafeRawPointer, bytesPerRow: Int, columns: Int,
    output: UnsafeMutableRawPointer)
}

extension RecordKernels {
  /// Four bytes at a time.
  @inlinable @inline(__always)
  package static func interleave(
    _ format: InterleavedFormat, _ rows: UnsafeRawPointer, bytesPerRow: Int, columns: Int,
    output: UnsafeMutableRawPointer
  ) {
    format.interleave(rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
  }
}

/// Two groups of rows and a panel of tokens.
@usableFromInline
package struct RecordOperands {
  /// The group of the first sixteen rows.
  @usableFromInline package let first: UnsafeRawPointer
  /// The group of the next sixteen rows; the first again if there is none, and then its sums are of no
  /// interest.
  @usableFromInline package let second: UnsafeRawPointer
  /// The activations.
  @usableFromInline package let panel: QuantizedPanel
  /// `[2 groups, 32 tokens, 16 rows]`.
  @usableFromInline package let sums: UnsafeMutablePointer<Float>
  /// `RecordScratch.unpackedByteCount` bytes for the instruction set's own use.
  @usableFromInline package let unpacked: UnsafeMutableRawPointer

  @inlinable @inline(__always)
  init(first: UnsafeRawPointer, second: UnsafeRawPointer, panel: QuantizedPanel, scratch: RecordScratch) {
    self.first = first
    self.second = second
    self.panel = panel
    sums = scratch.sums
    unpacked = scratch.unpacked
  }
}

/// A thread's scratch memory for products with records.
@usableFromInline
package struct RecordScratch {
  /// `[2 groups, 32 tokens, 16 rows]`.
  @usableFromInline let sums: UnsafeMutablePointer<Float>
  /// Two groups' weights of one block as 16-bit integers.
  @usableFromInline let unpacked: UnsafeMutableRawPointer
  /// Two groups, where rows lie as in the file and are interleaved on their way.
  @usableFromInline let groups: UnsafeMutableRawPointer

  @inlinable static var sumByteCount: Int { 2 * QuantizedPanel.tokens * 16 * 4 }
  @inlinable static var unpackedByteCount: Int { 2 * 16 * 32 * 2 }

  /// Bytes for tiles of a matrix.
  static func byteCount(_ format: InterleavedFormat, for matrix: WeightMatrix) -> Int {
    let groups = matrix.layout == .rows ? 2 * format.groupByteCount(columns: matrix.columns) : 0
    return sumByteCount + unpackedByteCount + groups
  }

  @inlinable @inline(__always)
  init(_ memory: UnsafeMutableRawPointer) {
    sums = memory.assumingMemoryBound(to: Float.self)
    unpacked = memory + RecordScratch.sumByteCount
    groups = unpacked + RecordScratch.unpackedByteCount
  }
}

extension VectorInstructions {
  /// Fetches a record's worth of weights ahead of one or a few tokens, to the second-level cache. Fetching
  /// into the first level would keep its few outstanding misses busy, which the loads then wait for.
  ///
  /// One token reads so quickly with AVX-512 that the CPU sees a stream and fetches most of it by itself.
  /// Every second line, 4 KB ahead, is the help that it needs; more gets in its way. With more tokens per line
  /// it stops doing so, and every line must be asked for, 8 KB ahead. Measured on Zen 4, two threads, GB/s
  /// where a plain sweep reads 56 to 60:
  ///
  /// | | one token, Q8_0 | MXFP4 | four tokens, Q8_0 | MXFP4 |
  /// | --- | --- | --- | --- | --- |
  /// | nothing | 40 | 53 | 21 | 17 |
  /// | 4 KB ahead, every second line (2 KB alike) | 58 | 57 | 17 | 16 |
  /// | 2 KB ahead, every line | 58 | 30 | 24 | 20 |
  /// | 8 KB ahead, every line | 41 | 50 | 47 | 24, nearly all that arithmetic allows |
  ///
  /// That is AVX-512; on Zen 5 one token and a few want something else (``StreamPrefetch``). AVX2 takes longer for
  /// a record, so the CPU sees no stream in one token either: every line, 8 KB ahead, in place of every second,
  /// 4 KB ahead, reads Q8_0 at 42 GB/s in place of 35, MXFP4 at 35 in place of 27 (precise) and 52 in place of
  /// 32 (fast), Q5_0 at 43 in place of 20.
  @inlinable @inline(__always)
  package static func prefetchStream(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, ahead distance: Int, everyLines step: Int
  ) {
    var line = 0
    while line < format.recordByteCount {
      prefetch(record + (distance &+ line))
      line &+= 64 &* step
    }
  }

  /// Turns one token's sums of two groups into floats and adds them to what earlier blocks gave.
  @inlinable @inline(__always)
  package static func accumulate(
    _ format: InterleavedFormat, ofScale index: Int, _ sums: (Integers, Integers, Integers, Integers),
    _ factor: QuantizedFactor,
    _ rows: (RowFactors<Vector>, RowFactors<Vector>, RowFactors<Vector>, RowFactors<Vector>),
    _ totals: UnsafeMutablePointer<Float>
  ) {
    let second = totals + 16 &* QuantizedPanel.tokens
    accumulate(format, ofScale: index, sums.0, factor, rows.0, totals)
    accumulate(format, ofScale: index, sums.1, factor, rows.1, totals + laneCount)
    accumulate(format, ofScale: index, sums.2, factor, rows.2, second)
    accumulate(format, ofScale: index, sums.3, factor, rows.3, second + laneCount)
  }

  @inlinable @inline(__always)
  package static func accumulate(
    _ format: InterleavedFormat, ofScale index: Int = 0, _ sum: Integers, _ factor: QuantizedFactor,
    _ rows: RowFactors<Vector>, _ total: UnsafeMutablePointer<Float>
  ) {
    store(accumulated(format, ofScale: index, sum, factor, rows, load(total)), total)
  }

  /// What earlier blocks gave, and this block's sum of integers: the one place where integers become floats,
  /// the same in every loop of every set.
  ///
  /// - Parameters:
  ///   - index: which of the rows' scales the sum is of; its others follow in order.
  ///   - sum: of the products of the columns that have that scale.
  @inlinable @inline(__always)
  package static func accumulated(
    _ format: InterleavedFormat, ofScale index: Int = 0, _ sum: Integers, _ factor: QuantizedFactor,
    _ rows: RowFactors<Vector>, _ total: Vector
  ) -> Vector {
    let scale = index == 0 ? rows.scale : rows.upperScale
    let total = multiplyAdd(multiply(floats(sum), broadcast(factor.scale)), scale, total)
    guard format.hasMinimum else { return total }
    return multiplyAdd(broadcast(factor.sum), rows.minimum, total)
  }

  /// The scales of some rows of a record, and their minimums.
  ///
  /// All products are exact: of a float16 with an integer of six or eight bits, and with the offset. So a
  /// minimum is rounded once, whether or not the CPU rounds a product and an addition together.
  ///
  /// - Parameters:
  ///   - block: which of its row's blocks the record is.
  ///   - firstLane: the first of the rows.
  ///   - scalesE8M0: the scales of a format that has those.
  @inlinable @inline(__always)
  package static func rowFactors(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ block: Int, firstLane: Int,
    scalesE8M0: (_ exponents: UnsafeRawPointer) -> Vector
  ) -> RowFactors<Vector> {
    let first = record + format.byteOffset(ofNumber: 0, lane: firstLane)
    let second = record + format.byteOffset(ofNumber: 1, lane: firstLane)
    let header = (record - format.headerDistance(block) + 2 &* firstLane)
      .assumingMemoryBound(to: UInt16.self)
    let (scale, minimum): (Vector, Vector)
    switch format.scales {
    case .e8m0: (scale, minimum) = (scalesE8M0(first), broadcast(0))
    case .float16:
      scale = load(first.assumingMemoryBound(to: UInt16.self))
      minimum = format.hasMinimum ? load(second.assumingMemoryBound(to: UInt16.self)) : broadcast(0)
    case .sixBits:
      scale = multiply(load(header), load(first.assumingMemoryBound(to: UInt8.self)))
      let positive = multiply(load(header + 16), load(second.assumingMemoryBound(to: UInt8.self)))
      minimum = subtract(broadcast(0), positive)
    case .signedBytes:
      let d: Vector = load(header)
      return (
        scale: multiply(d, load(first.assumingMemoryBound(to: Int8.self))),
        upperScale: multiply(d, load(second.assumingMemoryBound(to: Int8.self))), minimum: broadcast(0)
      )
    }
    guard format.hasMinimum else { return (scale, scale, minimum) }
    return (scale, scale, multiplyAdd(broadcast(Float(format.offset)), scale, minimum))
  }
}

/// What a block's sums of some rows are multiplied by: their scales; those of columns 16 … 31, which are the
/// same where a block has one; and the middle of the weights that they can have, `m + offset · scale`, for
/// weights from which the offset has been taken off. Zero where there is no minimum.
@usableFromInline
package typealias RowFactors<Vector> = (scale: Vector, upperScale: Vector, minimum: Vector)
