/// Where the weights of one token's attention go, for those who look at it: what `VectorKernels.weigh`
/// writes.
///
/// Softmax before its division: a position's share of a head is its weight, divided by the sum of all weights
/// and of the sink's.
@usableFromInline
package struct AttentionWeights {
  /// `[groupSize, stride]`: weights 0 … 1, the largest of a head (or the sink's) being 1. Column 0 belongs to
  /// `firstPosition`; positions that the token does not see have weight 0.
  @usableFromInline package let positions: UnsafeMutablePointer<Float>
  /// `[groupSize]`: the weights of the sinks.
  @usableFromInline package let sinks: UnsafeMutablePointer<Float>
  /// Floats from one head to the next: whole pages.
  @usableFromInline package let stride: Int
  /// A multiple of `KeyValueView.positionsPerPage`.
  @usableFromInline package let firstPosition: Int

  /// Room for a tile of one token in `memory`: `byteCount(for:)` bytes, aligned to 64.
  init(_ tile: AttentionTile, memory: UnsafeMutableRawPointer) {
    let pageSize = KeyValueView.positionsPerPage
    firstPosition = tile.visible.lowerBound / pageSize * pageSize
    stride = Self.stride(of: tile)
    positions = memory.assumingMemoryBound(to: Float.self)
    sinks = positions + tile.groupSize * stride
  }

  static func byteCount(for tile: AttentionTile) -> Int { tile.groupSize * (stride(of: tile) + 1) * 4 }

  private static func stride(of tile: AttentionTile) -> Int {
    let pageSize = KeyValueView.positionsPerPage
    let visible = tile.visible
    return (visible.upperBound.dividedUp(by: pageSize) - visible.lowerBound / pageSize) * pageSize
  }
}

extension PagedAttention {
  /// `VectorKernels.weigh` of a tile of one token: the scores of every page, as `attendToAll` computes them,
  /// then one softmax over all of them.
  @inlinable @inline(__always)
  package func weigh<Element: CachedElement>(_: Element.Type, into output: AttentionWeights) {
    Element.packQueries(self)
    let pageSize = KeyValueView.positionsPerPage
    let visible = tile.visible(0)
    var page = output.firstPosition
    while page < visible.upperBound {
      let start = tile.cache.page(page)
      let cached = CachedPage(tile.cache, start, next: start, head: tile.keyValueHead)
      let low = max(visible.lowerBound &- page, 0)
      let high = min(visible.upperBound &- page, pageSize)
      for block in 0..<layout.blocksPerToken {
        Element.score(self, cached, low, high, queries: queries + block &* layout.queryFloats)
        let firstHead = block &* layout.rows
        for row in 0..<min(layout.rows, layout.groupSize &- firstHead) {
          (output.positions + ((firstHead &+ row) &* output.stride &+ page &- output.firstPosition))
            .update(from: scores + row &* pageSize, count: pageSize)
        }
      }
      page &+= pageSize
    }
    for head in 0..<layout.groupSize { softmax(head, output) }
  }

  /// Turns a head's scores into weights.
  @inlinable @inline(__always)
  func softmax(_ head: Int, _ output: AttentionWeights) {
    let row = output.positions + head &* output.stride
    let sink = tile.sinks[head] * PagedAttention.log2e
    var maxima = I.broadcast(sink)
    for i in stride(from: 0, to: output.stride, by: I.laneCount) {
      maxima = I.maximum(maxima, I.load(row + i))
    }
    // Finite, so that its difference to any score is a number.
    let largest = max(I.maximum(maxima), -Float.greatestFiniteMagnitude)
    let shift = I.broadcast(largest)
    for i in stride(from: 0, to: output.stride, by: I.laneCount) {
      I.store(I.powerOfTwo(I.subtract(I.load(row + i), shift)), row + i)
    }
    output.sinks[head] = I.maximum(I.powerOfTwo(I.broadcast(sink - largest)))
  }
}
