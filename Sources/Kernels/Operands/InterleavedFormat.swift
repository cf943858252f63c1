import GPTOSSBlockFormats

/// The formats whose rows can be interleaved, and how they lie then.
///
/// Sixteen rows form a group; a group is one record for every 32 columns:
///
///     MXFP4   ┌ e of row 0 … 15 ┬ vector 0 ┬ … ┬ vector 3 ┐     16 + 4 · 64 = 272 bytes
///     Q8_0    ┌ d of row 0 … 15 ┬ vector 0 ┬ … ┬ vector 7 ┐     32 + 8 · 64 = 544 bytes
///
/// Lane *r* of a vector, four bytes, belongs to row *r* of the group. In Q8_0 vector *g* holds columns 4g … 4g + 3,
/// each weight plus 128; in MXFP4 the low nibbles of vector *g* are columns 4g … 4g + 3 and the high nibbles columns
/// 16 further, as they come from the file. So an instruction that multiplies four bytes a lane serves sixteen rows
/// with one broadcast of four activations, and no sum across lanes is ever needed. VPDPBUSD wants unsigned weights:
/// hence the 128, which is taken off again by the activations' correction (``QuantizedRows``).
///
/// Values are unchanged, and so is the size, but for rows of zeros that fill the last group.
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

  /// What weights of a format become when they are repacked, unchanged in value: besides the formats themselves, those
  /// whose weights are an integer of eight bits or fewer times a float16 scale become Q8_0.
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
