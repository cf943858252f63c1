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
