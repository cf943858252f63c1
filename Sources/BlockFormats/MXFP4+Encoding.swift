extension MXFP4 {
  /// Chooses the better of two scales, and rounds each weight to the nearest E2M1 value at that scale.
  ///
  /// The specification's scale is `2^(⌊log2 max|w|⌋ − 2)`: the largest weight falls between 4 and 8 at
  /// that scale, and what is past 6, the largest E2M1 value, is cut to 6. Twice that scale cuts nothing,
  /// but rounds the small weights more coarsely. The block gets the one with the smaller sum of squared
  /// errors; the smaller scale if they are equal. Ties between E2M1 values go to the even mantissa.
  /// Zero is always written as nibble 0, never as 8.
  ///
  /// - Throws: ``BlockFormatError/unencodable(weight:index:format:)`` for infinity and NaN.
  /// - SeeAlso: OCP Microscaling Formats (MX) Specification v1.0, on converting to MX; Docs/MXFP4.md.
  @inlinable
  public static func encodeBlock(
    _ weights: Span<Float>, into block: consuming MutableRawSpan
  ) throws(BlockFormatError) {
    precondition(weights.count == weightsPerBlock && block.byteCount == bytesPerBlock)
    let largest = try largestMagnitude(of: weights, format: .mxfp4)
    let exponent = largest == 0 ? -127 : max(Int(largest.exponent) - 2, -127)
    let smaller = UInt8(exponent + 127)  // at most 127 − 2 + 127 = 252
    let larger = smaller + 1
    let scale =
      squaredError(of: weights, e8m0: larger) < squaredError(of: weights, e8m0: smaller)
      ? larger : smaller

    block.storeBytes(of: scale, as: UInt8.self)
    for j in 0..<16 {
      let low = nibble(nearestTo: weights[j], e8m0: scale)
      let high = nibble(nearestTo: weights[j + 16], e8m0: scale)
      block.storeBytes(of: high << 4 | low, toByteOffset: 1 + j, as: UInt8.self)
    }
  }

  /// The nibble whose value at a scale is nearest to a finite weight.
  @inlinable
  static func nibble(nearestTo weight: Float, e8m0 scale: UInt8) -> UInt8 {
    // In units of half the scale, as `doubledValues` is.
    let magnitude = weight.magnitude / halfScale(e8m0: scale)
    // Each comparison is a midpoint between neighbors; a tie is passed where the upper one is even.
    var code: UInt8 = 0
    if magnitude > 0.5 { code = 1 }
    if magnitude >= 1.5 { code = 2 }
    if magnitude > 2.5 { code = 3 }
    if magnitude >= 3.5 { code = 4 }
    if magnitude > 5 { code = 5 }
    if magnitude >= 7 { code = 6 }
    if magnitude > 10 { code = 7 }
    return code != 0 && weight < 0 ? code | 0x08 : code
  }

  /// What a block loses at a scale: the sum of the squared differences between weights and their values.
  ///
  /// In double precision, which neither the largest nor the smallest floats overflow when squared.
  /// A value that overflows when it is decoded counts as infinitely wrong.
  @inlinable
  static func squaredError(of weights: Span<Float>, e8m0 scale: UInt8) -> Double {
    let halfScale = halfScale(e8m0: scale)
    var sum = 0.0
    for index in weights.indices {
      let nibble = nibble(nearestTo: weights[index], e8m0: scale)
      let difference = Double(weights[index]) - Double(halfScale * doubledValues[Int(nibble)])
      sum += difference * difference
    }
    return sum
  }
}
