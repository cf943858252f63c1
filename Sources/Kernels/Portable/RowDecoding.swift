import GPTOSSBlockFormats

extension WeightMatrix {
  /// Decodes a row to the same values as the format's scalar decoder, for the common formats by loops that
  /// the compiler turns into vector instructions.
  func decodeQuickly(row: Int, into output: UnsafeMutablePointer<Float>) {
    guard layout == .rows else { return decode(row: row, into: output) }
    let bytes = base + row * bytesPerRow
    switch format {
    case .f16: decodeFloat16(bytes, into: output, count: columns)
    case .bf16: decodeBFloat16(bytes, into: output, count: columns)
    case .q8_0: decodeQ8_0(bytes, into: output, count: columns)
    case .mxfp4: decodeMXFP4(bytes, into: output, count: columns)
    case .q4_K: decodeQ4_K(bytes, into: output, count: columns)
    case .q5_K: decodeQ5_K(bytes, into: output, count: columns)
    case .q6_K: decodeQ6_K(bytes, into: output, count: columns)
    default: decode(row: row, into: output)
    }
  }
}

/// Half precision to single without a branch: the exponent is moved by a multiplication, which also
/// brings subnormals right.
@inline(__always)
func decodeFloat16(_ source: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>, count: Int) {
  for i in 0..<count {
    let half = UInt32(source.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self))
    let magnitude = (half & 0x7FFF) &<< 13
    let finite = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    let special = magnitude | 0x7F80_0000
    let bits = magnitude >= 0x0F80_0000 ? special : finite
    output[i] = Float(bitPattern: bits | (half & 0x8000) &<< 16)
  }
}

@inline(__always)
private func decodeBFloat16(_ source: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>, count: Int)
{
  for i in 0..<count {
    let bits = UInt32(source.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self))
    output[i] = Float(bitPattern: bits &<< 16)
  }
}

@inline(__always)
private func decodeQ8_0(_ source: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>, count: Int) {
  for block in 0..<(count / Q8_0.weightsPerBlock) {
    let bytes = source + block &* Q8_0.bytesPerBlock
    let weights = output + block &* Q8_0.weightsPerBlock
    let scale = Float(float16Bits: bytes.loadUnaligned(as: UInt16.self))
    let quants = (bytes + 2).assumingMemoryBound(to: Int8.self)
    for i in 0..<32 { weights[i] = Float(quants[i]) * scale }
  }
}

@inline(__always)
private func decodeMXFP4(_ source: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>, count: Int) {
  pairsOfNibbles.withUnsafeBufferPointer { pairs in
    for block in 0..<(count / MXFP4.weightsPerBlock) {
      let bytes = source + block &* MXFP4.bytesPerBlock
      let weights = output + block &* MXFP4.weightsPerBlock
      let halfScale = MXFP4.halfScale(e8m0: bytes.load(as: UInt8.self))
      for j in 0..<16 {
        let pair = pairs[Int(bytes.load(fromByteOffset: 1 &+ j, as: UInt8.self))] * halfScale
        weights[j] = pair[0]
        weights[j &+ 16] = pair[1]
      }
    }
  }
}

/// The two doubled E2M1 values of every byte: low nibble, high nibble.
private let pairsOfNibbles: [SIMD2<Float>] = (0..<256).map {
  SIMD2(MXFP4.doubledValues[$0 & 15], MXFP4.doubledValues[$0 >> 4])
}
