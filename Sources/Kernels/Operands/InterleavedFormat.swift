import GPTOSSBlockFormats

/// The formats whose rows can be interleaved, and how they lie then.
///
/// Sixteen rows form a group. A group is one record for every 32 columns:
///
///     MXFP4   ┌ e of row 0 … 15 ┬ vector 0 ┬ … ┬ vector 3 ┐     16 + 4 · 64 = 272 bytes
///     Q8_0    ┌ d of row 0 … 15 ┬ vector 0 ┬ … ┬ vector 7 ┐     32 + 8 · 64 = 544 bytes
///
/// Lane *r* of a vector, four bytes, belongs to row *r* of the group. In Q8_0 vector *g* holds columns 4g …
/// 4g + 3, each weight plus 128. In MXFP4 the low nibbles of vector *g* are columns 4g … 4g + 3 and the high
/// nibbles are the columns 16 further, as they come from the file. So an instruction that multiplies the four
/// bytes of each lane serves sixteen rows with one broadcast of four activations, and no sum across lanes is
/// ever needed.
///
/// VPDPBUSD wants unsigned weights. So they are multiplied with an ``offset`` added, which the activations'
/// correction takes off again (``QuantizedRows``).
///
/// Weights keep their values. MXFP4 and Q8_0 also keep their size, except for the rows of zeros that fill the
/// last group. MXFP4's bytes are the file's in another order; of Q8_0 the same holds for the scales, and the
/// weights have the offset added. Q4_0, Q5_0 and IQ4_NL grow to the size of Q8_0 (`init(repacking:)`).
/// Docs/Kernels.md takes a record apart by hand.
@usableFromInline
package enum InterleavedFormat: Sendable {
  case mxfp4
  case q8_0

  /// Rows of a group: the lanes of a 512-bit vector of 32-bit sums.
  @inlinable package static var rowsPerGroup: Int { 16 }
  /// Columns that share a scale.
  @inlinable package static var columnsPerBlock: Int { 32 }

  init?(_ format: BlockFormat) {
    switch format {
    case .mxfp4: self = .mxfp4
    case .q8_0: self = .q8_0
    default: return nil
    }
  }

  /// What weights of a format become when they are repacked, unchanged in value. The formats themselves stay
  /// what they are. Those whose weights are an integer of eight bits or fewer times a float16 scale become
  /// Q8_0, which takes more memory: of Q4_0, 18 bytes become 34.
  init?(repacking format: BlockFormat) {
    switch format {
    case .q4_0, .q5_0, .iq4_NL: self = .q8_0
    default: self.init(format)
    }
  }

  var blockFormat: BlockFormat {
    switch self {
    case .mxfp4: .mxfp4
    case .q8_0: .q8_0
    }
  }

  /// Bytes of a block in the file: the scale, then the weights.
  @inlinable package var fileBytesPerBlock: Int {
    switch self {
    case .mxfp4: 17
    case .q8_0: 34
    }
  }

  /// Bytes of one row's scale.
  @inlinable package var scaleByteCount: Int {
    switch self {
    case .mxfp4: 1
    case .q8_0: 2
    }
  }

  /// Vectors of a record, 64 bytes each.
  @inlinable package var vectorCount: Int {
    switch self {
    case .mxfp4: 4
    case .q8_0: 8
    }
  }

  /// What makes every weight of a block, as an integer, unsigned: MXFP4's doubled values are −12 … 12, Q8_0's
  /// −128 … 127.
  @inlinable package var offset: Int32 {
    switch self {
    case .mxfp4: 16
    case .q8_0: 128
    }
  }

  /// By how many places MXFP4's offset is shifted to become this format's: 16 << 3 is 128.
  @inlinable package var offsetShift: Int32 {
    switch self {
    case .mxfp4: 0
    case .q8_0: 3
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

  /// What turns four signed bytes of the file into the record's: MXFP4's nibbles stay, Q8_0's weights get 128
  /// added, which is the same as inverting the highest bit.
  @inlinable package var signBits: UInt32 {
    switch self {
    case .mxfp4: 0
    case .q8_0: 0x8080_8080
    }
  }

  /// Bytes of a group's record for 32 columns.
  @inlinable package var recordByteCount: Int { 16 &* scaleByteCount &+ 64 &* vectorCount }

  /// Bytes of one group of 16 rows.
  @inlinable
  package func groupByteCount(columns: Int) -> Int {
    columns / InterleavedFormat.columnsPerBlock &* recordByteCount
  }

  /// Bytes of a whole matrix.
  @inlinable
  package func byteCount(rows: Int, columns: Int) -> Int {
    (rows + 15) / 16 * groupByteCount(columns: columns)
  }
}
