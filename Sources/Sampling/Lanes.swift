/// Sixteen logits or weights side by side, the step of every loop over the vocabulary.
typealias Lanes = SIMD16<Float>

extension Lanes {
  /// The larger of each pair; neither side may hold NaN.
  @inline(__always)
  func larger(_ other: Self) -> Self {
    replacing(with: other, where: other .> self)
  }

  /// Without NaN, which becomes −∞, and without +∞, which becomes the largest finite number.
  @inline(__always)
  var sanitized: Self {
    let numbers = replacing(with: -.infinity, where: self .!= self)
    return numbers.replacing(with: .greatestFiniteMagnitude, where: numbers .> .greatestFiniteMagnitude)
  }

  /// The largest lane; none may be NaN.
  @inline(__always)
  var largest: Float {
    let eight = lowHalf.replacing(with: highHalf, where: highHalf .> lowHalf)
    let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.highHalf .> eight.lowHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .> four.lowHalf)
    return two.x > two.y ? two.x : two.y
  }

  /// The sum of the lanes, always added in the same order.
  @inline(__always)
  var total: Double {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    return (Double(four.x) + Double(four.y)) + (Double(four.z) + Double(four.w))
  }

  /// e to the power of each lane, for lanes at or below 0; exactly 1 at 0, and 0 below −87.
  ///
  /// Multiplications and additions alone, each rounded on its own, so that every platform gets the same
  /// bits (libraries' `exp` differ in the last one). The relative error is below 2e-7.
  ///
  /// With n = round(x / ln 2) and r = x − n · ln 2, e^x = 2^n · e^r. ln 2 is split in two so that the product
  /// with n is exact; the polynomial for e^r on ±ln 2 / 2 is Cephes' `expf` (S. Moshier, netlib.org/cephes).
  @inline(__always)
  var exponential: Self {
    let clamped = self.larger(Self(repeating: -87))
    // Adding 1.5 · 2^23 leaves the rounded sum in the low mantissa bits.
    let shifted = clamped * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let r = clamped - n * 0.693_359_375 - n * -2.121_944_4e-4
    var power = r * 1.987_569_15e-4 + 1.398_199_950_7e-3
    power = power * r + 8.333_451_907_3e-3
    power = power * r + 4.166_579_589_4e-2
    power = power * r + 1.666_666_545_9e-1
    power = power * r + 5.000_000_120_1e-1
    power = power * (r * r) + r + 1
    let exponent = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &+ 127
    let twoToTheN = unsafeBitCast(exponent &<< 23, to: Self.self)
    return (power * twoToTheN).replacing(with: 0, where: self .< -87)
  }
}

extension Span<Float> {
  /// Sixteen elements from `index` on.
  @inline(__always)
  func lanes(at index: Int) -> Lanes {
    bytes.unsafeLoadUnaligned(fromByteOffset: index * 4, as: Lanes.self)
  }
}

extension [Float] {
  /// Sixteen elements from `index` on.
  @inline(__always)
  func lanes(at index: Int) -> Lanes {
    span.lanes(at: index)
  }

  /// Stores sixteen elements from `index` on.
  @inline(__always)
  mutating func setLanes(_ lanes: Lanes, at index: Int) {
    var elements = mutableSpan
    var bytes = elements.mutableBytes
    bytes.storeBytes(of: lanes, toByteOffset: index * 4, as: Lanes.self)
  }
}
