// The formats with 256 weights per block, whose groups' scales are themselves quantized.

extension BlockFormat {
  func q2_KAnatomy(_ block: [UInt8]) -> BlockAnatomy {
    BlockAnatomy(
      fields: [
        ("scales", 16, "one byte per group: scale in the low nibble, minimum in the high one"),
        ("q", 64, "two bits per weight"),
        ("d", 2, "float16 scale of the scales"),
        ("dmin", 2, "float16 scale of the minimums"),
      ],
      weightsPerGroup: 16,
      scale: { block.float16(at: 80) * Float(block.bits(4, at: $0, shift: 0)) },
      offset: { -(block.float16(at: 82) * Float(block.bits(4, at: $0, shift: 4))) },
      stored: { block.bits(2, at: 16 + $0 / 128 * 32 + $0 % 32, shift: $0 % 128 / 32 * 2) },
      level: { Float($0) })
  }

  func q3_KAnatomy(_ block: [UInt8]) -> BlockAnatomy {
    BlockAnatomy(
      fields: [
        ("h", 32, "bit 2 of the weights"),
        ("q", 64, "bits 0 and 1 of the weights"),
        ("scales", 12, "six bits per group, less 32"),
        ("d", 2, "float16 scale of the scales"),
      ],
      weightsPerGroup: 16,
      scale: { group in
        let low = block.bits(4, at: 96 + group % 8, shift: group / 8 * 4)
        let high = block.bits(2, at: 104 + group % 4, shift: group / 4 * 2)
        return block.float16(at: 108) * Float(low + 16 * high - 32)
      },
      stored: { weight in
        let low = block.bits(2, at: 32 + weight / 128 * 32 + weight % 32, shift: weight % 128 / 32 * 2)
        return low + 4 * block.bits(1, at: weight % 32, shift: weight / 32)
      },
      level: { Float($0 - 4) })
  }

  /// Q4_K and Q5_K, which differ in 32 bytes of high bits.
  func q4_KAnatomy(_ block: [UInt8]) -> BlockAnatomy {
    let highBits = self == .q5_K ? [(name: "h", byteCount: 32, meaning: "bit 4 of the weights")] : []
    let nibbles = bytesPerBlock - 128
    return BlockAnatomy(
      fields: [
        ("d", 2, "float16 scale of the scales"),
        ("dmin", 2, "float16 scale of the minimums"),
        ("scales", 12, "per group six bits of scale and six of minimum"),
      ] + highBits + [("q", 128, "four bits per weight")],
      scale: { block.float16(at: 0) * Float(KScales.unpack($0, from: block.span.bytes, at: 4).scale) },
      offset: { -(block.float16(at: 2) * Float(KScales.unpack($0, from: block.span.bytes, at: 4).minimum)) },
      stored: { weight in
        let low = block.bits(4, at: nibbles + weight / 64 * 32 + weight % 32, shift: weight % 64 / 32 * 4)
        return highBits.isEmpty ? low : low + 16 * block.bits(1, at: 16 + weight % 32, shift: weight / 32)
      },
      level: { Float($0) })
  }

  func q6_KAnatomy(_ block: [UInt8]) -> BlockAnatomy {
    BlockAnatomy(
      fields: [
        ("q", 128, "bits 0 to 3 of the weights"),
        ("h", 64, "bits 4 and 5 of the weights"),
        ("scales", 16, "one signed byte per group"),
        ("d", 2, "float16 scale of the scales"),
      ],
      weightsPerGroup: 16,
      scale: { block.float16(at: 208) * Float(Int8(bitPattern: block[192 + $0])) },
      stored: { weight in
        let low = block.bits(4, at: weight / 128 * 64 + weight % 64, shift: weight % 128 / 64 * 4)
        return low + 16
          * block.bits(2, at: 128 + weight / 128 * 32 + weight % 32, shift: weight % 128 / 32 * 2)
      },
      level: { Float($0 - 32) })
  }

  func iq4_XSAnatomy(_ block: [UInt8]) -> BlockAnatomy {
    BlockAnatomy(
      fields: [
        ("d", 2, "float16 scale of the scales"),
        ("h", 2, "bits 4 and 5 of the groups' scales"),
        ("scales", 4, "bits 0 to 3 of the groups' scales, which stand for 32 less"),
        ("q", 128, "four bits per weight: indices into the table of IQ4_NL"),
      ],
      scale: { group in
        let low = block.bits(4, at: 4 + group / 2, shift: group % 2 * 4)
        let high = block.bits(2, at: 2 + group / 4, shift: group % 4 * 2)
        return block.float16(at: 0) * Float(low + 16 * high - 32)
      },
      stored: { block.bits(4, at: 8 + $0 / 32 * 16 + $0 % 16, shift: $0 % 32 / 16 * 4) },
      level: { IQ4_NL.values[$0] })
  }
}
