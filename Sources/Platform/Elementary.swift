/// Elementary functions of double precision that give the same bits on every platform. The C libraries' own
/// differ in the last one, and with it a token may be another.
///
/// Additions, multiplications and divisions alone, each rounded on its own, in the order that is written
/// here. (Divisions of numbers that stand here are made by the compiler.) Results are within two units in the
/// last place.
package enum Elementary {
  /// ln 2 in two parts. The first has 32 bits, so that its product with an exponent is exact.
  private static let (ln2High, ln2Low) = (0x1.62e42fee00000p-1, 0x1.a39ef35793c76p-33)

  /// e^x. Infinite above 709.8, 0 below −745.2, NaN for NaN.
  ///
  /// x = n · ln 2 + r with |r| ≤ ln 2 / 2, then e^r by its Taylor series as far as r¹³.
  package static func exp(_ x: Double) -> Double {
    guard x < 710 else { return x.isNaN ? x : .infinity }
    guard x > -746 else { return 0 }
    let n = (x * 0x1.71547652b82fep+0).rounded(.toNearestOrEven)
    let r = (x - n * ln2High) - n * ln2Low
    var sum = 1 / 6_227_020_800.0
    sum = sum * r + 1 / 479_001_600
    sum = sum * r + 1 / 39_916_800
    sum = sum * r + 1 / 3_628_800
    sum = sum * r + 1 / 362_880
    sum = sum * r + 1 / 40_320
    sum = sum * r + 1 / 5_040
    sum = sum * r + 1 / 720
    sum = sum * r + 1 / 120
    sum = sum * r + 1 / 24
    sum = sum * r + 1 / 6
    sum = sum * r + 1 / 2
    sum = (sum * r + 1) * r + 1
    // In two steps, each of them a power of two that a double can be: −1,076 … 1,024.
    let half = Int(n) / 2
    return sum * powerOfTwo(half) * powerOfTwo(Int(n) - half)
  }

  /// The natural logarithm: −∞ for 0, NaN below it and for NaN.
  ///
  /// x = 2^k · m with m from √½ to √2, then ln m = 2 · artanh(s), s = (m − 1) / (m + 1), by its series as far as
  /// s²³.
  package static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    var (k, m) = (Double(x.exponent), x.significand)
    if m > 0x1.6a09e667f3bcdp+0 { (k, m) = (k + 1, m / 2) }
    let s = (m - 1) / (m + 1)
    let square = s * s
    var sum = 0.0
    for odd in stride(from: 23.0, through: 3, by: -2) { sum = (sum + 1 / odd) * square }
    return k * ln2High + (k * ln2Low + (2 * s + 2 * s * sum))
  }

  /// base^exponent of a base above 0, as e^(exponent · ln base): exact to |exponent · ln base| · 2⁻⁵².
  package static func power(_ base: Double, _ exponent: Double) -> Double { exp(exponent * log(base)) }

  /// Cosine and sine of an angle in radians; NaN where it is not finite. Exact to 2⁻⁵² of a whole turn's radius
  /// as far as 2²⁰ quarter turns; beyond them the error grows with the angle.
  ///
  /// x = n · π/2 + r with |r| ≤ π/4, then both by their Taylor series.
  package static func cosineAndSine(_ x: Double) -> (cosine: Double, sine: Double) {
    // The remainder is exact, and a quarter turn more than 2³⁰ is far past what anyone asks for.
    let x = abs(x) < 0x1p30 ? x : x.remainder(dividingBy: 2 * .pi)
    guard x.isFinite else { return (.nan, .nan) }
    let n = (x * 0x1.45f306dc9c883p-1).rounded(.toNearestOrEven)
    // π/2 in two parts. The first has 33 bits, so that its product with n is exact.
    let r = (x - n * 0x1.921fb54400000p+0) - n * 0x1.0b4611a626331p-34
    let square = r * r
    // Cosine and sine / r, side by side.
    var sums = SIMD2(-1 / 6_402_373_705_728_000, -1 / 121_645_100_408_832_000.0)
    sums = sums * square + SIMD2(1 / 20_922_789_888_000, 1 / 355_687_428_096_000)
    sums = sums * square - SIMD2(1 / 87_178_291_200, 1 / 1_307_674_368_000)
    sums = sums * square + SIMD2(1 / 479_001_600, 1 / 6_227_020_800)
    sums = sums * square - SIMD2(1 / 3_628_800, 1 / 39_916_800)
    sums = sums * square + SIMD2(1 / 40_320, 1 / 362_880)
    sums = sums * square - SIMD2(1 / 720, 1 / 5_040)
    sums = sums * square + SIMD2(1 / 24, 1 / 120)
    sums = sums * square - SIMD2(1 / 2, 1 / 6)
    sums = sums * square + 1
    let (cosine, sine) = (sums[0], sums[1] * r)
    switch Int(n) & 3 {
    case 0: return (cosine, sine)
    case 1: return (-sine, cosine)
    case 2: return (-cosine, -sine)
    default: return (sine, -cosine)
    }
  }

  /// 2^n, n from −1,022 to 1,023.
  private static func powerOfTwo(_ n: Int) -> Double {
    Double(sign: .plus, exponent: n, significand: 1)
  }
}
