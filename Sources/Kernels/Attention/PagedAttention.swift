/// Causal attention with sinks, page by page: the body that the vector kernel sets share.
///
/// For each page of 64 positions and the query heads of one token,
///
///     scores  [heads, 64]     = queries [heads, dimension] × keys [dimension, 64]
///     weights [heads, 64]     = 2^(scores − largest score so far)
///     sums [heads, dimension] = sums · 2^(largest before − largest now) + weights × values [64, dimension]
///
/// (the online softmax of Milakov and Gimelshein 2018, to base 2: the queries' scale includes log₂ e). A page
/// is read once for a whole tile of tokens, while it lies in the first-level cache.
///
/// **What a token gets depends on nothing but its position and what it sees.** Pages begin at multiples of 64
/// positions and *spans* of pages at multiples of 1,024, wherever a batch begins; the softmax starts afresh
/// with each span, and spans are merged in order. So a token alone, a tile of tokens, and a long context
/// whose spans are spread over threads give the same bits. Positions that a token does not see may hold
/// anything, NaN too.
@usableFromInline
package struct PagedAttention<I: VectorInstructions> {
  @usableFromInline let tile: AttentionTile
  @usableFromInline let layout: AttentionLayout
  /// `[rows, 64]`, then some numbers per row and what integers need besides.
  @usableFromInline let scores: UnsafeMutablePointer<Float>
  /// `[tokens, blocksPerToken]` blocks of queries, as the cache's elements want them.
  @usableFromInline let queries: UnsafeMutablePointer<Float>
  /// `[tokens, blocksPerToken]` states: room for a span's, then for the whole's.
  @usableFromInline let states: UnsafeMutablePointer<Float>

  /// - Parameter scratch: `AttentionLayout.scratchByteCount` bytes, aligned to 64.
  @inlinable @inline(__always)
  package init(_ tile: AttentionTile, scratch: UnsafeMutableRawPointer) {
    let layout = AttentionLayout(I.self, groupSize: tile.groupSize, headDimension: tile.cache.headDimension)
    self.tile = tile
    self.layout = layout
    scores = scratch.assumingMemoryBound(to: Float.self)
    queries = scores + layout.scoreFloats
    states = queries + tile.tokenCount &* layout.blocksPerToken &* layout.queryFloats
  }

  @inlinable @inline(__always)
  static var log2e: Float { 1.442_695 }

  @inlinable @inline(__always)
  var blockCount: Int { tile.tokenCount &* layout.blocksPerToken }

  /// Calls `body` for every row of every block: with the block's place in `queries`, the row, and its query,
  /// `[headDimension]`, or nil for a row past the group.
  @inlinable @inline(__always)
  func forEachQuery(
    _ body: (_ packed: UnsafeMutablePointer<Float>, _ row: Int, _ query: UnsafePointer<Float>?) -> Void
  ) {
    for block in 0..<blockCount {
      let (token, blockOfToken) = (block / layout.blocksPerToken, block % layout.blocksPerToken)
      let firstHead = blockOfToken &* layout.rows
      let source = tile.queries + (token &* tile.queryStride &+ firstHead &* layout.headDimension)
      for row in 0..<layout.rows {
        let isHead = firstHead &+ row < layout.groupSize
        body(queries + block &* layout.queryFloats, row, isHead ? source + row &* layout.headDimension : nil)
      }
    }
  }

  /// Computes the states of one span. The queries are packed.
  ///
  /// - Parameter states: receives `[tokens, blocksPerToken]` states.
  @inlinable @inline(__always)
  package func attend<Element: CachedElement>(
    span: Int, _: Element.Type, states: UnsafeMutablePointer<Float>
  ) {
    for block in 0..<blockCount { clear(states + block &* layout.stateFloats) }
    let pageSize = KeyValueView.positionsPerPage
    let seen = tile.visible.clamped(to: AttentionLayout.positions(ofSpan: span))
    var page = seen.lowerBound / pageSize &* pageSize
    var start = tile.cache.page(page)
    while page < seen.upperBound {
      let next = page &+ pageSize < seen.upperBound ? tile.cache.page(page &+ pageSize) : start
      let cached = CachedPage(tile.cache, start, next: next, head: tile.keyValueHead)
      for token in 0..<tile.tokenCount {
        let visible = tile.visible(token)
        let low = max(visible.lowerBound &- page, 0)
        let high = min(visible.upperBound &- page, pageSize)
        guard low < high else { continue }
        for block in (token &* layout.blocksPerToken)..<((token &+ 1) &* layout.blocksPerToken) {
          Element.attend(
            self, cached, low, high, queries: queries + block &* layout.queryFloats,
            state: states + block &* layout.stateFloats)
        }
      }
      page &+= pageSize
      start = next
    }
  }

  /// Masks the positions that are not seen: their scores become −∞.
  @inlinable @inline(__always)
  func mask(exceptFrom low: Int, to high: Int) {
    let pageSize = KeyValueView.positionsPerPage
    guard low > 0 || high < pageSize else { return }
    for row in 0..<I.rowsPerBlock {
      for i in 0..<low { scores[row &* pageSize &+ i] = -.infinity }
      for i in high..<pageSize { scores[row &* pageSize &+ i] = -.infinity }
    }
  }

  /// The largest of a row's scores.
  @inlinable @inline(__always)
  func largestScore(_ row: Int) -> Float {
    let pageSize = KeyValueView.positionsPerPage
    let scores = scores + row &* pageSize
    var maxima = I.load(scores)
    for i in stride(from: I.laneCount, to: pageSize, by: I.laneCount) {
      maxima = I.maximum(maxima, I.load(scores + i))
    }
    return I.maximum(maxima)
  }

  /// The factors that bring a block's sums to the new largest scores: `[paddedRows]`, behind the scores.
  @inlinable @inline(__always)
  var rescale: UnsafeMutablePointer<Float> { scores + I.rowsPerBlock &* KeyValueView.positionsPerPage }

  /// The sums of a page's weights: `[paddedRows]`.
  @inlinable @inline(__always)
  var pageSums: UnsafeMutablePointer<Float> { rescale + layout.paddedRows }

  /// Makes the factors in `rescale` of the differences that stand there, largest score before minus largest
  /// now, and brings the denominators up to date with `pageSums`.
  @inlinable @inline(__always)
  func updateDenominators(_ state: UnsafeMutablePointer<Float>) {
    let denominators = state + layout.paddedRows
    for row in stride(from: 0, to: I.rowsPerBlock, by: I.laneCount) {
      let factors = I.powerOfTwo(I.load(rescale + row))
      I.store(factors, rescale + row)
      I.store(I.multiplyAdd(I.load(denominators + row), factors, I.load(pageSums + row)), denominators + row)
    }
  }
}

