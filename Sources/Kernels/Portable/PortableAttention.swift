extension PortableVectors {
  func attentionScratchByteCount(groupSize: Int, headDimension: Int, positions: Int) -> Int {
    (groupSize * KeyValuePages.positionsPerPage + headDimension) * 4
  }

  /// Page by page with a running maximum (the online softmax of Milakov and Gimelshein 2018): each key and
  /// value is read once, for all query heads of the group.
  func attend(_ attention: AttentionTile, scratch: UnsafeMutableRawPointer) {
    let size = attention.headDimension
    let pageSize = KeyValuePages.positionsPerPage
    let group = attention.groupSize
    let vector = scratch.bindMemory(to: Float.self, capacity: size + group * pageSize)
    let scores = vector + size
    var position = attention.visible.lowerBound
    withUnsafeTemporaryAllocation(of: SoftmaxState.self, capacity: group) { states in
      for member in 0..<group {
        // The sink is a score without a value: it starts the maximum and the denominator.
        states[member] = SoftmaxState(largest: attention.sinks[member], denominator: 1)
        for d in 0..<size { attention.output[member * size + d] = 0 }
      }
      while position < attention.visible.upperBound {
        let end = min((position / pageSize + 1) * pageSize, attention.visible.upperBound)
        let count = end - position
        let keys = attention.cache.key(position, head: attention.keyValueHead)
        for i in 0..<count {
          attention.cache.decode(keys, index: i, into: vector)
          for member in 0..<group {
            scores[member * pageSize + i] =
              dotProduct(attention.queries + member * size, vector, count: size) * attention.scale
          }
        }
        for member in 0..<group {
          let rescale = states[member].absorb(scores + member * pageSize, count: count)
          if rescale != 1 {
            for d in 0..<size { attention.output[member * size + d] *= rescale }
          }
        }
        let values = attention.cache.value(position, head: attention.keyValueHead)
        for i in 0..<count {
          attention.cache.decode(values, index: i, into: vector)
          for member in 0..<group {
            accumulate(
              vector, scale: scores[member * pageSize + i], into: attention.output + member * size,
              count: size)
          }
        }
        position = end
      }
      for member in 0..<group {
        for d in 0..<size { attention.output[member * size + d] /= states[member].denominator }
      }
    }
  }
}

/// The running maximum and denominator of one head's softmax.
private struct SoftmaxState {
  var largest: Float
  var denominator: Float

  /// Takes in `count` scores, at most a page, and turns them into weights relative to the new maximum.
  ///
  /// - Returns: the factor that brings what was summed so far to the new maximum.
  mutating func absorb(_ scores: UnsafeMutablePointer<Float>, count: Int) -> Float {
    var maximum = largest
    for i in 0..<count where scores[i] > maximum { maximum = scores[i] }
    let rescale = exponential(Lanes(repeating: largest - maximum))[0]
    var sum = Lanes()
    forEachVector(count) { offset, lanes in
      var weights = exponential(load(scores + offset, lanes) - maximum)
      if lanes < 8 { for lane in lanes..<8 { weights[lane] = 0 } }
      sum += weights
      store(weights, scores + offset, lanes)
    }
    denominator = denominator * rescale + sum.treeSum
    largest = maximum
    return rescale
  }
}

extension KeyValueView {
  /// Decodes the key or value `index` positions after the one at `vectors` in the same page.
  @inline(__always)
  func decode(_ vectors: UnsafeRawPointer, index: Int, into output: UnsafeMutablePointer<Float>) {
    let source = vectors + index * bytesPerPosition
    switch element {
    case .float32: output.update(from: source.assumingMemoryBound(to: Float.self), count: headDimension)
    case .float16: decodeFloat16(source, into: output, count: headDimension)
    }
  }
}
