extension Launcher {
  /// Writes the keys and values of a run of positions into the cache.
  ///
  /// - Parameters:
  ///   - keys: `[tokens, keyValueHeads · headDimension]`, likewise `values`.
  ///   - firstPosition: the position of the first row.
  package func store(
    keys: ActivationRows, values: ActivationRows, at firstPosition: Int, in cache: KeyValuePages
  ) {
    let width = cache.keyValueHeadCount * cache.headDimension
    precondition(keys.columns == width && values.columns == width && keys.count == values.count)
    cache.reserve(firstPosition + keys.count)
    cache.withView { view in
      forEachRow(keys.count) { [kernels] row in
        for head in 0..<cache.keyValueHeadCount {
          let first = head * cache.headDimension
          kernels.vectors.store(
            key: keys[row] + first, value: values[row] + first, at: firstPosition + row, head: head, in: view)
        }
      }
    }
  }

  /// Causal attention with sinks for a run of positions whose keys and values are stored already.
  ///
  /// - Parameters:
  ///   - queries: `[tokens, queryHeads · headDimension]`, rotated.
  ///   - window: how many positions a token sees, its own included; nil for all.
  ///   - sinks: `[queryHeads]`.
  ///   - output: `[tokens, queryHeads · headDimension]`.
  package func attend(
    queries: ActivationRows, at firstPosition: Int, window: Int?, sinks: FloatVector, cache: KeyValuePages,
    output: ActivationRows
  ) {
    let headDimension = cache.headDimension
    let heads = cache.keyValueHeadCount
    let groupSize = sinks.count / heads
    precondition(sinks.count == groupSize * heads && window.map { $0 > 0 } ?? true)
    precondition(queries.columns == sinks.count * headDimension && output.columns == queries.columns)
    precondition(queries.count == output.count)
    guard queries.count > 0 else { return }
    let tileCount = queries.count.dividedUp(by: AttentionLayout.tokensPerTile)
    cache.withView { view in
      func tile(_ index: Int, head: Int) -> AttentionTile {
        let first = index * AttentionLayout.tokensPerTile
        let offset = head * groupSize * headDimension
        return AttentionTile(
          queries: queries[first] + offset, output: output[first] + offset, queryStride: queries.stride,
          outputStride: output.stride, tokenCount: min(queries.count - first, AttentionLayout.tokensPerTile),
          groupSize: groupSize, sinks: sinks.base + head * groupSize,
          scale: 1 / Float(headDimension).squareRoot(),
          cache: view, keyValueHead: head, firstPosition: firstPosition + first, window: window)
      }
      let spanCount = AttentionLayout.spans(of: tile(0, head: 0).visible).count
      if tileCount == 1, spanCount > 1, let kernels = kernels.vectors.splitAttention {
        attend(kernels, spanCount: spanCount, heads: heads) { tile(0, head: $0) }
      } else {
        let bytes = (0..<tileCount).map { kernels.vectors.attentionScratchByteCount(for: tile($0, head: 0)) }
          .max()
        // The last tiles see most: they go first, so that no thread is left with a long one at the end.
        run(tileCount * heads, scratchByteCount: bytes ?? 0) { task, scratch in
          kernels.vectors.attend(tile(tileCount - 1 - task / heads, head: task % heads), scratch: scratch)
        }
      }
    }
  }

  /// One tile per head, its context spread over the threads.
  private func attend(
    _ kernels: any SplitAttentionKernels, spanCount: Int, heads: Int, tile: (_ head: Int) -> AttentionTile
  ) {
    let firstSpan = AttentionLayout.spans(of: tile(0).visible).lowerBound
    let stateFloats = kernels.stateFloats(of: tile(0))
    let states = spanStates.reserve(heads * spanCount * stateFloats * 4).assumingMemoryBound(to: Float.self)
    let bytes = self.kernels.vectors.attentionScratchByteCount(for: tile(0))
    run(heads * spanCount, scratchByteCount: bytes) { task, scratch in
      kernels.attend(
        tile(task / spanCount), span: firstSpan + task % spanCount, state: states + task * stateFloats,
        scratch: scratch)
    }
    run(heads, scratchByteCount: bytes) { head, scratch in
      kernels.combine(
        tile(head), states: states + head * spanCount * stateFloats, spanCount: spanCount, scratch: scratch)
    }
  }
}

extension VectorKernels {
  /// Rounds one head's key and value to the cache's elements and stores them.
  fileprivate func store(
    key: UnsafePointer<Float>, value: UnsafePointer<Float>, at position: Int, head: Int, in view: KeyValueView
  ) {
    let count = view.headDimension
    switch view.element {
    case .float32: view.store(key: key, value: value, at: position, head: head)
    case .float16:
      withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 2 * count) { halves in
        guard let rounded = halves.baseAddress else { return }
        roundToHalf(key, output: rounded, count: count)
        roundToHalf(value, output: rounded + count, count: count)
        view.store(key: rounded, value: rounded + count, at: position, head: head)
      }
    case .int16:
      withUnsafeTemporaryAllocation(of: Int16.self, capacity: 2 * count) { integers in
        guard let rounded = integers.baseAddress else { return }
        let scales = view.scales(position, head: head) + position % KeyValueView.positionsPerPage
        scales[0] = roundToIntegers(key, within: .keys, output: rounded, count: count)
        scales[KeyValueView.positionsPerPage] = roundToIntegers(
          value, within: .values, output: rounded + count, count: count)
        view.store(key: rounded, value: rounded + count, at: position, head: head)
      }
    }
  }
}