/// A page of one key-value head, and how far away the next one is.
@usableFromInline
package struct CachedPage {
  @usableFromInline let keys: UnsafeRawPointer
  @usableFromInline let values: UnsafeRawPointer
  /// The scales of integers: of 64 keys, then of 64 values.
  @usableFromInline let scales: UnsafePointer<Float>
  /// Bytes from this page to the one that is read next.
  @usableFromInline let ahead: Int

  @inlinable @inline(__always)
  init(_ cache: KeyValueView, _ page: UnsafeRawPointer, next: UnsafeRawPointer, head: Int) {
    keys = page + cache.keysOffset(head: head)
    values = page + cache.valuesOffset(head: head)
    scales = (page + cache.scalesOffset(head: head)).assumingMemoryBound(to: Float.self)
    ahead = page.distance(to: next)
  }
}

/// An element of a key-value cache, and the arithmetic that it asks for.
@usableFromInline
package protocol CachedElement: BitwiseCopyable {
  /// Copies a tile's queries to `queries`, scaled.
  static func packQueries<I: VectorInstructions>(_ attention: PagedAttention<I>)

  /// Brings the positions `low..<high` of a page into a block's state.
  static func attend<I: VectorInstructions>(
    _ attention: PagedAttention<I>, _ page: CachedPage, _ low: Int, _ high: Int,
    queries: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>)

  /// Leaves a block's scores of the positions `low..<high` of a page in `attention.scores`, to base 2; those of
  /// the others are −∞.
  static func score<I: VectorInstructions>(
    _ attention: PagedAttention<I>, _ page: CachedPage, _ low: Int, _ high: Int,
    queries: UnsafePointer<Float>)
}
