import GPTOSSBlockFormats

/// The instructions that the loops of `RecordInstructions.swift` ask for, on Swift's own vectors: `quantize`,
/// `weights`, `start` and `scales`. (`dotPairs`, which multiplies, is in `PortableInstructions.swift`.)
///
/// `AVX2+Records.swift` is this file's twin: the same four functions, in AVX2's instructions.
/// `AVX512+Records.swift` has loops of its own. The sums of all three are the same.
///
/// Weights are signed here. No instruction asks for unsigned ones, so there is no offset to take off again:
/// that the sums equal those of the other sets shows that their corrections are right.
extension Portable: RecordInstructions {
  /// x ≈ scale · q, with the largest magnitude of the 32 at `Precision.largestQuant`.
  @inline(__always)
  static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> QuantizedFactor {
    // As integers, so that NaN counts as larger than infinity.
    var largestBits: UInt32 = 0
    for column in 0..<32 { largestBits = Swift.max(largestBits, input[column].magnitude.bitPattern) }
    let largest = Float(bitPattern: largestBits)
    let inverse = precision.largestQuant / largest
    guard largest < .infinity, inverse < .infinity else {
      for i in 0..<8 { quants.storeBytes(of: 0, toByteOffset: 8 &* i, as: UInt64.self) }
      return QuantizedFactor(ofZeros: largest < .infinity ? 0 : .nan)
    }
    var (lowerSums, upperSums) = (SIMD4<Int32>(), SIMD4<Int32>())
    for column in stride(from: 0, to: 32, by: 4) {
      // Adding 1.5·2²³ rounds to an integer, which then stands in the low bits.
      let magic: Float = 0x1.8p23
      let shifted = load(input + column) * inverse + magic
      let q = unsafeBitCast(shifted, to: SIMD4<Int32>.self) &- Int32(bitPattern: magic.bitPattern)
      let pairs = SIMD4<Int16>(truncatingIfNeeded: SIMD4(q[0], q[2], q[1], q[3]))
      quants.storeBytes(of: pairs, toByteOffset: 2 &* column, as: SIMD4<Int16>.self)
      if column < 16 { lowerSums &+= q } else { upperSums &+= q }
    }
    return QuantizedFactor(
      scale: largest / precision.largestQuant, lowerSum: lowerSums.wrappedSum(),
      upperSum: upperSums.wrappedSum())
  }

  @inline(__always)
  static func weights(
    _ format: InterleavedFormat, _ vectors: UnsafeRawPointer, _ g: Int, part: Int
  ) -> (even: SIMD4<Int32>, odd: SIMD4<Int32>) {
    let rows = vectors + 16 &* part
    switch format.codes {
    case .bytes: return signed(bytes(rows, g), format)
    case .nibblesOfE2M1:
      let nibbles = nibbles(rows, g)
      return (doubledE2M1(nibbles & 0x0F), doubledE2M1(nibbles &>> 8 & 0x0F))
    case .nibbles: return signed(nibbles(rows, g) & 0x0F0F, format)
    case .nibblesAndHighBits:
      let highBits = bytes(rows, 0)
      let inPlace = g < 4 ? highBits &<< UInt16(4 &- g) : highBits &>> UInt16(g &- 4)
      return signed(nibbles(rows + 64, g) & 0x0F0F | inPlace & 0x1010, format)
    case .nibblesAndHighPairs:
      let highPairs = bytes(rows, g / 4)
      let place = UInt16(g % 4 &* 2)
      let inPlace = place < 4 ? highPairs &<< (4 &- place) : highPairs &>> (place &- 4)
      return signed(nibbles(rows + 128, g) & 0x0F0F | inPlace & 0x3030, format)
    }
  }

  /// Four bytes of four rows.
  @inline(__always)
  private static func bytes(_ rows: UnsafeRawPointer, _ vector: Int) -> SIMD8<UInt16> {
    (rows + 64 &* vector).loadUnaligned(as: SIMD8<UInt16>.self)
  }

  /// Columns 4g … 4g + 3 in the low nibbles of bytes: vector g holds them so, and in the high nibbles those
  /// 16 further.
  @inline(__always)
  private static func nibbles(_ rows: UnsafeRawPointer, _ g: Int) -> SIMD8<UInt16> {
    let bytes = bytes(rows, g & 3)
    return g < 4 ? bytes : bytes &>> 4
  }

  /// The first and third bytes of each four, and the others, without the format's offset.
  @inline(__always)
  private static func signed(
    _ bytes: SIMD8<UInt16>, _ format: InterleavedFormat
  ) -> (even: SIMD4<Int32>, odd: SIMD4<Int32>) {
    let offset = UInt16(truncatingIfNeeded: format.offset)
    let (even, odd) = ((bytes & 0xFF) &- offset, (bytes &>> 8) &- offset)
    return (unsafeBitCast(even, to: SIMD4<Int32>.self), unsafeBitCast(odd, to: SIMD4<Int32>.self))
  }

  /// `MXFP4.doubledValues` of eight nibbles. The magnitudes 0 … 7 stand for 0, 1, 2, 3, 4, 6, 8, 12: from 4
  /// on a step is two, from 6 on it is four. Bit 3 is the sign.
  @inline(__always)
  private static func doubledE2M1(_ nibbles: SIMD8<UInt16>) -> SIMD4<Int32> {
    let n = unsafeBitCast(nibbles, to: SIMD8<Int16>.self)
    let m = n & 7
    let magnitude = m &+ positivePart(m &- 4) &+ 2 &* positivePart(m &- 6)
    let sign = 0 &- (n &>> 3)  // 0, or −1 for a negative one: then ~x + 1 is −x.
    return unsafeBitCast((magnitude ^ sign) &- sign, to: SIMD4<Int32>.self)
  }

  /// The larger of x and 0.
  @inline(__always)
  private static func positivePart(_ x: SIMD8<Int16>) -> SIMD8<Int16> { x & ~(x &>> 15) }

  @inline(__always)
  static func start(
    _ format: InterleavedFormat, ofScale index: Int, _ factor: QuantizedFactor
  ) -> SIMD4<Int32> { SIMD4() }

  @inline(__always)
  static func scales(e8m0 exponents: UnsafeRawPointer) -> SIMD4<Float> {
    SIMD4(
      halfScale(exponents, 0), halfScale(exponents, 1), halfScale(exponents, 2), halfScale(exponents, 3))
  }

  @inline(__always)
  private static func halfScale(_ scales: UnsafeRawPointer, _ row: Int) -> Float {
    MXFP4.halfScale(e8m0: scales.load(fromByteOffset: row, as: UInt8.self))
  }
}
