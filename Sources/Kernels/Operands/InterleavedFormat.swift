package import GPTOSSBlockFormats

/// The formats whose rows can be interleaved, and how they lie then.
///
/// Sixteen rows form a group. A group is one record for every 32 columns:
///
///     MXFP4   ┌ e of row 0 … 15 ┬ vector 0 ┬ … ┬ vector 3 ┐     16 + 4 · 64 = 272 bytes
///     Q8_0    ┌ d of row 0 … 15 ┬ vector 0 ┬ … ┬ vector 7 ┐     32 + 8 · 64 = 544 bytes
///     Q5_0    ┌ d of row 0 … 15 ┬ high bits ┬ vector 0 ┬ … ┬ vector 3 ┐     32 + 5 · 64 = 352 bytes
///     Q5_1    ┌ d of row 0 … 15 ┬ m of row 0 … 15 ┬ as Q5_0 ┐     2 · 32 + 5 · 64 = 384 bytes
///     Q4_K    ┌ s of row 0 … 15 ┬ m of row 0 … 15 ┬ as MXFP4 ┐     2 · 16 + 4 · 64 = 288 bytes
///     Q5_K    ┌ s of row 0 … 15 ┬ m of row 0 … 15 ┬ as Q5_0 ┐     2 · 16 + 5 · 64 = 352 bytes
///     Q6_K    ┌ s of row 0 … 15 ┬ s′ of row 0 … 15 ┬ 2 of high bits ┬ vector 0 ┬ … ┬ vector 3 ┐
///                                                             2 · 16 + 6 · 64 = 416 bytes
///
/// In the K formats a *header* stands in front of each eight records: *d* of rows 0 … 15, 32 bytes, and in
/// Q4_K and Q5_K their *dmin*, too.
///
/// Lane *r* of a vector, four bytes, belongs to row *r* of the group. In Q8_0 vector *g* holds columns 4g …
/// 4g + 3, each weight plus 128. In the others the low nibbles of vector *g* are columns 4g … 4g + 3 and
/// the high nibbles are the columns 16 further, as they come from the file. So an instruction that multiplies
/// the four bytes of each lane serves sixteen rows with one broadcast of four activations, and no sum across
/// lanes is ever needed.
///
/// The fifth bits of Q5_0, Q5_1 and Q5_K stand where columns meet them: bit *g* of byte *b* of a lane
/// belongs to column 4g + *b*. One shift by whole vectors brings those of columns 4g … 4g + 3 to bit 4 of
/// each byte. Q6_K has two more bits, and a vector of them for each half of the columns: bits 2g and 2g + 1
/// of byte *b* belong to its column 4g + *b*. Each half has a scale of its own, *s* and *s′*, signed.
///
/// VPDPBUSD wants unsigned weights. So they are multiplied with an ``offset`` added, which the activations'
/// correction takes off again (``QuantizedRows``). Q5_0 is stored with its offset of 16 in the file, Q6_K
/// with 32. Q5_1, Q4_K and Q5_K have none there, but minimums; they are treated alike:
/// `d · q + m = d · (q − 16) + (m + 16 · d)`.
///
/// Weights keep their values and their size, except for the rows of zeros that fill the last group. The bits
/// are the file's in another order; Q8_0's weights have the offset added, and *s* and *m* of Q4_K and Q5_K a
/// byte each in place of six bits (Q4_K grows by 2.8 %, Q5_K by 2.3 %). Q4_0 and IQ4_NL grow to the size of
/// Q8_0 (`init(repacking:)`). Docs/Kernels.md takes a record apart by hand.
@usableFromInline
package enum InterleavedFormat: Sendable, CaseIterable {
  case mxfp4
  case q8_0
  case q5_0
  case q5_1
  case q4_K
  case q5_K
  case q6_K

  /// Rows of a group: the lanes of a 512-bit vector of 32-bit sums.
  @inlinable package static var rowsPerGroup: Int { 16 }
  /// Columns of a record. Their activations share a scale, and so do their weights, or those of each half.
  @inlinable package static var columnsPerBlock: Int { 32 }

  /// The records of a format that has them; nil for the others.
  package init?(_ format: BlockFormat) {
    switch format {
    case .mxfp4: self = .mxfp4
    case .q8_0: self = .q8_0
    case .q5_0: self = .q5_0
    case .q5_1: self = .q5_1
    case .q4_K: self = .q4_K
    case .q5_K: self = .q5_K
    case .q6_K: self = .q6_K
    default: return nil
    }
  }

  /// What weights of a format become when they are repacked, unchanged in value. The formats themselves stay
  /// what they are. Those whose weights are an integer of eight bits or fewer times a float16 scale become
  /// Q8_0, which takes more memory: of Q4_0, 18 bytes become 34.
  init?(repacking format: BlockFormat) {
    switch format {
    case .q4_0, .iq4_NL: self = .q8_0
    default: self.init(format)
    }
  }

  /// The format of the weights.
  package var blockFormat: BlockFormat {
    switch self {
    case .mxfp4: .mxfp4
    case .q8_0: .q8_0
    case .q5_0: .q5_0
    case .q5_1: .q5_1
    case .q4_K: .q4_K
    case .q5_K: .q5_K
    case .q6_K: .q6_K
    }
  }

  /// How the weights of a record are stored.
  @usableFromInline
  package enum Codes: Sendable {
    /// Eight vectors, a byte per weight.
    case bytes
    /// Four vectors, a nibble per weight, which is an index into `InterleavedFormat.unsignedE2M1`.
    case nibblesOfE2M1
    /// Four vectors, a nibble per weight, which is the weight.
    case nibbles
    /// A vector of high bits, then four of nibbles. Bit and nibble together are the weight.
    case nibblesAndHighBits
    /// Two vectors of pairs of high bits, for columns 0 … 15 and 16 … 31, then four of nibbles. The pair and
    /// the nibble together are the weight.
    case nibblesAndHighPairs
  }

  @inlinable package var codes: Codes {
    switch self {
    case .mxfp4: .nibblesOfE2M1
    case .q8_0: .bytes
    case .q4_K: .nibbles
    case .q5_0, .q5_1, .q5_K: .nibblesAndHighBits
    case .q6_K: .nibblesAndHighPairs
    }
  }

  /// How the scales of a record are stored.
  @usableFromInline
  package enum Scales: Sendable {
    /// A byte, the exponent of `MXFP4.halfScale`.
    case e8m0
    /// Half precision.
    case float16
    /// A byte, an integer of six bits, to be multiplied with a number of the header in half precision.
    case sixBits
    /// A signed byte, to be multiplied with the number of the header in half precision.
    case signedBytes
  }

  @inlinable package var scales: Scales {
    switch self {
    case .mxfp4: .e8m0
    case .q8_0, .q5_0, .q5_1: .float16
    case .q4_K, .q5_K: .sixBits
    case .q6_K: .signedBytes
    }
  }

  /// How many scales a row has in a record: one for all columns, or one for each *half*, columns 0 … 15 and
  /// columns 16 … 31.
  @inlinable package var scaleCount: Int {
    switch self {
    case .mxfp4, .q8_0, .q5_0, .q5_1, .q4_K, .q5_K: 1
    case .q6_K: 2
    }
  }

  /// Fours of columns that share a scale.
  @inlinable package var foursPerScale: Int { 8 / scaleCount }

  /// Whether each row has a minimum too, stored like its scale: what every weight of the block is more than
  /// its product with the scale.
  @inlinable package var hasMinimum: Bool {
    switch self {
    case .mxfp4, .q8_0, .q5_0, .q6_K: false
    case .q5_1, .q4_K, .q5_K: true
    }
  }

  /// Bytes of 32 columns in the file, where those are a block: the scale, the minimum if there is one, then
  /// what the record's vectors hold, in their order.
  @inlinable package var fileBytesPerBlock: Int { scaleByteCount &+ 4 &* vectorCount }

  /// Bytes of what stands in front of each `recordsPerHeader` records; zero for no header.
  @inlinable package var headerByteCount: Int {
    switch scales {
    case .e8m0, .float16: 0
    case .sixBits: 64
    case .signedBytes: 32
    }
  }

  /// How many records share a header.
  @inlinable package static var recordsPerHeader: Int { 8 }

  /// Bytes of one row's scales, and of its minimum if there is one.
  @inlinable package var scaleByteCount: Int { numberCount &* numberByteCount }

  /// The scale, scale and minimum, or two scales.
  @inlinable package var numberCount: Int { scaleCount &+ (hasMinimum ? 1 : 0) }

  /// Bytes of each.
  @inlinable package var numberByteCount: Int {
    switch scales {
    case .e8m0, .sixBits, .signedBytes: 1
    case .float16: 2
    }
  }

  /// Where a record has a row's scale (number 0) or its minimum or second scale (1).
  @inlinable
  package func byteOffset(ofNumber number: Int, lane: Int) -> Int {
    numberByteCount &* (16 &* number &+ lane)
  }

  /// Vectors of a record, 64 bytes each.
  @inlinable package var vectorCount: Int {
    switch codes {
    case .bytes: 8
    case .nibblesOfE2M1, .nibbles: 4
    case .nibblesAndHighBits: 5
    case .nibblesAndHighPairs: 6
    }
  }

  /// What makes every weight of a block, as an integer, unsigned: MXFP4's doubled values are −12 … 12, those
  /// of five bits −16 … 15, of six bits −32 … 31, Q8_0's −128 … 127.
  @inlinable package var offset: Int32 { 16 << offsetShift }

  /// By how many places the offset of five bits is shifted to become this format's: 16 << 3 is 128.
  @inlinable package var offsetShift: Int32 {
    switch codes {
    case .nibblesOfE2M1, .nibbles, .nibblesAndHighBits: 0
    case .nibblesAndHighPairs: 1
    case .bytes: 3
    }
  }

  /// Whether unsigned weights have five bits. VPMADDUBSW then adds up four products with bytes, and with the
  /// offset taken off sixteen, without leaving 16 bits: 8 · 31 · 128 = 31,744 and 16 · 16 · 127 = 32,512.
  @inlinable package var hasFiveBits: Bool {
    switch codes {
    case .nibblesOfE2M1, .nibbles, .nibblesAndHighBits: true
    case .bytes, .nibblesAndHighPairs: false
    }
  }

  /// The unsigned values of MXFP4's sixteen nibbles: `MXFP4.doubledValues` plus the offset of 16. A table
  /// look-up by bytes turns nibbles into these.
  ///
  /// (Written out, because a vector computed from the array would not be a constant. A test derives it.)
  @inlinable @inline(__always)
  package static var unsignedE2M1: SIMD16<UInt8> {
    SIMD16(16, 17, 18, 19, 20, 22, 24, 28, 16, 15, 14, 13, 12, 10, 8, 4)
  }

  /// What turns four bytes of the file into the record's: nibbles stay, the signed bytes of Q8_0 get 128
  /// added, which is the same as inverting the highest bit.
  @inlinable package var signBits: UInt32 {
    switch codes {
    case .nibblesOfE2M1, .nibbles, .nibblesAndHighBits, .nibblesAndHighPairs: 0
    case .bytes: 0x8080_8080
    }
  }

  /// Bytes of a group's record for 32 columns.
  @inlinable package var recordByteCount: Int { 16 &* scaleByteCount &+ 64 &* vectorCount }

  /// From the record of a block of columns to the next one: past the header that may stand between.
  @inlinable @inline(__always)
  package func recordStride(after block: Int) -> Int {
    guard headerByteCount > 0 else { return recordByteCount }
    let isLast = block % InterleavedFormat.recordsPerHeader == InterleavedFormat.recordsPerHeader &- 1
    return recordByteCount &+ (isLast ? headerByteCount : 0)
  }

  /// From the record of a block of columns back to its header.
  @inlinable @inline(__always)
  package func headerDistance(_ block: Int) -> Int {
    block % InterleavedFormat.recordsPerHeader &* recordByteCount &+ headerByteCount
  }

  /// Bytes of one group of 16 rows.
  @inlinable
  package func groupByteCount(columns: Int) -> Int {
    let blockCount = columns / InterleavedFormat.columnsPerBlock
    let headerCount = headerByteCount > 0 ? blockCount / InterleavedFormat.recordsPerHeader : 0
    return blockCount &* recordByteCount &+ headerCount &* headerByteCount
  }

  /// Bytes of a whole matrix.
  @inlinable
  package func byteCount(rows: Int, columns: Int) -> Int {
    (rows + 15) / 16 * groupByteCount(columns: columns)
  }
}
