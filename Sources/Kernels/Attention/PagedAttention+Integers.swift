/// 16-bit integers, each vector with a scale of its own (`IntegerBounds`).
///
/// Keys lie in pairs of dimensions, values in pairs of positions, and one instruction multiplies both of a
/// pair. Scores and sums of values are exact until they become floats, once per page.
extension Int16: CachedElement {
  /// `[headDimension / 2, rows]` pairs per block, then the rows' scales.
  @inlinable @inline(__always)
  package static func packQueries<I: VectorInstructions>(_ attention: PagedAttention<I>) {
    let layout = attention.layout
    let scale = attention.tile.scale * PagedAttention<I>.log2e
    let size = layout.headDimension
    // Scratch: the place of the sums, which are at least as many floats.
    let integers = UnsafeMutableRawPointer(attention.states).assumingMemoryBound(to: Int16.self)
    attention.forEachQuery { packed, row, query in
      var own: Float = 0
      if let query {
        own = I.roundToIntegers(query, within: .keys, output: integers, count: size)
      } else {
        integers.update(repeating: 0, count: size)
      }
      let pairs = UnsafeMutableRawPointer(packed).assumingMemoryBound(to: Int32.self)
      let source = UnsafeRawPointer(integers).assumingMemoryBound(to: Int32.self)
      for i in 0..<(size / 2) { pairs[i &* layout.rows &+ row] = source[i] }
      // Not zero, so that −∞ times it is −∞. NaN stays.
      packed[size / 2 &* layout.rows &+ row] = own == 0 ? .leastNormalMagnitude : own * scale
    }
  }

  @inlinable @inline(__always)
  package static func attend<I: VectorInstructions>(
    _ attention: PagedAttention<I>, _ page: CachedPage, _ low: Int, _ high: Int,
    queries: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>
  ) {
    let scales = attention.scales(of: page, low, high)
    attention.scorePairs(page, low, high, queries: queries, scales: scales)
    attention.weighPairs(
      state, factors: queries + attention.layout.headDimension / 2 &* attention.layout.rows,
      scales: scales + KeyValueView.positionsPerPage)
    attention.sumPairs(page, low, high, state: state)
  }

  @inlinable @inline(__always)
  package static func score<I: VectorInstructions>(
    _ attention: PagedAttention<I>, _ page: CachedPage, _ low: Int, _ high: Int,
    queries: UnsafePointer<Float>
  ) {
    let pageSize = KeyValueView.positionsPerPage
    attention.scorePairs(
      page, low, high, queries: queries, scales: attention.scales(of: page, low, high))
    let factors = queries + attention.layout.headDimension / 2 &* attention.layout.rows
    for row in 0..<I.rowsPerBlock {
      let factor = I.broadcast(factors[row])
      for i in stride(from: row &* pageSize, to: (row &+ 1) &* pageSize, by: I.laneCount) {
        I.store(I.multiply(I.load(attention.scores + i), factor), attention.scores + i)
      }
    }
  }
}

extension PagedAttention {
  /// The sums of a page's weights times the scales of the values, `[paddedRows]`; then what an integer weight
  /// stands for.
  @inlinable @inline(__always)
  var units: UnsafeMutablePointer<Float> { pageSums + layout.paddedRows }

  /// The largest weight times the scale of its value, `[paddedRows]`; then steps per unit.
  @inlinable @inline(__always)
  var steps: UnsafeMutablePointer<Float> { units + layout.paddedRows }

  /// Scales of which those that are not seen are zero, `[2, 64]`.
  @inlinable @inline(__always)
  var seenScales: UnsafeMutablePointer<Float> { steps + layout.paddedRows }

  /// A page's weights as integers, `[rows, 64]`.
  @inlinable @inline(__always)
  var weights: UnsafeMutablePointer<Int16> {
    UnsafeMutableRawPointer(seenScales + 2 &* KeyValueView.positionsPerPage)
      .assumingMemoryBound(to: Int16.self)
  }

  /// The scales of a page's keys and values: zero where a position is not seen, whatever stands there.
  @inlinable @inline(__always)
  func scales(of page: CachedPage, _ low: Int, _ high: Int) -> UnsafePointer<Float> {
    let pageSize = KeyValueView.positionsPerPage
    for i in stride(from: 0, to: 2 &* pageSize, by: 16) {
      I.prefetch(UnsafeRawPointer(page.scales + i) + page.ahead)
    }
    guard low > 0 || high < pageSize else { return page.scales }
    for i in 0..<pageSize {
      let isSeen = low <= i && i < high
      seenScales[i] = isSeen ? page.scales[i] : 0
      seenScales[pageSize &+ i] = isSeen ? page.scales[pageSize &+ i] : 0
    }
    return UnsafePointer(seenScales)
  }

