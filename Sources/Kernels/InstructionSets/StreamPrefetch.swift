/// How a CPU wants the records fetched that one token or a few read with AVX-512.
///
/// Zen 4 has few outstanding misses of the first-level cache, which fetching into it would keep busy, and it
/// sees one token's stream and fetches most of it by itself: every second line, 4 KB ahead and to the second
/// level, is the help that it needs. Zen 5 reads on so far by itself that its loads get in the way of what is
/// fetched to the second level; where every line is in the first level when it is wanted, they do not.
///
/// GB/s of two threads and one token on Zen 5, where a plain sweep reads 51 (slow memory) or 72 (fast):
///
/// | | MXFP4 precise | fast | Q8_0 precise | fast | Q5_1 fast | Q4_K precise |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | slow: every second line, second level, 4 KB ahead | 37 | 47 | 45 | 49 | 39 | 49 |
/// | every line, second level, 8 KB ahead | 41 | 41 | 46 | 48 | 44 | 46 |
/// | every line, first level, 4 KB ahead | 43 | 44 | 48 | 49 | 47 | 48 |
/// | fast: every second line, second level, 4 KB ahead | 50 | 61 | 57 | 72 | 45 | 65 |
/// | every line, second level, 8 KB ahead | 64 | 65 | 69 | 72 | 64 | 70 |
/// | every line, first level, 4 KB ahead | 62 | 63 | 75 | 76 | 66 | 64 |
///
/// (Q8_0 profits from what the third-level cache still holds.) Q4_K loses against 8 KB ahead in fast memory.
/// With four tokens MXFP4 gains, 34 → 40; Q8_0 gains in slow memory, 41 → 45, and loses in fast, 66 → 57. The
/// experts are the larger part of a pass, so a few tokens use the first level too. 2, 3 and 6 KB ahead are no
/// better, nor are both levels together, nor a function for each format, which spares the loops their
/// questions.
///
/// Not done: a measurement at load. No Intel CPU with AVX-512 was at hand; they get what Zen 4 gets.
package enum StreamPrefetch: Sendable {
  /// To the second-level cache: for one token every second line, 4 KB ahead; for a few every line, 8 KB ahead.
  case secondLevel
  /// To the first-level cache: every line, 4 KB ahead.
  case firstLevel

  /// This CPU's.
  package static let current = StreamPrefetch(CPUIdentification.current)

  /// AMD's family 26 is Zen 5; no CPU of Intel's with AVX-512 has so high a number.
  package init(_ cpu: CPUIdentification) { self = cpu.family >= 26 ? .firstLevel : .secondLevel }
}
