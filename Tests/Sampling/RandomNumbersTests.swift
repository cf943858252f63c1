import GPTOSSSampling
import Testing

/// If these fail, a seed gives other text than before.
struct RandomNumbersTests {
  /// The values that the authors' C programs print.
  @Test func splitMix64EqualsItsSource() {
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.indices.map { _ in generator.next() } == expected)
  }

  @Test func xoshiro256PlusPlusEqualsItsSource() {
    var generator = Xoshiro256PlusPlus(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
      9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807,
      15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
    ]
    #expect(expected.indices.map { _ in generator.next() } == expected)
  }

  @Test func unitIntervalIsHalfOpen() {
    var generator = Xoshiro256PlusPlus(seed: 7)
    let numbers = (0..<10_000).map { _ in generator.unitInterval() }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = numbers.reduce(0, +) / 10_000
    #expect(abs(mean - 0.5) < 0.01)
  }
}
