import GPTOSSBlockFormats
import Testing

/// Decoders and encoders against gguf-py, to the bit.
///
/// GoldenBlocks.swift says how the expected values were made; Tests/Conformance/blockformats.py compares
/// many more.
@Suite("Golden blocks")
struct GoldenBlocksTests {
  @Test("Blocks decode to gguf-py's bits", arguments: goldenBlocks.indices)
  func decode(index: Int) throws {
    let (format, reason, blocks, weights) = goldenBlocks[index]
    let decoded = format.decoder.weights(of: try bytes(hexadecimal: blocks)).canonicalBits
    let expected = try bytes(hexadecimal: weights)
    try #require(4 * decoded.count == expected.count)
    for weight in decoded.indices {
      let bits = expected[4 * weight..<4 * weight + 4].reduce(0) { $0 << 8 | UInt32($1) }
      try #require(decoded[weight] == bits, "\(format.name), \(reason), weight \(weight)")
    }
  }

  @Test("Random blocks decode to gguf-py's bits", arguments: goldenDecodes)
  func decodeMany(format: BlockFormat, expected: UInt64) {
    var generator = RepeatableGenerator(seed: 2)
    let blocks = generator.bytes(count: 512 * format.bytesPerBlock)
    let weights = format.decoder.weights(of: blocks)
    #expect(checksum(weights.canonicalBits) == expected)
  }

  @Test("Random weights encode to the expected bytes", arguments: goldenEncodes)
  func encodeMany(format: BlockFormat, expected: UInt64) throws {
    let encoder = try #require(format.encoder)
    let blocks = try encoder.bytes(of: weights(for: format))
    #expect(checksum(blocks) == expected)
  }

  /// 512 times 32 weights: any bits for F16 and BF16, else 24-bit integers times one power of two per block.
  private func weights(for format: BlockFormat) -> [Float] {
    var generator = RepeatableGenerator(seed: 3)
    if format == .f16 || format == .bf16 {
      return F32.weights(of: generator.bytes(count: 4 * 32 * 512))
    }
    return (0..<512).flatMap { _ in
      let row = generator.bytes(count: 97)
      let scale = Float(sign: .plus, exponent: -4 - Int(row[0] % 64), significand: 1)
      return (1...32).map { j in
        let high = Int(Int8(bitPattern: row[64 + j]))
        return Float(Int(row[j]) | Int(row[32 + j]) << 8 | high << 16) * scale
      }
    }
  }

  /// FNV-1a over integers in place of bytes.
  private func checksum(_ words: some Sequence<some BinaryInteger>) -> UInt64 {
    words.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  private func bytes(hexadecimal text: String) throws -> [UInt8] {
    let digits = try text.filter { !$0.isWhitespace }.map { try #require($0.hexDigitValue) }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
