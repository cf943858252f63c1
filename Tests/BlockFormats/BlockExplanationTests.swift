import Foundation
import GPTOSSBlockFormats
import Testing

/// If these fail, `gptoss inspect --block` shows other numbers than the decoders give.
@Suite("Block explanations")
struct BlockExplanationTests {
  @Test(
    "Fields cover the block, groups the weights, and scale · level + offset is the weight",
    arguments: BlockFormat.allCases)
  func agreesWithDecoder(format: BlockFormat) {
    var generator = RepeatableGenerator(seed: 7)
    for round in 0..<50 {
      let block = generator.bytes(count: format.bytesPerBlock)
      // The one scale that is past the largest float: see the type's documentation.
      if format == .mxfp4 && block[0] == 255 { continue }
      let explanation = format.explain(block.span.bytes)
      #expect(explanation.bytes == block)
      #expect(explanation.fields.flatMap { Array($0.byteRange) } == Array(0..<block.count))
      #expect(explanation.weights.canonicalBits == format.decoder.weights(of: block).canonicalBits)

      let fromGroups = explanation.groups.flatMap { group in
        group.levels.map { group.scale * $0 + group.offset }
      }
      // Zeros may differ in sign: adding an offset of 0 makes −0 positive.
      #expect(
        zip(fromGroups, explanation.weights).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) },
        "round \(round)")
      #expect(fromGroups.count == format.weightsPerBlock)
      #expect(explanation.groups.allSatisfy { $0.stored.count == $0.levels.count })
    }
  }

  @Test("It is drawn with one line per weight")
  func drawing() {
    let block: [UInt8] = [126] + [0xC7] + Array(repeating: 0, count: 15)
    let lines = BlockFormat.mxfp4.explain(block.span.bytes).description.split(separator: "\n")
    #expect(
      lines.prefix(9) == [
        "MXFP4: 17 bytes for 32 weights",
        "  byte 0         e       E8M0 scale 2^(126 − 127)",
        "                 7e",
        "  bytes 1–16     q       E2M1 weights: w[j] in the low nibble of byte 1 + j, "
          + "w[j + 16] in the high one",
        "                 c7 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
        "  weight = 0.5 · level",
        "  index   stored      level           weight",
        "  0       7           6.0             3.0",
        "  1       0           0.0             0.0",
      ])
    #expect(lines.count == 7 + 32)
    #expect(lines[7 + 16] == "  16      12          -2.0            -1.0")
  }

  /// Bytes are counted from the block's first, as in the line of the field.
  @Test(
    "Nibbles are said to begin where their field does",
    arguments: [BlockFormat.mxfp4, .q4_0, .q4_1, .q5_0, .q5_1, .iq4_NL])
  func placeOfNibbles(format: BlockFormat) throws {
    let block = [UInt8](repeating: 0, count: format.bytesPerBlock)
    let nibbles = try #require(format.explain(block.span.bytes).fields.last)
    #expect(nibbles.meaning.contains("of byte \(nibbles.byteRange.lowerBound) + j,"), "\(nibbles.meaning)")
  }

  @Test("It encodes to JSON, with names for what JSON has no numbers for")
  func json() throws {
    struct Decoded: Decodable, Equatable {
      struct Field: Decodable, Equatable {
        let name: String
        let offset: Int
        let count: Int
        let meaning: String
      }
      let format: String
      let bytes: String
      let fields: [Field]
    }
    // A scale of 1 and a minimum of infinity.
    let block: [UInt8] = [0x00, 0x3C, 0x00, 0x7C] + Array(repeating: 0x21, count: 16)
    let data = try JSONEncoder().encode(BlockFormat.q4_1.explain(block.span.bytes))
    let decoded = try JSONDecoder().decode(Decoded.self, from: data)
    #expect(decoded.format == "Q4_1")
    #expect(decoded.bytes == "003c007c" + String(repeating: "21", count: 16))
    #expect(decoded.fields.map(\.name) == ["d", "m", "q"])
    #expect(decoded.fields.map(\.offset) == [0, 2, 4])

    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains(#""scale":1"#))
    #expect(text.contains(#""offset":"inf""#))
    #expect(text.contains(#""weights":["inf","inf","#))
  }
}
