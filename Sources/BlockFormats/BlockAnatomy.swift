/// A block's drawing in functions of one weight, for ``BlockExplanation``.
///
/// Weight *i* is in group *i* div `weightsPerGroup`, and is `scale(group) · level(stored(i)) +
/// offset(group)`.
struct BlockAnatomy {
  /// The block's pieces in the order of their bytes, which they cover.
  var fields: [(name: String, byteCount: Int, meaning: String)]

  var weightsPerGroup = 32

  /// What a group's levels are multiplied with.
  var scale: (_ group: Int) -> Float

  /// What is added to a group's products.
  var offset: (_ group: Int) -> Float = { _ in 0 }

  /// What is stored for a weight.
  var stored: (_ weight: Int) -> Int

  /// The number that a stored integer stands for.
  var level: (_ stored: Int) -> Float
}

extension BlockFormat {
  /// The drawing of a block given by its bytes.
  func anatomy(of block: [UInt8]) -> BlockAnatomy {
    switch self {
    case .f32, .f16, .bf16: numberAnatomy(block)
    case .mxfp4: mxfp4Anatomy(block)
    case .q8_0: q8_0Anatomy(block)
    case .q4_0, .q4_1, .q5_0, .q5_1, .iq4_NL: nibblesAnatomy(block)
    case .q2_K: q2_KAnatomy(block)
    case .q3_K: q3_KAnatomy(block)
    case .q4_K, .q5_K: q4_KAnatomy(block)
    case .q6_K: q6_KAnatomy(block)
    case .iq4_XS: iq4_XSAnatomy(block)
    }
  }

  /// F32, F16, BF16: the block is a number, and the number its own level.
  private func numberAnatomy(_ block: [UInt8]) -> BlockAnatomy {
    let bits = block.reversed().reduce(0) { $0 << 8 | Int($1) }
    let fractionBits = self == .f32 ? 23 : self == .f16 ? 10 : 7
    let signBit = 8 * block.count - 1
    let exponent = bits >> fractionBits & (1 << (signBit - fractionBits) - 1)
    let fraction = bits & (1 << fractionBits - 1)
    let meaning = "sign \(bits >> signBit), exponent \(exponent), fraction \(fraction)"
    return BlockAnatomy(
      fields: [("w", block.count, meaning)],
      weightsPerGroup: 1,
      scale: { _ in 1 },
      stored: { _ in bits },
      level: { [self] _ in
        switch self {
        case .f16: block.float16(at: 0)
        case .bf16: Float(bfloat16Bits: UInt16(bits))
        default: Float(bitPattern: UInt32(bits))
        }
      })
  }

  private func mxfp4Anatomy(_ block: [UInt8]) -> BlockAnatomy {
    BlockAnatomy(
      fields: [
        ("e", 1, "E8M0 scale 2^(\(block[0]) − 127)"),
        ("q", 16, "E2M1 weights: w[j] in the low nibble of byte 1 + j, w[j + 16] in the high one"),
      ],
      scale: { _ in 2 * MXFP4.halfScale(e8m0: block[0]) },
      stored: { block.bits(4, at: 1 + $0 % 16, shift: $0 / 16 * 4) },
      level: { MXFP4.doubledValues[$0] / 2 })
  }

  private func q8_0Anatomy(_ block: [UInt8]) -> BlockAnatomy {
    BlockAnatomy(
      fields: [("d", 2, "float16 scale"), ("q", 32, "one signed byte per weight")],
      scale: { _ in block.float16(at: 0) },
      stored: { Int(block[2 + $0]) },
      level: { Float($0 < 128 ? $0 : $0 - 256) })
  }

  /// Q4_0, Q4_1, Q5_0, Q5_1 and IQ4_NL: a scale, perhaps a minimum, perhaps high bits, then nibbles.
  private func nibblesAnatomy(_ block: [UInt8]) -> BlockAnatomy {
    let hasMinimum = self == .q4_1 || self == .q5_1
    let hasHighBits = self == .q5_0 || self == .q5_1
    let nibbles = bytesPerBlock - 16
    var fields = [(name: "d", byteCount: 2, meaning: "float16 scale")]
    if hasMinimum { fields.append(("m", 2, "float16 minimum")) }
    if hasHighBits { fields.append(("h", 4, "bit 4 of the weights, from the lowest bit")) }
    let place = "w[j] in the low nibble of byte \(nibbles) + j, w[j + 16] in the high one"
    fields.append(("q", 16, "four bits per weight: \(place)"))
    return BlockAnatomy(
      fields: fields,
      scale: { _ in block.float16(at: 0) },
      offset: { _ in hasMinimum ? block.float16(at: 2) : 0 },
      stored: {
        let low = block.bits(4, at: nibbles + $0 % 16, shift: $0 / 16 * 4)
        return hasHighBits ? low + 16 * block.bits(1, at: nibbles - 4 + $0 / 8, shift: $0 % 8) : low
      },
      level: { [self] stored in
        switch self {
        case .q4_0: Float(stored - 8)
        case .q5_0: Float(stored - 16)
        case .iq4_NL: IQ4_NL.values[stored]
        default: Float(stored)
        }
      })
  }
}

extension [UInt8] {
  /// Some bits of a byte as an integer.
  func bits(_ count: Int, at byteOffset: Int, shift: Int) -> Int {
    Int(self[byteOffset]) >> shift & (1 << count - 1)
  }

  /// The float16 at an offset.
  func float16(at byteOffset: Int) -> Float {
    Float(float16Bits: UInt16(self[byteOffset]) | UInt16(self[byteOffset + 1]) << 8)
  }
}
