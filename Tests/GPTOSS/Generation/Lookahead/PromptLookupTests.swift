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
    #expect(later.match?.length == length, "\(what)")
  }

  /// A match is as long as any, and really is one.
  @Test func isAsLongAsAnyPlace() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<200 {
      var tokens = (0..<4).map { _ in Int(random.next() % 3) }
      var lookup = PromptLookup(tokens)
      for _ in 0..<60 {
        tokens.append(Int(random.next() % 3))
        lookup.append(tokens[tokens.count - 1])
        // Where three tokens are all there is, the places looked at are near the end.
        guard tokens.count <= 16 else { continue }
        let lengths = (1..<tokens.count).map { place in
          (0..<min(place, PromptLookup.longest)).prefix {
            tokens[place - 1 - $0] == tokens[tokens.count - 1 - $0]
          }
          .count
        }
        let longest = lengths.max() ?? 0
        #expect(lookup.match?.length == (longest >= PromptLookup.shortest ? longest : nil), "\(tokens)")
        if let match = lookup.match { #expect(lengths[match.next - 1] == match.length) }
      }
    }
  }

  /// Ids that no vocabulary has are no reason to stop.
  @Test func anyNumberIsAToken() {
    let lookup = PromptLookup([-1, .max, .min, 5, -1, .max, .min])
    #expect(lookup.guess == 5)
  }
}
