import GPTOSSPlatform
import Testing

/// Against the C library within two units in the last place, and against written bits: the same on every
/// platform. If these fail, the same seed gives another text on another computer.
struct ElementaryTests {
  @Test func exponentials() {
    for i in -7_400...7_090 {
      let x = Double(i) / 10 + 0.037
      #expect(isNear(Elementary.exp(x), exp(x)), "e^\(x)")
    }
    #expect(Elementary.exp(0) == 1 && Elementary.exp(-0.0) == 1)
    #expect(Elementary.exp(-746) == 0 && Elementary.exp(-.infinity) == 0)
    #expect(Elementary.exp(710) == .infinity && Elementary.exp(.infinity) == .infinity)
    #expect(Elementary.exp(.nan).isNaN)
  }

  @Test func logarithms() {
    for i in 1...20_000 {
      let x = Double(i) / 7_001
      #expect(isNear(Elementary.log(x), log(x)), "ln \(x)")
      let far = exp(Double(i) / 15 - 700)
      #expect(isNear(Elementary.log(far), log(far)), "ln \(far)")
    }
    #expect(Elementary.log(1) == 0 && Elementary.log(.infinity) == .infinity)
    #expect(Elementary.log(0) == -.infinity && Elementary.log(-1).isNaN && Elementary.log(.nan).isNaN)
    #expect(isNear(Elementary.log(.leastNonzeroMagnitude), log(.leastNonzeroMagnitude)))
  }

  /// Angles of positions as far as a million, and past what a reduction in two parts can do.
  @Test func cosinesAndSines() {
    for i in 0..<40_000 {
      let x = Double(i * i) / 1_523 - 1_000
      let (cosine, sine) = Elementary.cosineAndSine(x)
      #expect(abs(cosine - cos(x)) <= 0x1p-52 && abs(sine - sin(x)) <= 0x1p-52, "\(x)")
    }
    let (one, zero) = Elementary.cosineAndSine(0)
    #expect(one == 1 && zero == 0)
    for far in [0x1p31, -1e18, 1e300] {
      let (cosine, sine) = Elementary.cosineAndSine(far)
      #expect(abs(cosine * cosine + sine * sine - 1) <= 0x1p-50)
    }
    for none in [Double.infinity, -.infinity, .nan] {
      let (cosine, sine) = Elementary.cosineAndSine(none)
      #expect(cosine.isNaN && sine.isNaN)
    }
  }

  @Test func powers() {
    for i in 0..<64 {
      let (expected, actual) = (pow(150_000, -Double(i) / 64), Elementary.power(150_000, -Double(i) / 64))
      #expect(abs(actual - expected) <= 16 * 0x1p-52 * expected, "pair \(i)")
    }
  }

  @Test func theBitsAreTheSameEverywhere() {
    #expect(Elementary.exp(-0.1).bitPattern == 0x3FEC_F46D_99D5_2B3A)
    #expect(Elementary.exp(-3.7).bitPattern == 0x3F99_511F_C687_1044)
    #expect(Elementary.exp(-40.25).bitPattern == 0x3C4E_8443_0D66_E9FB)
    #expect(Elementary.exp(12.5).bitPattern == 0x4110_60C5_2565_BA66)
    #expect(Elementary.log(150_000).bitPattern == 0x4027_D637_4A08_A71D)
    #expect(Elementary.log(32).bitPattern == 0x400B_B9D3_BEB8_C86B)
    #expect(Elementary.log(0.3).bitPattern == 0xBFF3_4378_FCBD_A721)
    #expect(Elementary.log(1e-300).bitPattern == 0xC085_9634_47F8_7FB5)
    #expect(Elementary.cosineAndSine(1).cosine.bitPattern == 0x3FE1_4A28_0FB5_068C)
    #expect(Elementary.cosineAndSine(1).sine.bitPattern == 0x3FEA_ED54_8F09_0CEE)
    #expect(Elementary.cosineAndSine(4_095.5).cosine.bitPattern == 0x3FDA_E92B_9A53_9AEC)
    #expect(Elementary.cosineAndSine(4_095.5).sine.bitPattern == 0xBFED_089C_41DF_A9BC)
    #expect(Elementary.cosineAndSine(131_071).cosine.bitPattern == 0xBFEA_2CEB_BB51_3E7C)
    #expect(Elementary.cosineAndSine(131_071).sine.bitPattern == 0xBFE2_6861_3F60_BABC)
  }

  private func isNear(_ x: Double, _ expected: Double) -> Bool { abs(x - expected) <= 2 * expected.ulp }
}
