/// Causal attention with sinks, page by page: the body that the vector kernel sets share.
///
/// For each page of 64 positions and the query heads of one token,
///
///     scores  [heads, 64]        = queries [heads, dimension] × keys [dimension, 64]
///     weights [heads, 64]        = 2^(scores − largest score so far)
///     sums    [heads, dimension] = sums · 2^(largest before − largest now) + weights × values [64, dimension]
///
/// (the online softmax of Milakov and Gimelshein 2018, to base 2: the queries' scale includes log₂ e). A page is
/// read once for a whole tile of tokens, while it lies in the first-level cache.
///
/// **What a token gets depends on nothing but its position and what it sees.** Pages begin at multiples of 64
/// positions and *spans* of pages at multiples of 1,024, wherever a batch begins; the softmax starts afresh with each
/// span, and spans are merged in order. So a token alone, a tile of tokens, and a long context whose spans
/// are spread over threads give the same bits. Positions that a token does not see may hold anything, NaN too.
@usableFromInline
package struct PagedAttention<I: FloatInstructions> {
  @usableFromInline let tile: AttentionTile
  @usableFromInline let layout: AttentionLayout
  /// `[rows, 64]`, then two numbers a row.
  @usableFromInline let scores: UnsafeMutablePointer<Float>
  /// `[tokens, blocksPerToken, headDimension, rows]`, scaled.
  @usableFromInline let queries: UnsafeMutablePointer<Float>
  /// `[tokens, blocksPerToken]` states: room for a span's, then for the whole's.
  @usableFromInline let states: UnsafeMutablePointer<Float>

  /// Copies the tile's queries to scratch memory.
  ///
  /// - Parameter scratch: `AttentionLayout.scratchByteCount` bytes, aligned to 64.
  @inlinable @inline(__always)
  package init(_ tile: AttentionTile, scratch: UnsafeMutableRawPointer) {
    let layout = AttentionLayout(I.self, groupSize: tile.groupSize, headDimension: tile.cache.headDimension)
    self.tile = tile
    self.layout = layout
    scores = scratch.assumingMemoryBound(to: Float.self)
    queries = scores + layout.scoreFloats
    states = queries + tile.tokenCount &* layout.blocksPerToken &* layout.queryFloats
    let scale = tile.scale * PagedAttention.log2e
    for block in 0..<blockCount {
      let (token, blockOfToken) = (block / layout.blocksPerToken, block % layout.blocksPerToken)
      let source =
        tile.queries + (token &* tile.queryStride &+ blockOfToken &* layout.rows &* layout.headDimension)
      let heads = min(layout.rows, layout.groupSize &- blockOfToken &* layout.rows)
      let packed = queries + block &* layout.queryFloats
      for row in 0..<layout.rows {
        for i in 0..<layout.headDimension {
          packed[i &* layout.rows &+ row] = row < heads ? source[row &* layout.headDimension &+ i] * scale : 0
        }
      }
    }
  }

  @inlinable @inline(__always)
  static var log2e: Float { 1.442_695 }

  @inlinable @inline(__always)
  var blockCount: Int { tile.tokenCount &* layout.blocksPerToken }

  /// Computes the states of one span.
  ///
  /// - Parameter states: receives `[tokens, blocksPerToken]` states.
  @inlinable @inline(__always)
  package func attend<Element: CachedFloat>(
    span: Int, _: Element.Type, states: UnsafeMutablePointer<Float>
  ) {
    for block in 0..<blockCount { clear(states + block &* layout.stateFloats) }
    let pageSize = KeyValueView.positionsPerPage
    let seen = tile.visible.clamped(to: AttentionLayout.positions(ofSpan: span))
    var page = seen.lowerBound / pageSize &* pageSize
    while page < seen.upperBound {
      let keys = tile.cache.keys(page, head: tile.keyValueHead).assumingMemoryBound(to: Element.self)
      let values = tile.cache.values(page, head: tile.keyValueHead).assumingMemoryBound(to: Element.self)
      let next = page &+ pageSize < seen.upperBound ? page &+ pageSize : page
      let keysAhead = UnsafeRawPointer(keys).distance(to: tile.cache.keys(next, head: tile.keyValueHead))
      let valuesAhead = UnsafeRawPointer(values).distance(
        to: tile.cache.values(next, head: tile.keyValueHead))
      for token in 0..<tile.tokenCount {
        let visible = tile.visible(token)
        let low = max(visible.lowerBound &- page, 0)
        let high = min(visible.upperBound &- page, pageSize)
        guard low < high else { continue }
        for block in (token &* layout.blocksPerToken)..<((token &+ 1) &* layout.blocksPerToken) {
          let state = states + block &* layout.stateFloats
          score(keys, low, high, ahead: keysAhead, queries: queries + block &* layout.queryFloats)
          weigh(state)
          sum(values, low, high, ahead: valuesAhead, state: state)
        }
      }
      page &+= pageSize
    }
  }

  /// Computes the scores of a page's positions `low..<high`; those of the others become −∞.
  @inlinable @inline(__always)
  func score<Element: CachedFloat>(
    _ keys: UnsafePointer<Element>, _ low: Int, _ high: Int, ahead: Int, queries: UnsafePointer<Float>
  ) {
    let pageSize = KeyValueView.positionsPerPage
    let scores = scores
    var column = low / I.columnsPerBlock &* I.columnsPerBlock
    while column < high {
      I.multiplyBlock(
        queries, factorStep: I.rowsPerBlock, rowStep: 1, keys + column, matrixStride: pageSize,
        count: layout.headDimension, ahead: ahead
      ) { row, x0, x1 in
        let target = scores + (row &* pageSize &+ column)
        I.store(x0, target)
        I.store(x1, target + I.laneCount)
      }
      column &+= I.columnsPerBlock
    }
    guard low > 0 || high < pageSize else { return }
    for row in 0..<I.rowsPerBlock {
      for i in 0..<low { scores[row &* pageSize &+ i] = -.infinity }
      for i in high..<pageSize { scores[row &* pageSize &+ i] = -.infinity }
    }
  }

  /// Turns a page's scores into weights and moves the largest scores and the denominators on. What brings the
  /// sums to the new largest scores is left in `rescale`.
  @inlinable @inline(__always)
  func weigh(_ state: UnsafeMutablePointer<Float>) {
    let pageSize = KeyValueView.positionsPerPage
    let denominators = state + layout.paddedRows
    let pageSums = rescale + layout.paddedRows
    for row in 0..<I.rowsPerBlock {
      let scores = scores + row &* pageSize
      var maxima = I.load(scores)
      for i in stride(from: I.laneCount, to: pageSize, by: I.laneCount) {
        maxima = I.maximum(maxima, I.load(scores + i))
      }
      let largest = max(state[row], I.maximum(maxima))
      rescale[row] = state[row] - largest
      state[row] = largest
      let shift = I.broadcast(largest)
      var sums = I.broadcast(0)
      for i in stride(from: 0, to: pageSize, by: I.laneCount) {
        let weights = I.powerOfTwo(I.subtract(I.load(scores + i), shift))
        I.store(weights, scores + i)
        sums = I.add(sums, weights)
      }
      pageSums[row] = I.sum(sums)
    }
    for row in stride(from: 0, to: I.rowsPerBlock, by: I.laneCount) {
      let factors = I.powerOfTwo(I.load(rescale + row))
      I.store(factors, rescale + row)
      I.store(I.multiplyAdd(I.load(denominators + row), factors, I.load(pageSums + row)), denominators + row)
    }
  }

  /// `[rows]`, behind the scores.
  @inlinable @inline(__always)
  var rescale: UnsafeMutablePointer<Float> { scores + I.rowsPerBlock &* KeyValueView.positionsPerPage }

  /// Adds the values of a page's positions `low..<high`, weighted, to the sums.
  @inlinable @inline(__always)
  func sum<Element: CachedFloat>(
    _ values: UnsafePointer<Element>, _ low: Int, _ high: Int, ahead: Int, state: UnsafeMutablePointer<Float>
  ) {
    let sums = state + 2 &* layout.paddedRows
    let rescale = rescale
    let width = layout.paddedDimension
    for column in stride(from: 0, to: width, by: I.columnsPerBlock) {
      I.multiplyBlock(
        scores + low, factorStep: 1, rowStep: KeyValueView.positionsPerPage,
        values + (low &* width &+ column),
        matrixStride: width, count: high &- low, ahead: ahead
      ) { row, x0, x1 in
        let target = sums + (row &* width &+ column)
        let factor = I.broadcast(rescale[row])
        I.store(I.multiplyAdd(I.load(target), factor, x0), target)
        I.store(I.multiplyAdd(I.load(target + I.laneCount), factor, x1), target + I.laneCount)
      }
    }
  }
}
