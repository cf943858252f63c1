import GPTOSS
import Testing

struct LoopGuardTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let tokens: [Int]
    let end: Int?
    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "one token over and over", tokens: Array(repeating: 7, count: 40), end: 12),
    Row(name: "a stretch of three", tokens: Array(repeating: [1, 2, 3], count: 20).flatMap(\.self), end: 12),
    Row(
      name: "a beginning before the loop",
      tokens: [9, 8] + Array(repeating: [1, 2, 3, 4], count: 9).flatMap(\.self), end: 18),
    Row(
      name: "stretches that are too long", tokens: Array(repeating: Array(0..<20), count: 9).flatMap(\.self),
      end: nil),
    Row(
      name: "too few repeats", tokens: Array(repeating: [1, 2, 3, 4, 5], count: 3).flatMap(\.self), end: nil),
    Row(name: "no repeat at all", tokens: Array(0..<500), end: nil),
    Row(
      name: "a repeat that is broken once",
      tokens: Array(repeating: 5, count: 11) + [6] + Array(repeating: 5, count: 11), end: nil),
  ]

  @Test(arguments: rows) func aLoopIsFoundAtItsLastToken(row: Row) {
    var detector = LoopDetector(LoopGuard(longestPeriod: 8, repeats: 4, minimumTokens: 12))
    let end = row.tokens.indices.first { detector.isLoop(after: row.tokens[$0]) }
    #expect(end.map { $0 + 1 } == row.end)
  }

  /// The definition, word by word.
  @Test func theDetectorAgreesWithTheDefinition() {
    var random = SystemRandomNumberGenerator()
    let limits = LoopGuard(longestPeriod: 5, repeats: 3, minimumTokens: 7)
    for _ in 0..<300 {
      let tokens = (0..<60).map { _ in Int.random(in: 0..<2, using: &random) }
      var detector = LoopDetector(limits)
      for count in 1...tokens.count {
        let isLoop = (1...limits.longestPeriod).contains { period in
          (max(period * limits.repeats, limits.minimumTokens)...60).contains { length in
            length <= count
              && (count - length + period..<count).allSatisfy { tokens[$0] == tokens[$0 - period] }
          }
        }
        #expect(detector.isLoop(after: tokens[count - 1]) == isLoop, "\(tokens[..<count])")
      }
    }
  }
}
