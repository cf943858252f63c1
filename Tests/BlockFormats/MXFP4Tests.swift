import GPTOSSBlockFormats
import Testing

/// If these fail, the experts of gpt-oss are read wrongly, or a written block is worse than need be.
@Suite("MXFP4")
struct MXFP4Tests {
  /// The E2M1 values as the specification lists them, but for −0, which ggml reads as 0.
  private static let values: [Double] = [
    0, 0.5, 1, 1.5, 2, 3, 4, 6,
    0, -0.5, -1, -1.5, -2, -3, -4, -6,
  ]

  @Test("Every scale with every nibble is their product, in both halves of the block")
  func everyScaleAndNibble() {
    for e in UInt8.min...UInt8.max {
      // Low nibbles 0…15, high nibbles 15…0.
      let pairs = (0..<16).map { UInt8($0 | (15 - $0) << 4) }
      let weights = MXFP4.weights(of: [e] + pairs)
      for nibble in 0..<16 {
        // 255 is NaN in the specification, and one more than 254 here, as in ggml. Past the largest float
        // the product is infinite.
        let scale = Double(sign: .plus, exponent: Int(e) - 127, significand: 1)
        let expected = Float(scale * Self.values[nibble])
        #expect(weights[nibble].bitPattern == expected.bitPattern, "e \(e), low nibble \(nibble)")
        #expect(weights[31 - nibble].bitPattern == expected.bitPattern, "e \(e), high nibble \(nibble)")
      }
    }
  }

  @Test("A block of representable weights comes back as it was", arguments: [UInt8(0), 1, 2, 120, 127, 252])
  func representable(e: UInt8) throws {
    let scale = Double(sign: .plus, exponent: Int(e) - 127, significand: 1)
    let weights = (0..<32).map { Float(scale * Self.values[$0 * 7 % 16]) }
    let block = try MXFP4.bytes(of: weights)
    #expect(block[0] == e)
    #expect(MXFP4.weights(of: block) == weights)
  }

  @Test("Ties go to the even mantissa, zero to nibble 0")
  func ties() throws {
    // 6 fixes the scale at 1.
    let weights: [Float] = [
      6, 0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5, -0.0, -0.25, -0.75, -1.25, -1.75, -2.5, -3.5, -5,
    ]
    let expected: [UInt8] = [7, 0, 2, 2, 4, 4, 6, 6, 0, 0, 10, 10, 12, 12, 14, 14]
    let block = try MXFP4.bytes(of: weights + Array(repeating: 0, count: 16))
    #expect(block == [127] + expected)
  }

  @Test("The scale is the better of two")
  func scaleChoice() throws {
    // 7.9 alone: cut to 6 at scale 1, rounded to 8 at scale 2.
    var weights = [Float](repeating: 0, count: 32)
    weights[0] = 7.9
    #expect(try MXFP4.bytes(of: weights).prefix(2) == [128, 6])
    // With 31 weights of 0.5, which scale 2 rounds to 0 or 1, cutting loses less.
    weights = [6.5] + Array(repeating: 0.5, count: 31)
    #expect(try MXFP4.bytes(of: weights).prefix(2) == [127, 0x17])
  }

  @Test("No exhaustive search over all scales finds a better block by more than a little")
  func nearOptimal() throws {
    var generator = RepeatableGenerator(seed: 4)
    var chosenSum = 0.0
    var bestSum = 0.0
    for _ in 0..<200 {
      let weights = (0..<32).map { _ in generator.normal() }
      let block = try MXFP4.bytes(of: weights)
      chosenSum += squaredError(weights, MXFP4.weights(of: block))
      bestSum +=
        (UInt8(110)...140).map { e in bestError(weights, scale: Double(MXFP4.halfScale(e8m0: e)) * 2) }.min()
        ?? 0
    }
    #expect(chosenSum <= bestSum * 1.001)
  }

  private func squaredError(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
  }

  private func bestError(_ weights: [Float], scale: Double) -> Double {
    weights.reduce(0) { sum, weight in
      let difference = Self.values.map { abs(Double(weight) - scale * $0) }.min() ?? 0
      return sum + difference * difference
    }
  }

  @Test(
    "The extremes of float32 encode to finite blocks",
    arguments: [
      (Float.greatestFiniteMagnitude, UInt8(252), "cut to 6 · 2^125: twice the scale would overflow"),
      (0x1p127, 252, "4 · 2^125"),
      (.leastNormalMagnitude, 0, "2 · 2^−127"),
      (0x1p-127, 0, "1 · 2^−127"),
      (.leastNonzeroMagnitude, 0, "too small for the smallest scale"),
      (0, 0, "all zero"),
    ])
  func extremes(weight: Float, e: UInt8, why: String) throws {
    let block = try MXFP4.bytes(of: Array(repeating: weight, count: 32))
    #expect(block[0] == e, "\(why)")
    let decoded = MXFP4.weights(of: block)
    #expect(decoded.allSatisfy { $0.isFinite })
    #expect(abs(Double(decoded[31]) - Double(weight)) <= Double(weight) / 4 + 0x1p-129)
  }

  @Test("Infinity and NaN are refused, and named", arguments: [Float.infinity, -.infinity, .nan])
  func notFinite(weight: Float) throws {
    var weights = [Float](repeating: 1, count: 64)
    weights[40] = weight
    do throws(BlockFormatError) {
      _ = try MXFP4.bytes(of: weights)
      Issue.record("encoded \(weight)")
    } catch {
      guard case .unencodable(let named, 40, .mxfp4) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(named.bitPattern == weight.bitPattern)
    }
  }
}