  /// Computes the scores of a page's positions `low..<high`, without the queries' scales; those of the others
  /// become −∞.
  @inlinable @inline(__always)
  func scorePairs(
    _ page: CachedPage, _ low: Int, _ high: Int, queries: UnsafePointer<Float>, scales: UnsafePointer<Float>
  ) {
    let pageSize = KeyValueView.positionsPerPage
    let scores = scores
    let pairs = UnsafeRawPointer(queries).assumingMemoryBound(to: Int32.self)
    let keys = page.keys.assumingMemoryBound(to: Int32.self)
    var column = low / I.columnsPerBlock &* I.columnsPerBlock
    while column < high {
      PairProducts<I>.multiplyBlock(
        pairs, factorStep: I.rowsPerBlock, rowStep: 1, keys + column, matrixStride: pageSize,
        count: layout.headDimension / 2, ahead: page.ahead
      ) { row, offset, x0, x1 in
        let target = scores + (row &* pageSize &+ column &+ offset)
        let scale = scales + (column &+ offset)
        I.store(I.multiply(I.floats(x0), I.load(scale)), target)
        I.store(I.multiply(I.floats(x1), I.load(scale + I.laneCount)), target + I.laneCount)
      }
      column &+= I.columnsPerBlock
    }
    mask(exceptFrom: low, to: high)
  }

  /// Turns a page's scores into weights, multiplies them by the scales of the values, and rounds them to
  /// integers that use their range. Updates the largest scores and the denominators.
  ///
  /// - Parameters:
  ///   - factors: the scales of the queries, `[rows]`.
  ///   - scales: those of the values, `[64]`.
  @inlinable @inline(__always)
  func weighPairs(
    _ state: UnsafeMutablePointer<Float>, factors: UnsafePointer<Float>, scales: UnsafePointer<Float>
  ) {
    let pageSize = KeyValueView.positionsPerPage
    let zero = I.broadcast(0)
    for row in 0..<I.rowsPerBlock {
      let scores = scores + row &* pageSize
      let largest = max(state[row], largestScore(row) * factors[row])
      rescale[row] = state[row] - largest
      state[row] = largest
      let factor = I.broadcast(factors[row])
      let shift = I.broadcast(-largest)
      var (sums, scaledSums, peaks) = (PartialSums<I>(), PartialSums<I>(), zero)
      for i in stride(from: 0, to: pageSize, by: PartialSums<I>.count) {
        sums.forEachVector(with: &scaledSums) { first, sum, scaledSum in
          let i = i &+ first
          let weights = I.powerOfTwo(I.multiplyAdd(I.load(scores + i), factor, shift))
          let scaled = I.multiply(weights, I.load(scales + i))
          I.store(scaled, scores + i)
          sum = I.add(sum, weights)
          scaledSum = I.add(scaledSum, scaled)
          peaks = I.maximum(peaks, scaled)
        }
      }
      pageSums[row] = sums.total
      units[row] = scaledSums.total
      steps[row] = I.maximum(peaks)
    }
    updateDenominators(state)
    for row in stride(from: 0, to: I.rowsPerBlock, by: I.laneCount) {
      let sums = I.load(units + row)
      // Bounded, so that zero times it is zero and not NaN. A sum that is NaN makes the unit NaN.
      let most = I.minimum(
        I.minimum(
          I.divide(I.broadcast(IntegerBounds.weights), sums),
          I.divide(I.broadcast(IntegerBounds.weight), I.load(steps + row))),
        I.broadcast(0x1p100))
      I.store(I.multiplyAdd(sums, zero, I.divide(I.broadcast(1), most)), units + row)
      I.store(most, steps + row)
    }
    for row in 0..<I.rowsPerBlock {
      let step = I.broadcast(steps[row])
      for i in stride(from: row &* pageSize, to: (row &+ 1) &* pageSize, by: I.laneCount) {
        I.store(I.multiply(I.load(scores + i), step), weights + i)
      }
    }
  }

  /// Adds the values of a page's positions `low..<high`, weighted, to the sums. Where the range begins or
  /// ends within a pair, the pair's other position is read too, with a weight of zero.
  @inlinable @inline(__always)
  func sumPairs(_ page: CachedPage, _ low: Int, _ high: Int, state: UnsafeMutablePointer<Float>) {
    let sums = state + 2 &* layout.paddedRows
    let (rescale, units) = (rescale, units)
    let width = layout.paddedDimension
    let pairs = UnsafeRawPointer(weights).assumingMemoryBound(to: Int32.self) + low / 2
    let values = page.values.assumingMemoryBound(to: Int32.self) + low / 2 &* width
    for column in stride(from: 0, to: width, by: I.columnsPerBlock) {
      PairProducts<I>.multiplyBlock(
        pairs, factorStep: 1, rowStep: KeyValueView.positionsPerPage / 2, values + column,
        matrixStride: width,
        count: (high &+ 1) / 2 &- low / 2, ahead: page.ahead
      ) { row, offset, x0, x1 in
        let target = sums + (row &* width &+ column &+ offset)
        let factor = I.broadcast(rescale[row])
        let unit = I.broadcast(units[row])
        let (y0, y1) = (I.multiply(I.floats(x0), unit), I.multiply(I.floats(x1), unit))
        I.store(I.multiplyAdd(I.load(target), factor, y0), target)
        I.store(I.multiplyAdd(I.load(target + I.laneCount), factor, y1), target + I.laneCount)
      }
    }
  }
}
