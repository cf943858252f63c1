/// The vector that the portable kernels compute with.
typealias Lanes = SIMD8<Float>

/// Runs `body` for every eight elements of `count`, and once for what is left over.
///
/// - Parameter body: receives the offset and how many lanes are in use.
@inline(__always)
func forEachVector(_ count: Int, _ body: (_ offset: Int, _ lanes: Int) -> Void) {
  var offset = 0
  while offset &+ 8 <= count {
    body(offset, 8)
    offset &+= 8
  }
  if offset < count { body(offset, count &- offset) }
}

/// Loads `lanes` floats; the lanes not in use are zero.
@inline(__always)
func load(_ pointer: UnsafePointer<Float>, _ lanes: Int) -> Lanes {
  if lanes == 8 { return UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self) }
  var vector = Lanes()
  for lane in 0..<lanes { vector[lane] = pointer[lane] }
  return vector
}

/// Stores the first `lanes` lanes.
@inline(__always)
func store(_ vector: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ lanes: Int) {
  if lanes == 8 {
    UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Lanes.self)
  } else {
    for lane in 0..<lanes { pointer[lane] = vector[lane] }
  }
}

extension Lanes {
  /// The sum of the lanes, as a tree: (0+4, 1+5, 2+6, 3+7), then halves of that.
  @inline(__always)
  var treeSum: Float {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// The smaller of each lane and `limit`; NaN stays NaN.
  @inline(__always)
  func clamped(above limit: Float) -> Lanes { replacing(with: limit, where: self .> limit) }

  /// The larger of each lane and `limit`; NaN stays NaN.
  @inline(__always)
  func clamped(below limit: Float) -> Lanes { replacing(with: limit, where: self .< limit) }
}

/// `Σ a[i] · b[i]`, eight partial sums.
@inline(__always)
func dotProduct(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
  var sums = Lanes()
  forEachVector(count) { offset, lanes in sums += load(a + offset, lanes) * load(b + offset, lanes) }
  return sums.treeSum
}

/// The dot products of four rows with `input`, each formed as `dotProduct` forms it.
@inline(__always)
func fourDotProducts(
  _ rows: UnsafePointer<Float>, stride: Int, _ input: UnsafePointer<Float>, count: Int
) -> SIMD4<Float> {
  var sums = (Lanes(), Lanes(), Lanes(), Lanes())
  let (row0, row1, row2, row3) = (rows, rows + stride, rows + 2 * stride, rows + 3 * stride)
  forEachVector(count) { offset, lanes in
    let x = load(input + offset, lanes)
    sums.0 += load(row0 + offset, lanes) * x
    sums.1 += load(row1 + offset, lanes) * x
    sums.2 += load(row2 + offset, lanes) * x
    sums.3 += load(row3 + offset, lanes) * x
  }
  return SIMD4(sums.0.treeSum, sums.1.treeSum, sums.2.treeSum, sums.3.treeSum)
}

/// `e^x` in each lane, to about 2 units in the last place; 0 below −87, e^88 above 88.
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2, then 2ⁿ by adding to the exponent and e^r by a polynomial of degree 6, the
/// Taylor series (its error at the interval's ends, 1.2e-7, is half a unit in the last place).
@inline(__always)
func exponential(_ x: Lanes) -> Lanes {
  let bounded = x.clamped(above: 88).clamped(below: -87)
  // Adding 1.5·2^23 rounds to an integer and leaves it in the low bits of the mantissa.
  let shifted = bounded * 1.442_695_040_9 + 0x1.8p23
  let n = shifted - 0x1.8p23
  // ln 2 in two parts, the first with few enough bits that n times it is exact (Cody and Waite 1980).
  let r = (bounded - n * 0.693_359_375) + n * 2.121_944_400_5e-4
  var sum = r * (1 / 720) + (1 / 120)
  sum = sum * r + (1 / 24)
  sum = sum * r + (1 / 6)
  sum = sum * r + 0.5
  sum = sum * r + 1
  sum = sum * r + 1
  let exponents = unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23
  let power = unsafeBitCast(unsafeBitCast(sum, to: SIMD8<UInt32>.self) &+ exponents, to: Lanes.self)
  return power.replacing(with: 0, where: x .< -87).replacing(with: x, where: x .!= x)
}
