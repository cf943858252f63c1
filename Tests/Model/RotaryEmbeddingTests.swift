import GPTOSSModel
import GPTOSSPlatform
import Testing

/// If these fail, the model loses track of where tokens stand: first at long distances.
struct RotaryEmbeddingTests {
  private let rotary = RotaryEmbedding(
    RotaryConfiguration(theta: 150_000, scalingFactor: 32, originalContextLength: 4_096), headDimension: 64)

  /// OpenAI's formula (openai/gpt-oss, `torch/model.py`, `_compute_concentration_and_inv_freq`), written out
  /// again.
  @Test(arguments: [0, 1, 4_095, 4_096, 131_071])
  func anglesEqualOpenAIsFormula(position: Int) {
    for pair in 0..<32 {
      let frequency = pow(150_000, Double(2 * pair) / 64)
      let low = 32 * log(4_096 / (32 * 2 * Double.pi)) / log(150_000)
      let high = 32 * log(4_096 / (1 * 2 * Double.pi)) / log(150_000)
      let ramp = (Double(pair) - low) / (high - low)
      let mask = 1 - min(max(ramp, 0), 1)
      let angle = Double(position) * (1 / (32 * frequency) * (1 - mask) + 1 / frequency * mask)
      let (cosine, sine) = rotary.cosineAndSine(position: position, pair: pair)
      #expect(abs(cosine - cos(angle) * (0.1 * log(32) + 1)) < 1e-9, "pair \(pair)")
      #expect(abs(sine - sin(angle) * (0.1 * log(32) + 1)) < 1e-9, "pair \(pair)")
    }
  }

  /// The correction range is 8.092779…17.398025, not rounded: at pair 8 nothing is blended, at 9 a tenth.
  @Test func theCorrectionRangeIsNotRounded() {
    let plain = RotaryEmbedding(
      RotaryConfiguration(theta: 150_000, scalingFactor: 1, originalContextLength: 0), headDimension: 64)
    let shares = (0..<32).map { pair in
      (1 - rotary.frequencies[pair] / plain.frequencies[pair]) / (1 - 1 / 32.0)
    }
    #expect(abs(shares[8]) < 1e-12)
    for pair in [9, 17] {
      let expected: Double = (Double(pair) - 8.092_779) / (17.398_025 - 8.092_779)
      #expect(abs(shares[pair] - expected) < 1e-6, "pair \(pair)")
    }
    #expect(abs(shares[18] - 1) < 1e-12)
    #expect(plain.concentration == 1)
  }
}
