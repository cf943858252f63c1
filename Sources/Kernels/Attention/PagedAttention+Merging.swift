extension PagedAttention {
  /// Attends to everything that the tile sees, one span after the other, and writes the tile's output.
  @inlinable @inline(__always)
  package func attendToAll<Element: CachedElement>(_: Element.Type) {
    Element.packQueries(self)
    let whole = states + blockCount &* layout.stateFloats
    for block in 0..<blockCount { clear(whole + block &* layout.stateFloats) }
    for span in AttentionLayout.spans(of: tile.visible) {
      attend(span: span, Element.self, states: states)
      merge(states, into: whole)
    }
    finish(whole)
  }

  /// Merges the states of spans that were computed apart, in order, and writes the tile's output.
  ///
  /// - Parameter spans: `[spanCount, tokens, blocksPerToken]` states.
  @inlinable @inline(__always)
  package func combine(_ spans: UnsafePointer<Float>, spanCount: Int) {
    let whole = states
    for block in 0..<blockCount { clear(whole + block &* layout.stateFloats) }
    for span in 0..<spanCount {
      merge(spans + span &* blockCount &* layout.stateFloats, into: whole)
    }
    finish(whole)
  }

  /// Nothing seen yet. The largest score is finite, so that its difference to any other score is a number.
  @inlinable @inline(__always)
  func clear(_ state: UnsafeMutablePointer<Float>) {
    for i in 0..<layout.paddedRows { state[i] = -Float.greatestFiniteMagnitude }
    for i in layout.paddedRows..<layout.stateFloats { state[i] = 0 }
  }

  /// Adds a span's states to those of the spans before it.
  @inlinable @inline(__always)
  func merge(_ spans: UnsafePointer<Float>, into wholes: UnsafeMutablePointer<Float>) {
    let width = layout.paddedDimension
    for block in 0..<blockCount {
      let span = spans + block &* layout.stateFloats
      let whole = wholes + block &* layout.stateFloats
      let ofWhole = rescale
      let ofSpan = rescale + layout.paddedRows
      for row in stride(from: 0, to: layout.paddedRows, by: I.laneCount) {
        let largest = I.maximum(I.load(whole + row), I.load(span + row))
        let wholeFactor = I.powerOfTwo(I.subtract(I.load(whole + row), largest))
        let spanFactor = I.powerOfTwo(I.subtract(I.load(span + row), largest))
        let denominators = whole + (layout.paddedRows &+ row)
        I.store(largest, whole + row)
        I.store(
          I.multiplyAdd(
            I.load(denominators), wholeFactor,
            I.multiply(I.load(span + (layout.paddedRows &+ row)), spanFactor)), denominators)
        I.store(wholeFactor, ofWhole + row)
        I.store(spanFactor, ofSpan + row)
      }
      for row in 0..<I.rowsPerBlock {
        let first = 2 &* layout.paddedRows &+ row &* width
        for i in stride(from: first, to: first &+ width, by: I.laneCount) {
          let added = I.multiply(I.load(span + i), I.broadcast(ofSpan[row]))
          I.store(I.multiplyAdd(I.load(whole + i), I.broadcast(ofWhole[row]), added), whole + i)
        }
      }
    }
  }

  /// Brings in the sinks and writes `sums / denominator`.
  ///
  /// A weight that underflows can leave −0 in a sum, and 0 where a span without weight was merged before
  /// it: adding 0 makes both 0.
  @inlinable @inline(__always)
  func finish(_ wholes: UnsafeMutablePointer<Float>) {
    let zero = I.broadcast(0)
    for block in 0..<blockCount {
      let (token, blockOfToken) = (block / layout.blocksPerToken, block % layout.blocksPerToken)
      let firstHead = blockOfToken &* layout.rows
      let whole = wholes + block &* layout.stateFloats
      for row in 0..<min(layout.rows, layout.groupSize &- firstHead) {
        let sink = tile.sinks[firstHead &+ row] * PagedAttention.log2e
        let largest = I.broadcast(max(whole[row], sink))
        let factor = I.powerOfTwo(I.subtract(I.broadcast(whole[row]), largest))
        let denominator = I.multiplyAdd(
          I.broadcast(whole[layout.paddedRows &+ row]), factor,
          I.powerOfTwo(I.subtract(I.broadcast(sink), largest)))
        let normalizer = I.divide(factor, denominator)
        let sums = whole + (2 &* layout.paddedRows &+ row &* layout.paddedDimension)
        for i in stride(from: 0, to: layout.paddedDimension, by: I.laneCount) {
          I.store(I.add(I.multiply(I.load(sums + i), normalizer), zero), sums + i)
        }
        let output = tile.output + (token &* tile.outputStride &+ (firstHead &+ row) &* layout.headDimension)
        output.update(from: sums, count: layout.headDimension)
      }
    }
  }
}
