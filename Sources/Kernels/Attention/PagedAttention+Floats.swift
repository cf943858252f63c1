/// An element of a cache that is widened to single precision where it is used.
@usableFromInline
package protocol CachedFloat: CachedElement {
  static func load<I: VectorInstructions>(_ pointer: UnsafePointer<Self>, as: I.Type) -> I.Vector
}

extension Float: CachedFloat {
  @inlinable @inline(__always)
  package static func load<I: VectorInstructions>(_ pointer: UnsafePointer<Float>, as: I.Type) -> I.Vector {
    I.load(pointer)
  }
}

/// The bits of a half-precision float.
extension UInt16: CachedFloat {
  @inlinable @inline(__always)
  package static func load<I: VectorInstructions>(_ pointer: UnsafePointer<UInt16>, as: I.Type) -> I.Vector {
    I.load(pointer)
  }
}

extension CachedFloat {
  /// `[headDimension, rows]` per block.
  @inlinable @inline(__always)
  package static func packQueries<I: VectorInstructions>(_ attention: PagedAttention<I>) {
    let layout = attention.layout
    let scale = attention.tile.scale * PagedAttention<I>.log2e
    attention.forEachQuery { packed, row, query in
      for i in 0..<layout.headDimension {
        packed[i &* layout.rows &+ row] = query.map { $0[i] * scale } ?? 0
      }
    }
  }

  @inlinable @inline(__always)
  package static func attend<I: VectorInstructions>(
    _ attention: PagedAttention<I>, _ page: CachedPage, _ low: Int, _ high: Int,
    queries: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>
  ) {
    score(attention, page, low, high, queries: queries)
    attention.weigh(state)
    attention.sum(
      page.values.assumingMemoryBound(to: Self.self), low, high, ahead: page.ahead, state: state)
  }

  @inlinable @inline(__always)
  package static func score<I: VectorInstructions>(
    _ attention: PagedAttention<I>, _ page: CachedPage, _ low: Int, _ high: Int,
    queries: UnsafePointer<Float>
  ) {
    attention.score(
      page.keys.assumingMemoryBound(to: Self.self), low, high, ahead: page.ahead, queries: queries)
  }
}

extension PagedAttention {
  /// Computes the scores of a page's positions `low..<high`; those of the others become −∞.
  @inlinable @inline(__always)
  func score<Element: CachedFloat>(
    _ keys: UnsafePointer<Element>, _ low: Int, _ high: Int, ahead: Int, queries: UnsafePointer<Float>
  ) {
    let pageSize = KeyValueView.positionsPerPage
    let scores = scores
    var column = low / I.columnsPerBlock &* I.columnsPerBlock
    while column < high {
      FloatProducts<I, Element>.multiplyBlock(
        queries, factorStep: I.rowsPerBlock, rowStep: 1, keys + column, matrixStride: pageSize,
        count: layout.headDimension, ahead: ahead
      ) { row, offset, x0, x1 in
        let target = scores + (row &* pageSize &+ column &+ offset)
        I.store(x0, target)
        I.store(x1, target + I.laneCount)
      }
      column &+= I.columnsPerBlock
    }
    mask(exceptFrom: low, to: high)
  }

  /// Turns a page's scores into weights, and updates the largest scores and the denominators. Leaves in
  /// `rescale` the factors that bring the sums to the new largest scores.
  @inlinable @inline(__always)
  func weigh(_ state: UnsafeMutablePointer<Float>) {
    let pageSize = KeyValueView.positionsPerPage
    for row in 0..<I.rowsPerBlock {
      let scores = scores + row &* pageSize
      let largest = max(state[row], largestScore(row))
      rescale[row] = state[row] - largest
      state[row] = largest
      let shift = I.broadcast(largest)
      var sums = PartialSums<I>()
      for i in stride(from: 0, to: pageSize, by: PartialSums<I>.count) {
        sums.forEachVector { first, sum in
          let weights = I.powerOfTwo(I.subtract(I.load(scores + (i &+ first)), shift))
          I.store(weights, scores + (i &+ first))
          sum = I.add(sum, weights)
        }
      }
      pageSums[row] = sums.total
    }
    updateDenominators(state)
  }

  /// Adds the values of a page's positions `low..<high`, weighted, to the sums.
  @inlinable @inline(__always)
  func sum<Element: CachedFloat>(
    _ values: UnsafePointer<Element>, _ low: Int, _ high: Int, ahead: Int, state: UnsafeMutablePointer<Float>
  ) {
    let sums = state + 2 &* layout.paddedRows
    let rescale = rescale
    let width = layout.paddedDimension
    for column in stride(from: 0, to: width, by: I.columnsPerBlock) {
      FloatProducts<I, Element>.multiplyBlock(
        scores + low, factorStep: 1, rowStep: KeyValueView.positionsPerPage,
        values + (low &* width &+ column),
        matrixStride: width, count: high &- low, ahead: ahead
      ) { row, offset, x0, x1 in
        let target = sums + (row &* width &+ column &+ offset)
        let factor = I.broadcast(rescale[row])
        I.store(I.multiplyAdd(I.load(target), factor, x0), target)
        I.store(I.multiplyAdd(I.load(target + I.laneCount), factor, x1), target + I.laneCount)
      }
    }
  }
}
