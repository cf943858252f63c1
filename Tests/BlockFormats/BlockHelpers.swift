import GPTOSSBlockFormats

extension BlockDecoding {
  /// The weights of whole blocks given as bytes.
  static func weights(of bytes: [UInt8]) -> [Float] {
    var weights = [Float](repeating: .nan, count: bytes.count / bytesPerBlock * weightsPerBlock)
    decode(bytes.span.bytes, into: weights.mutableSpan)
    return weights
  }
}

extension BlockEncoding {
  /// The bytes of whole blocks of weights.
  static func bytes(of weights: [Float]) throws(BlockFormatError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xAA, count: weights.count / weightsPerBlock * bytesPerBlock)
    var span = bytes.mutableSpan
    try encode(weights.span, into: span.mutableBytes)
    return bytes
  }
}

extension [Float] {
  /// The weights' bits: what is compared where NaN and the sign of zero count.
  var bits: [UInt32] { map(\.bitPattern) }

  /// The weights' bits, but every NaN the same: processors differ in the NaN that arithmetic gives.
  var canonicalBits: [UInt32] { map { $0.isNaN ? 0x7FC0_0000 : $0.bitPattern } }
}

extension [UInt16] {
  /// The integers as they stand in a file.
  var littleEndianBytes: [UInt8] { flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } }
}

extension [UInt32] {
  /// The integers as they stand in a file.
  var littleEndianBytes: [UInt8] {
    flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
}

/// A small generator of repeatable random numbers (xorshift64*, Marsaglia 2003 and Vigna 2016).
struct RepeatableGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 << 63 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  /// So many bytes, the highest of each number.
  mutating func bytes(count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 56) }
  }

  /// A normally distributed number, nearly: the sum of twelve uniform ones (Irwin–Hall).
  mutating func normal() -> Float {
    (0..<12).reduce(-6) { sum, _ in sum + Float(next() >> 40) * 0x1p-24 }
  }
}
