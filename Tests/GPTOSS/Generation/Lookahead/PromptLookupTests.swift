import GPTOSS
import GPTOSSSampling
import GPTOSSTokenizer
import Testing

/// What is likely to follow, by what followed before.
///
/// Breaks when a copy is not followed, or the table is out of step with the text.
struct PromptLookupTests {
  @Test(
    arguments: [
      ("nothing", [], nil, []), ("too short to occur twice", [1, 2, 3], nil, []),
      ("new", [1, 2, 3, 4, 5, 6], nil, []),
      ("two tokens are too few", [1, 2, 3, 9, 1, 2], nil, []),
      ("three that occurred", [1, 2, 3, 9, 8, 1, 2, 3], 3, [9, 8, 1, 2]),
      ("the latest of equals", [1, 2, 3, 7, 1, 2, 3, 8, 1, 2, 3], 3, [8, 1, 2, 3]),
      ("the longest rather than the latest", [5, 1, 2, 3, 7, 6, 1, 2, 3, 8, 5, 1, 2, 3], 4, [7, 6, 1, 2]),
      ("what repeats itself goes on", [1, 2, 1, 2, 1, 2], 4, [1, 2, 1, 2]),
      ("one token over and over", [4, 4, 4, 4, 4], 4, [4, 4, 4, 4]),
    ] as [(String, [TokenID], Int?, [TokenID])])
  func follows(_ what: String, _ tokens: [TokenID], _ length: Int?, _ guesses: [TokenID]) {
    let lookup = PromptLookup(tokens)
    #expect(lookup.match?.length == length && lookup.guesses(atMost: 4) == guesses, "\(what)")
    #expect(lookup.guess == guesses.first)
    // Told one by one, it finds as good a place.
    var later = PromptLookup([])
    for token in tokens { later.append(token) }
    #expect(later.match?.length ?? 0 >= length ?? 0, "\(what)")
  }

  /// What is copied with changes is copied on behind them.
  @Test(
    arguments: [
      ("one token for another", [1, 2, 3, 20], [5, 6, 7, 8], PromptLookup.unconfirmed),
      ("and back", [1, 2, 3, 20, 5], [6, 7, 8, 9], 3),
      ("two for one", [1, 2, 3, 20, 21, 5], [6, 7, 8, 9], 3),
      ("one for three", [1, 2, 3, 20, 7], [8, 9, 30, 20], 3),
      ("one left out", [1, 2, 3, 5, 6], [7, 8, 9, 30], 3),
      ("one added", [1, 2, 3, 20, 4], [5, 6, 7, 8], 3),
      ("four are waited for", [1, 2, 3, 20, 21, 22, 23, 5], [6, 7, 8, 9], 3),
      ("five are not", [1, 2, 3, 20, 21, 22, 23, 24, 5], [], nil),
      ("too far on", [1, 2, 3, 20, 32], [], nil),
      ("changed again", [1, 2, 3, 20, 5, 6, 7, 8, 9, 30], [20, 31, 32, 33], 8),
      ("two for one again", [1, 2, 3, 20, 21, 5, 6, 7, 8, 9, 30], [20, 21, 31, 32], 8),
      ("in the middle of it", [1, 2, 3, 20, 21, 5, 6, 7, 8, 9, 30, 20], [21, 31, 32, 33], 9),
      ("not changed this time", [1, 2, 3, 20, 5, 6, 7, 8, 9, 30, 4], [31, 32, 33, 1], 9),
      ("changed in another way", [1, 2, 3, 20, 21, 5, 6, 7, 8, 9, 30, 20, 31], [32, 33, 1, 2], 4),
    ] as [(String, [TokenID], [TokenID], Int?)])
  func comesBack(_ what: String, _ written: [TokenID], _ guesses: [TokenID], _ length: Int?) {
    var lookup = PromptLookup([1, 2, 3, 4, 5, 6, 7, 8, 9, 30, 4, 31, 32, 33])
    for token in written { lookup.append(token) }
    #expect(lookup.guesses(atMost: 4) == guesses && lookup.guess == guesses.first, "\(what)")
    #expect(lookup.match?.length == length, "\(what)")
  }

  /// Whatever is written, guesses are tokens of the text, and as many as were asked for at most.
  @Test func guessesAreOfTheText() {
    var random = SplitMix64(seed: 5)
    for round in 0..<300 {
      let kinds = 2 + UInt64(round % 20)
      let source = (0..<40).map { _ in Int(random.next() % kinds) }
      var lookup = PromptLookup(source)
      for place in 0..<60 {
        // Mostly a copy.
        let isCopied = random.next() % 8 != 0
        lookup.append(isCopied ? source[place % source.count] : Int(random.next() % kinds))
        let guesses = lookup.guesses(atMost: 20)
        #expect(guesses.count <= 20 && guesses.allSatisfy { 0..<Int(kinds) ~= $0 })
        #expect(guesses.first == lookup.guess)
      }
    }
  }

  /// Ids that no vocabulary has are no reason to stop.
  @Test func anyNumberIsAToken() {
    let lookup = PromptLookup([-1, .max, .min, 5, -1, .max, .min])
    #expect(lookup.guess == 5)
  }
}
