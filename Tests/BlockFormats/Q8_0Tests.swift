import GPTOSSBlockFormats
import Testing

/// If these fail, attention and output weights stored as Q8_0 are read or written wrongly.
@Suite("Q8_0")
struct Q8_0Tests {
  @Test("Every byte is that integer times the scale")
  func everyByte() {
    // 1.5 as float16, then the bytes 0…255 over eight blocks.
    for first in stride(from: 0, to: 256, by: 32) {
      let bytes = (first..<first + 32).map { UInt8($0) }
      let weights = Q8_0.weights(of: [0x00, 0x3E] + bytes)
      #expect(weights == bytes.map { 1.5 * Float(Int8(bitPattern: $0)) })
    }
  }

  @Test("The largest weight becomes 127 and ties round away from zero")
  func rounding() throws {
    let weights: [Float] =
      [127, 0.5, -0.5, 1.5, -1.5, 0.49999997, 126.5, -127] + Array(repeating: 0, count: 24)
    let block = try Q8_0.bytes(of: weights)
    // The scale is 1.
    #expect(block.prefix(10) == [0x00, 0x3C, 127, 1, 255, 2, 254, 0, 127, 129])
  }

  @Test(
    "The extremes of the scale",
    arguments: [
      (8_321_039.5, 0x7BFF, 127, "the largest weight whose scale rounds to a finite float16"),
      (127 * 0x1p-24, 0x0001, 127, "the smallest scale"),
      (1e-30, 0x0000, 127, "a scale that rounds to zero: the bytes do not matter"),
      (1e-38, 0x0000, 0, "an inverse that overflows"),
      (0, 0x0000, 0, "all zero"),
    ] as [(Float, UInt16, UInt8, String)])
  func extremes(weight: Float, scale: UInt16, byte: UInt8, why: String) throws {
    let block = try Q8_0.bytes(of: Array(repeating: weight, count: 32))
    #expect(block == [scale].littleEndianBytes + Array(repeating: byte, count: 32), "\(why)")
  }

  @Test(
    "What has no finite scale is refused, and named",
    arguments: [Float.infinity, -.infinity, .nan, 8_321_040])
  func notEncodable(weight: Float) throws {
    var weights = [Float](repeating: 1, count: 64)
    weights[40] = weight
    do throws(BlockFormatError) {
      _ = try Q8_0.bytes(of: weights)
      Issue.record("encoded \(weight)")
    } catch {
      guard case .unencodable(let named, 40, .q8_0) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(named.bitPattern == weight.bitPattern)
    }
  }
}
