/// Vector kernels made from generic bodies and an instruction set.
///
/// A conforming type says which instructions. The bodies are compiled in its module, for its CPU. What
/// remains of a count after whole vectors is done one element at a time, with the same instructions: so a
/// result does not depend on how many lanes a vector has. Sums have the order of ``PartialSums``.
@usableFromInline
package protocol InstructionVectors: VectorKernels, SplitAttentionKernels {
  associatedtype Instructions: VectorInstructions
}

extension InstructionVectors {
  /// 32 partial sums of squares: two times sixteen, so that vectors of sixteen lanes need not wait for one
  /// another.
  @inlinable @inline(never)
  package func rmsNorm(
    _ input: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float,
    output: UnsafeMutablePointer<Float>, count: Int
  ) {
    typealias I = Instructions
    let lanes = I.laneCount
    var (even, odd) = (PartialSums<I>(), PartialSums<I>())
    var i = 0
    while i &+ 2 &* PartialSums<I>.count <= count {
      even.forEachVector { first, sum in
        let x = I.load(input + (i &+ first))
        sum = I.multiplyAdd(x, x, sum)
      }
      odd.forEachVector { first, sum in
        let x = I.load(input + (i &+ PartialSums<I>.count &+ first))
        sum = I.multiplyAdd(x, x, sum)
      }
      i &+= 2 &* PartialSums<I>.count
    }
    var squares = even.total(with: odd)
    while i < count {
      squares += input[i] * input[i]
      i &+= 1
    }
    let scale = 1 / (squares / Float(count) + epsilon).squareRoot()
    let factor = I.broadcast(scale)
    i = 0
    while i &+ lanes <= count {
      I.store(I.multiply(I.multiply(I.load(input + i), factor), I.load(weight + i)), output + i)
      i &+= lanes
    }
    while i < count {
      output[i] = input[i] * scale * weight[i]
      i &+= 1
    }
  }

  @inlinable @inline(never)
  package func rotate(
    _ head: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
    headDimension: Int
  ) {
    typealias I = Instructions
    let half = headDimension / 2
    let zero = I.broadcast(0)
    var i = 0
    while i &+ I.laneCount <= half {
      let (x, y) = (I.load(head + i), I.load(head + (i &+ half)))
      let (cosine, sine) = (I.load(cosines + i), I.load(sines + i))
      I.store(I.multiplyAdd(x, cosine, I.subtract(zero, I.multiply(y, sine))), head + i)
      I.store(I.multiplyAdd(y, cosine, I.multiply(x, sine)), head + (i &+ half))
      i &+= I.laneCount
    }
    while i < half {
      let (x, y) = (I.broadcast(head[i]), I.broadcast(head[i &+ half]))
      let (cosine, sine) = (I.broadcast(cosines[i]), I.broadcast(sines[i]))
      head[i] = I.maximum(I.multiplyAdd(x, cosine, I.subtract(zero, I.multiply(y, sine))))
      head[i &+ half] = I.maximum(I.multiplyAdd(y, cosine, I.multiply(x, sine)))
      i &+= 1
    }
  }

  @inlinable @inline(never)
  package func roundToHalf(_ input: UnsafePointer<Float>, output: UnsafeMutablePointer<UInt16>, count: Int) {
    typealias I = Instructions
    var i = 0
    while i &+ I.laneCount <= count {
      I.store(I.load(input + i), output + i)
      i &+= I.laneCount
    }
    guard i < count else { return }
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: I.laneCount) { lanes in
      guard let lane = lanes.baseAddress else { return }
      while i < count {
        I.store(I.broadcast(input[i]), lane)
        output[i] = lane[0]
        i &+= 1
      }
    }
  }

  @inlinable @inline(never)
  package func roundToIntegers(
    _ input: UnsafePointer<Float>, within bounds: IntegerBounds, output: UnsafeMutablePointer<Int16>,
    count: Int
  ) -> Float {
    Instructions.roundToIntegers(input, within: bounds, output: output, count: count)
  }

  @inlinable @inline(never)
  package func gatedActivation(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int
  ) {
    typealias I = Instructions
    var i = 0
    while i &+ I.laneCount <= count {
      I.store(I.gatedActivation(gate: I.load(gate + i), up: I.load(up + i)), output + i)
      i &+= I.laneCount
    }
    while i < count {
      let lane = I.gatedActivation(gate: I.broadcast(gate[i]), up: I.broadcast(up[i]))
      output[i] = I.maximum(lane)
      i &+= 1
    }
  }

  @inlinable @inline(never)
  package func accumulate(
    _ vector: UnsafePointer<Float>, scale: Float, into accumulator: UnsafeMutablePointer<Float>, count: Int
  ) {
    typealias I = Instructions
    let factor = I.broadcast(scale)
    var i = 0
    while i &+ I.laneCount <= count {
      I.store(I.multiplyAdd(I.load(vector + i), factor, I.load(accumulator + i)), accumulator + i)
      i &+= I.laneCount
    }
    while i < count {
      let lane = I.multiplyAdd(I.broadcast(vector[i]), factor, I.broadcast(accumulator[i]))
      accumulator[i] = I.maximum(lane)
      i &+= 1
    }
  }
}

extension InstructionVectors {
  @inlinable @inline(never)
  package func attentionScratchByteCount(for tile: AttentionTile) -> Int {
    tile.layout(Instructions.self).scratchByteCount(tokens: tile.tokenCount)
  }

  @inlinable @inline(never)
  package func attend(_ tile: AttentionTile, scratch: UnsafeMutableRawPointer) {
    let attention = PagedAttention<Instructions>(tile, scratch: scratch)
    switch tile.cache.element {
    case .int16: attention.attendToAll(Int16.self)
    case .float16: attention.attendToAll(UInt16.self)
    case .float32: attention.attendToAll(Float.self)
    }
  }

  @inlinable @inline(never)
  package func weigh(
    _ tile: AttentionTile, into weights: AttentionWeights, scratch: UnsafeMutableRawPointer
  ) {
    let attention = PagedAttention<Instructions>(tile, scratch: scratch)
    switch tile.cache.element {
    case .int16: attention.weigh(Int16.self, into: weights)
    case .float16: attention.weigh(UInt16.self, into: weights)
    case .float32: attention.weigh(Float.self, into: weights)
    }
  }

  @inlinable @inline(never)
  package var splitAttention: (any SplitAttentionKernels)? { self }

  @inlinable @inline(never)
  package func stateFloats(of tile: AttentionTile) -> Int {
    tile.layout(Instructions.self).stateFloats(tokens: tile.tokenCount)
  }

  @inlinable @inline(never)
  package func attend(
    _ tile: AttentionTile, span: Int, state: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let attention = PagedAttention<Instructions>(tile, scratch: scratch)
    switch tile.cache.element {
    case .int16: attend(attention, span: span, Int16.self, state: state)
    case .float16: attend(attention, span: span, UInt16.self, state: state)
    case .float32: attend(attention, span: span, Float.self, state: state)
    }
  }

  @inlinable @inline(__always)
  func attend<Element: CachedElement>(
    _ attention: PagedAttention<Instructions>, span: Int, _: Element.Type, state: UnsafeMutablePointer<Float>
  ) {
    Element.packQueries(attention)
    attention.attend(span: span, Element.self, states: state)
  }

  @inlinable @inline(never)
  package func combine(
    _ tile: AttentionTile, states: UnsafePointer<Float>, spanCount: Int, scratch: UnsafeMutableRawPointer
  ) {
    PagedAttention<Instructions>(tile, scratch: scratch).combine(states, spanCount: spanCount)
  }
}
