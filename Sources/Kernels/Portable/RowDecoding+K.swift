import GPTOSSBlockFormats

// The K formats by loops over whole groups that the compiler turns into vector instructions: as integers of
// 32 bits, whose shifts and conversions every instruction set has.

/// Q4_K: `w = d·s · q − e·m`, with a scale and a minimum for every 32 weights.
func decodeQ4_K(_ source: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>, count: Int) {
  for block in 0..<(count / Q4_K.weightsPerBlock) {
    let bytes = source + block &* Q4_K.bytesPerBlock
    let weights = output + block &* Q4_K.weightsPerBlock
    forEachGroup(of: bytes, byteCount: Q4_K.bytesPerBlock) { group, scale, minimum in
      let quants = bytes + (16 &+ group / 2 &* 32)
      let shift = Int32(group % 2 &* 4)
      let destination = weights + 32 &* group
      for j in 0..<32 {
        let quant = Int32(quants.load(fromByteOffset: j, as: UInt8.self)) &>> shift & 0x0F
        destination[j] = scale * Float(quant) - minimum
      }
    }
  }
}

/// Q5_K: as Q4_K, with the fifth bits in 32 bytes of their own.
func decodeQ5_K(_ source: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>, count: Int) {
  for block in 0..<(count / Q5_K.weightsPerBlock) {
    let bytes = source + block &* Q5_K.bytesPerBlock
    let weights = output + block &* Q5_K.weightsPerBlock
    forEachGroup(of: bytes, byteCount: Q5_K.bytesPerBlock) { group, scale, minimum in
      let quants = bytes + (48 &+ group / 2 &* 32)
      let shift = Int32(group % 2 &* 4)
      let highShift = Int32(group)
      let destination = weights + 32 &* group
      for j in 0..<32 {
        let low = Int32(quants.load(fromByteOffset: j, as: UInt8.self)) &>> shift & 0x0F
        let high = Int32(bytes.load(fromByteOffset: 16 &+ j, as: UInt8.self)) &>> highShift & 0x01
        destination[j] = scale * Float(low | high &<< 4) - minimum
      }
    }
  }
}

/// Q6_K: `w = d·s · (q − 32)`, with a scale for every sixteen weights.
func decodeQ6_K(_ source: UnsafeRawPointer, into output: UnsafeMutablePointer<Float>, count: Int) {
  for block in 0..<(count / Q6_K.weightsPerBlock) {
    let bytes = source + block &* Q6_K.bytesPerBlock
    let scaleOfScales = Float(float16Bits: bytes.loadUnaligned(fromByteOffset: 208, as: UInt16.self))
    for group in 0..<16 {
      let scale = scaleOfScales * Float(bytes.load(fromByteOffset: 192 &+ group, as: Int8.self))
      let lows = bytes + (group / 8 &* 64 &+ group % 4 &* 16)
      let lowShift = Int32(group % 8 / 4 &* 4)
      let highs = bytes + (128 &+ group / 8 &* 32 &+ group % 2 &* 16)
      let highShift = Int32(group % 8 / 2 &* 2)
      let destination = output + (block &* Q6_K.weightsPerBlock &+ 16 &* group)
      for j in 0..<16 {
        let low = Int32(lows.load(fromByteOffset: j, as: UInt8.self)) &>> lowShift & 0x0F
        let high = Int32(highs.load(fromByteOffset: j, as: UInt8.self)) &>> highShift & 0x03
        destination[j] = scale * Float((low | high &<< 4) &- 32)
      }
    }
  }
}

/// Calls `body` with the scale and the minimum of each of the eight groups of a Q4_K or Q5_K block.
@inline(__always)
private func forEachGroup(
  of block: UnsafeRawPointer, byteCount: Int, _ body: (_ group: Int, _ scale: Float, _ minimum: Float) -> Void
) {
  let span = UnsafeRawBufferPointer(start: block, count: byteCount).bytes
  let scaleOfScales = Float(float16Bits: block.loadUnaligned(as: UInt16.self))
  let scaleOfMinimums = Float(float16Bits: block.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
  for group in 0..<8 {
    let packed = KScales.unpack(group, from: span, at: 4)
    body(group, scaleOfScales * Float(packed.scale), scaleOfMinimums * Float(packed.minimum))
  }
}
