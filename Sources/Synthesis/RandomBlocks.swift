import GPTOSSBlockFormats
import GPTOSSSampling

/// Random weights of one tensor, written straight in its format.
///
/// Quantized formats get random bits with scales that give the deviation asked for, float formats sums of
/// four uniform numbers, close to a normal distribution. Fast enough to keep a disk busy.
struct RandomBlocks {
  private let tensor: SyntheticTensor
  private var random: Xoshiro256PlusPlus
  private var chunk: [UInt8] = []

  /// About 4 MB, in whole blocks.
  private static let chunkSize = 1 << 22

  init(_ tensor: SyntheticTensor, seed: UInt64) {
    self.tensor = tensor
    random = Xoshiro256PlusPlus(seed: seed)
  }

  /// Calls `body` with the tensor's bytes, a few megabytes at a time.
  mutating func forEachChunk(_ body: (RawSpan) throws -> Void) throws {
    let bytesPerBlock = tensor.format.bytesPerBlock
    let chunkSize = Self.chunkSize / bytesPerBlock * bytesPerBlock
    var left = tensor.byteCount
    while left > 0 {
      let size = min(left, chunkSize)
      if chunk.count != size { chunk = [UInt8](repeating: 0, count: size) }
      fill()
      try body(chunk.span.bytes)
      left -= size
    }
  }

  private mutating func fill() {
    switch tensor.format {
    case .mxfp4: fillMXFP4()
    // Uniform integers from −128 to 127, −16 to 15, and 0 to 31 with their mean taken off. In the K formats
    // those of 0 to 15 or 31 are multiplied by a scale of 0 to 63, and the mean by a minimum of 0 to 63;
    // those of −32 to 31 by a scale of −128 to 127.
    case .q8_0: fillIntegers(rootMeanSquare: 73.9)
    case .q5_0: fillIntegers(rootMeanSquare: 9.25)
    case .q5_1: fillIntegers(rootMeanSquare: 9.23, minimum: -15.5)
    case .q4_K: fillIntegers(rootMeanSquare: 258.3, minimum: 7.5)
    case .q5_K: fillIntegers(rootMeanSquare: 526.9, minimum: 15.5)
    case .q6_K: fillIntegers(rootMeanSquare: 1366, scaleIsLast: true)
    case .f32: fill { $0.bitPattern.littleEndian }
    case .f16: fill { $0.float16Bits.littleEndian }
    case .bf16: fill { $0.bfloat16Bits.littleEndian }
    default: preconditionFailure("\(tensor.format.name) is not among SyntheticModel.formats")
    }
  }

  /// Sixteen random bytes of nibbles after a scale that is the fitting power of two, half of it or twice it.
  private mutating func fillMXFP4() {
    // The sixteen E2M1 values have a root mean square of 2.93.
    let ratio = tensor.deviation / 2.93
    let exponent = Int(ratio.exponent) + (ratio.significand > Float(2).squareRoot() ? 1 : 0) + 127
    var random = random
    var elements = chunk.mutableSpan
    var bytes = elements.mutableBytes
    for block in stride(from: 0, to: bytes.byteCount, by: MXFP4.bytesPerBlock) {
      let scale = exponent - 1 + Int(random.next() % 3)
      bytes.storeBytes(of: UInt8(clamping: min(max(scale, 1), 254)), toByteOffset: block, as: UInt8.self)
      bytes.storeBytes(of: random.next().littleEndian, toByteOffset: block + 1, as: UInt64.self)
      bytes.storeBytes(of: random.next().littleEndian, toByteOffset: block + 9, as: UInt64.self)
    }
    self.random = random
  }

  /// Random integers after a scale within a fifth of the fitting one, and after a minimum if there is one; or
  /// such a scale after them.
  ///
  /// - Parameters:
  ///   - rootMeanSquare: that of the integers, with the minimum taken into account.
  ///   - minimum: how many scales the block's minimum is; nil for a format without one. The K formats
  ///     subtract theirs.
  ///   - scaleIsLast: whether the block ends with the scale.
  private mutating func fillIntegers(
    rootMeanSquare: Float, minimum: Float? = nil, scaleIsLast: Bool = false
  ) {
    let fitting = tensor.deviation / rootMeanSquare
    let scales = (0..<64).map { fitting * (0.8 + 0.4 * Float($0) / 63) }
    let scaleBits = scales.map { $0.float16Bits.littleEndian }
    let minimumBits = minimum.map { minimum in scales.map { (minimum * $0).float16Bits.littleEndian } }
    let bytesPerBlock = tensor.format.bytesPerBlock
    var random = random
    var elements = chunk.mutableSpan
    var bytes = elements.mutableBytes
    for block in stride(from: 0, to: bytes.byteCount, by: bytesPerBlock) {
      let choice = Int(random.next() >> 58)
      let scaleOffset = scaleIsLast ? block + bytesPerBlock - 2 : block
      bytes.storeBytes(of: scaleBits[choice], toByteOffset: scaleOffset, as: UInt16.self)
      var offset = scaleIsLast ? block : block + 2
      let end = scaleIsLast ? scaleOffset : block + bytesPerBlock
      if let minimumBits {
        bytes.storeBytes(of: minimumBits[choice], toByteOffset: offset, as: UInt16.self)
        offset += 2
      }
      while offset + 8 <= end {
        bytes.storeBytes(of: random.next().littleEndian, toByteOffset: offset, as: UInt64.self)
        offset += 8
      }
      if offset < end {
        let bits = UInt32(truncatingIfNeeded: random.next())
        bytes.storeBytes(of: bits.littleEndian, toByteOffset: offset, as: UInt32.self)
      }
    }
    self.random = random
  }

  /// Each weight is the sum of four 16-bit random numbers, which has the deviation 2^16 / √3.
  private mutating func fill<Bits: FixedWidthInteger & BitwiseCopyable>(_ encode: (Float) -> Bits) {
    let mean = tensor.mean
    let step = tensor.deviation * Float(3).squareRoot() / 65_536
    var random = random
    var elements = chunk.mutableSpan
    var bytes = elements.mutableBytes
    for offset in stride(from: 0, to: bytes.byteCount, by: MemoryLayout<Bits>.size) {
      let bits = random.next()
      let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
      let value = mean + (Float(sum) - 131_070) * step
      bytes.storeBytes(of: encode(value), toByteOffset: offset, as: Bits.self)
    }
    self.random = random
  }
}
