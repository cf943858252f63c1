#if arch(x86_64)
  /// `x · y + z`, rounded once, on CPUs whose baseline has no such instruction.
  ///
  /// A product of two floats is exact in double precision, and so the sum is rounded twice: to 53 bits and to
  /// 24. That differs from once only where the first rounding ends on the middle between two floats, or where
  /// the result has fewer than 24 bits, because it is subnormal. Both are rare, and `addingProduct` takes
  /// them, a call of the C library per lane.
  ///
  /// 31 instructions for four lanes in place of two.
  @inline(__always)
  func fusedMultiplyAdd(_ x: SIMD4<Float>, _ y: SIMD4<Float>, _ z: SIMD4<Float>) -> SIMD4<Float> {
    let low = SIMD2<Double>(x.lowHalf) * SIMD2<Double>(y.lowHalf) + SIMD2<Double>(z.lowHalf)
    let high = SIMD2<Double>(x.highHalf) * SIMD2<Double>(y.highHalf) + SIMD2<Double>(z.highHalf)
    let sum = SIMD4<Float>(lowHalf: SIMD2(low), highHalf: SIMD2(high))
    // The 29 bits that a float does not have: the lower halves of the doubles hold them all.
    let bits = SIMD8<UInt32>(
      lowHalf: unsafeBitCast(low, to: SIMD4<UInt32>.self),
      highHalf: unsafeBitCast(high, to: SIMD4<UInt32>.self)
    ).evenHalf
    let isMiddle = (bits & 0x1FFF_FFFF) .== 0x1000_0000
    let magnitude = unsafeBitCast(sum, to: SIMD4<Int32>.self) & 0x7FFF_FFFF
    // Of nothing but a product, a sum is exact.
    let isSubnormal = (magnitude .< 0x0080_0000) .& (z .!= 0)
    // `any` would look for the smallest lane.
    let rare = unsafeBitCast(isMiddle .| isSubnormal, to: SIMD2<UInt64>.self)
    guard rare[0] | rare[1] != 0 else { return sum }
    return roundedOnce(x, y, z)
  }

  @inline(never)
  private func roundedOnce(_ x: SIMD4<Float>, _ y: SIMD4<Float>, _ z: SIMD4<Float>) -> SIMD4<Float> {
    SIMD4(
      z[0].addingProduct(x[0], y[0]), z[1].addingProduct(x[1], y[1]), z[2].addingProduct(x[2], y[2]),
      z[3].addingProduct(x[3], y[3]))
  }
#endif
