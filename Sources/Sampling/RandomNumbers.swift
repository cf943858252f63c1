/// SplitMix64: a 64-bit counter whose values are mixed.
///
/// It spreads one seed over a larger state.
///
/// Source: S. Vigna, <https://prng.di.unimi.it/splitmix64.c>, public domain.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// xoshiro256++: 256 bits of state, period 2^256 − 1, the same numbers on every platform.
///
/// The state comes from `SplitMix64`, as the authors advise, so that close seeds give unrelated streams.
/// It is not meant for cryptography.
///
/// Source: D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021;
/// <https://prng.di.unimi.it/xoshiro256plusplus.c>, public domain.
package struct Xoshiro256PlusPlus: RandomNumberGenerator, Sendable {
  private var a, b, c, d: UInt64

  package init(seed: UInt64) {
    var seeds = SplitMix64(seed: seed)
    self.init(state: (seeds.next(), seeds.next(), seeds.next(), seeds.next()))
  }

  /// - Precondition: not all four words are zero; the generator would stay there.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(state != (0, 0, 0, 0))
    (a, b, c, d) = state
  }

  package mutating func next() -> UInt64 {
    let result = rotate(a &+ d, by: 23) &+ a
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, by: 45)
    return result
  }

  /// A number in 0 ..< 1, a multiple of 2^−53.
  package mutating func unitInterval() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  private func rotate(_ word: UInt64, by bits: UInt64) -> UInt64 {
    word << bits | word >> (64 - bits)
  }
}
