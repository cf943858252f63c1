/// How the memory of a tile's attention is laid out. Its unit is the *block*: as many query heads of one
/// token as an instruction set sums side by side.
@usableFromInline
package struct AttentionLayout: Sendable {
  /// Positions of a span, whole pages: few enough that a context of some thousand positions keeps many
  /// threads busy, and so many that merging spans takes no time that counts.
  @usableFromInline package static let positionsPerSpan = 1_024

  /// Tokens that meet a page while it lies in the first-level cache.
  @usableFromInline package static let tokensPerTile = 16

  /// Query heads of a block; those past the group are zero.
  @usableFromInline package let rows: Int
  /// Room for one number per row, in whole vectors.
  @usableFromInline package let paddedRows: Int
  @usableFromInline package let groupSize: Int
  @usableFromInline package let headDimension: Int
  @usableFromInline package let paddedDimension: Int

  /// - Precondition: `paddedRows` is `rows`, rounded up to whole vectors.
  @inlinable
  package init(rows: Int, paddedRows: Int, groupSize: Int, headDimension: Int) {
    self.rows = rows
    self.paddedRows = paddedRows
    self.groupSize = groupSize
    self.headDimension = headDimension
    paddedDimension = KeyValueView.padded(headDimension)
  }

  /// The layout for an instruction set.
  @inlinable @inline(__always)
  package init<I: VectorInstructions>(_: I.Type, groupSize: Int, headDimension: Int) {
    self.init(
      rows: I.rowsPerBlock, paddedRows: Swift.max(I.rowsPerBlock, I.laneCount), groupSize: groupSize,
      headDimension: headDimension)
  }

  /// The blocks of one token.
  @inlinable @inline(__always)
  package var blocksPerToken: Int { (groupSize &+ rows &- 1) / rows }

  /// Floats of a block's queries: `[headDimension, rows]`, or half as many pairs of integers, and one scale
  /// per row.
  @inlinable @inline(__always)
  package var queryFloats: Int { headDimension &* rows &+ paddedRows }

  /// Floats of a block's state: largest scores `[paddedRows]`, denominators `[paddedRows]`, sums
  /// `[rows, paddedDimension]`.
  @inlinable @inline(__always)
  package var stateFloats: Int { 2 &* paddedRows &+ rows &* paddedDimension }

  /// Floats of the states of a tile of `tokens`.
  @inlinable
  package func stateFloats(tokens: Int) -> Int { tokens * blocksPerToken * stateFloats }

  /// Floats of a page: its scores, the same as 16-bit integers, four numbers per row, and two per position.
  @inlinable @inline(__always)
  package var scoreFloats: Int {
    (rows &+ rows / 2 &+ 2) &* KeyValueView.positionsPerPage &+ 4 &* paddedRows
  }

  /// Bytes of scratch memory for a tile of `tokens`: scores, queries, and the states of a span and of the
  /// whole.
  @inlinable
  package func scratchByteCount(tokens: Int) -> Int {
    4 * (scoreFloats + tokens * blocksPerToken * queryFloats + 2 * stateFloats(tokens: tokens))
  }

  /// The spans that hold some of `positions`.
  @inlinable @inline(__always)
  package static func spans(of positions: Range<Int>) -> Range<Int> {
    positions.lowerBound / positionsPerSpan..<((positions.upperBound &- 1) / positionsPerSpan &+ 1)
  }

  /// The positions of a span.
  @inlinable @inline(__always)
  package static func positions(ofSpan span: Int) -> Range<Int> {
    span &* positionsPerSpan..<((span &+ 1) &* positionsPerSpan)
  }
}
