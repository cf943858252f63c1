import GPTOSS
import GPTOSSSampling
import Testing

/// Where the end of a text occurred before.
///
/// Breaks when the table is out of step with the text, or a shorter match is taken.
struct IndexedTextTests {
  /// A match is as long as any, and really is one.
  @Test func isAsLongAsAnyPlace() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<200 {
      var tokens = (0..<4).map { _ in Int(random.next() % 3) }
      var text = IndexedText(tokens)
      // Where three tokens are all there is, the places looked at are near the end.
      while tokens.count < 16 {
        tokens.append(Int(random.next() % 3))
        text.append(tokens[tokens.count - 1])
        let lengths = (1..<tokens.count).map { place in
          (0..<min(place, IndexedText.longest)).prefix {
            tokens[place - 1 - $0] == tokens[tokens.count - 1 - $0]
          }
          .count
        }
        let longest = lengths.max() ?? 0
        let match = text.longestMatch()
        #expect(match?.length == (longest >= IndexedText.shortest ? longest : nil), "\(tokens)")
        if let match { #expect(lengths[match.next - 1] == match.length) }
      }
    }
  }
}
