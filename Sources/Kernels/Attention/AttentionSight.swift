/// Where the heads of a run of tokens looked: each head's sink and the positions that got most.
package struct AttentionSight: Sendable {
  /// How many positions are kept per head.
  package static let positionCount = 8

  /// `[tokens, queryHeads]`: the sink's share of each head, 0 to 1.
  package fileprivate(set) var sinkShares: [Float]
  /// `[tokens, queryHeads, positionCount]`: the positions with the largest shares, largest first (the earlier
  /// one first where they are equal); −1 where a token sees fewer.
  package fileprivate(set) var positions: [Int32]
  /// `[tokens, queryHeads, positionCount]`: their shares, 0 to 1; 0 where there is no position.
  package fileprivate(set) var shares: [Float]

  fileprivate init(tokens: Int, heads: Int) {
    sinkShares = [Float](repeating: 0, count: tokens * heads)
    positions = [Int32](repeating: -1, count: tokens * heads * Self.positionCount)
    shares = [Float](repeating: 0, count: tokens * heads * Self.positionCount)
  }
}

extension Launcher {
  /// Looks at what `attend` weighs positions with. Nothing that a pass reads is changed.
  ///
  /// The scores are those of `attend` to the bit. Their softmax is taken over all positions at once, so a
  /// share is off by little more than rounding from what the head's result is made with.
  ///
  /// - Parameters: as those of `attend`; the keys are stored already.
  /// - Complexity: as `attend` without its values.
  package func lookAtAttention(
    queries: ActivationRows, at firstPosition: Int, window: Int?, sinks: FloatVector, cache: KeyValuePages
  ) -> AttentionSight {
    let headDimension = cache.headDimension
    let heads = cache.keyValueHeadCount
    let groupSize = sinks.count / heads
    precondition(sinks.count == groupSize * heads && window.map { $0 > 0 } ?? true)
    precondition(queries.columns == sinks.count * headDimension)
    var sight = AttentionSight(tokens: queries.count, heads: sinks.count)
    guard queries.count > 0 else { return sight }
    cache.withView { view in
      func makeTile(token: Int, head: Int) -> AttentionTile {
        let query = queries[token] + head * groupSize * headDimension
        return AttentionTile(
          queries: query, output: query, queryStride: queries.stride, outputStride: queries.stride,
          tokenCount: 1, groupSize: groupSize, sinks: sinks.base + head * groupSize,
          scale: 1 / Float(headDimension).squareRoot(), cache: view, keyValueHead: head,
          firstPosition: firstPosition + token, window: window)
      }
      // The last token sees most, but a window makes an earlier one begin in the middle of a page.
      let last = makeTile(token: queries.count - 1, head: 0)
      let weightBytes = AttentionWeights.byteCount(for: last) + 4 * groupSize * KeyValueView.positionsPerPage
      let ownBytes = (weightBytes + 63) / 64 * 64
      let bytes = ownBytes + kernels.vectors.attentionScratchByteCount(for: last)
      sight.withRows { rows in
        run(queries.count * heads, scratchByteCount: bytes) { task, scratch in
          let (token, head) = (task / heads, task % heads)
          let tile = makeTile(token: token, head: head)
          let weights = AttentionWeights(tile, memory: scratch)
          kernels.vectors.weigh(tile, into: weights, scratch: scratch + ownBytes)
          for member in 0..<groupSize {
            rows.write(weights, member: member, row: token * sinks.count + head * groupSize + member)
          }
        }
      }
    }
    return sight
  }
}

/// The memory of an `AttentionSight`: each thread writes to rows of its own.
private struct SightRows {
  let sinkShares: UnsafeMutableBufferPointer<Float>
  let positions: UnsafeMutableBufferPointer<Int32>
  let shares: UnsafeMutableBufferPointer<Float>

  /// Writes a head's shares.
  func write(_ weights: AttentionWeights, member: Int, row: Int) {
    let count = AttentionSight.positionCount
    let source = weights.positions + member * weights.stride
    let first = row * count
    var sum = weights.sinks[member]
    var sums = SIMD16<Float>(repeating: 0)
    // Only what exceeds the last of the largest so far is looked at one by one.
    for start in stride(from: 0, to: weights.stride, by: 16) {
      let lanes = UnsafeRawPointer(source + start).loadUnaligned(as: SIMD16<Float>.self)
      sums += lanes
      guard any(lanes .> shares[first + count - 1]) else { continue }
      for lane in 0..<16 { insert(lanes[lane], at: weights.firstPosition + start + lane, first: first) }
    }
    for lane in 0..<16 { sum += sums[lane] }
    for index in first..<(first + count) where positions[index] >= 0 { shares[index] /= sum }
    sinkShares[row] = weights.sinks[member] / sum
  }

  /// Gives a weight its place among the largest, if it has one there. A weight that is no number has none.
  private func insert(_ weight: Float, at position: Int, first: Int) {
    var place = first + AttentionSight.positionCount - 1
    guard weight > shares[place] else { return }
    while place > first, weight > shares[place - 1] {
      shares[place] = shares[place - 1]
      positions[place] = positions[place - 1]
      place -= 1
    }
    shares[place] = weight
    positions[place] = Int32(position)
  }
}

extension AttentionSight {
  fileprivate mutating func withRows(_ body: (SightRows) -> Void) {
    sinkShares.withUnsafeMutableBufferPointer { sinkShares in
      positions.withUnsafeMutableBufferPointer { positions in
        shares.withUnsafeMutableBufferPointer { shares in
          body(SightRows(sinkShares: sinkShares, positions: positions, shares: shares))
        }
      }
    }
  }
}
