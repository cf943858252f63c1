import GPTOSSTokenizer
import Testing

/// If these fail, text is cut elsewhere than by o200k's pattern, and the model reads other tokens.
struct PieceSplitterTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var pieces: [String]
    var reason: String
    var testDescription: String { reason }
  }

  static let rows: [Row] = [
    Row(pieces: [], reason: "no text, no pieces"),
    Row(pieces: ["Hello", " world", "!"], reason: "a space leads a word"),
    Row(pieces: ["hello", "World"], reason: "a capital starts a word"),
    Row(pieces: ["HTTPServer"], reason: "capitals, then small letters, are one word"),
    Row(pieces: ["HTTP"], reason: "capitals alone are a word"),
    Row(pieces: ["i", "Phone"], reason: "a small letter ends the capitals"),
    Row(
      pieces: ["don't", " WE'LL", " I'Ve", "'s"], reason: "contractions belong to the word, in any case"),
    Row(pieces: ["it'ſ", "t"], reason: "ſ is a small s: case folding of regular expressions"),
    Row(pieces: ["it", "'x"], reason: "an apostrophe may lead a word"),
    Row(pieces: ["rock", "'n"], reason: "an apostrophe leads what is no contraction"),
    Row(pieces: ["a're", "st"], reason: "a contraction ends the word"),
    Row(pieces: ["中"], reason: "an ideograph is both a capital and a small letter"),
    Row(pieces: ["中", "ABC"], reason: "backtracking ends at the last capital that is small too"),
    Row(pieces: ["AB中C中", "D"], reason: "the last of several"),
    Row(pieces: ["中ABCd"], reason: "no backtracking where a small letter follows"),
    Row(pieces: ["\u{301}", "ABC"], reason: "an accent is a word rather than a prefix of capitals"),
    Row(pieces: ["\u{301}ABc"], reason: "it is a prefix of capitals and small letters"),
    Row(pieces: [" \u{301}"], reason: "an accent may be led by a space"),
    Row(pieces: ["!\u{301}"], reason: "and by a symbol"),
    Row(pieces: ["ǅungla"], reason: "title case is a capital"),
    Row(pieces: ["ʰʲ"], reason: "modifier letters"),
    Row(pieces: ["123", "456", "7"], reason: "numbers in threes"),
    Row(pieces: [" ", "12"], reason: "a space does not lead a number"),
    Row(pieces: ["½²Ⅷ", "١"], reason: "all kinds of numbers"),
    Row(pieces: ["=>", " !=\n\n//\n", "x"], reason: "symbols take line breaks and slashes behind them"),
    Row(pieces: ["/\n/"], reason: "a slash is a symbol and may follow line breaks"),
    Row(pieces: ["  ", " x"], reason: "the last space leads the word"),
    Row(pieces: ["   "], reason: "spaces at the end of the text stay together"),
    Row(pieces: [" \n \n", "  ", " x"], reason: "up to the last line break"),
    Row(pieces: ["\r\n", "x"], reason: "a line break does not lead a word"),
    Row(pieces: ["\tx"], reason: "a tab leads a word"),
    Row(pieces: ["\t", " !"], reason: "a space alone leads symbols"),
    Row(pieces: ["\t", "!"], reason: "a tab does not"),
    Row(pieces: ["\u{A0}x", "\u{3000}", "\u{3000}x"], reason: "other white space"),
    Row(
      pieces: ["\u{85}", "\u{1C}"],
      reason: "U+001C is no white space but a symbol; a symbol is led by a space alone"),
    Row(pieces: ["👩‍👩‍👧🇯🇵🏽"], reason: "emoji are symbols, so are joiners"),
    Row(pieces: ["\u{0}\u{7F}\u{200B}"], reason: "controls are symbols"),
    Row(
      pieces: ["__", "init", "__"], reason: "one symbol may lead a word, the last of several does not"),
    Row(pieces: ["abcdefgh", " ijklmnop", "Qrstuvwxyz", "."], reason: "words of eight letters and more"),
    Row(
      pieces: ["abcdefghé", " ijklmnopq's"], reason: "a word may end in letters and contractions beyond ASCII"
    ),
  ]

  @Test(arguments: rows)
  func pieces(of row: Row) {
    let text = row.pieces.joined()
    #expect(NaivePattern.pieces(of: text) == row.pieces, "the row is wrong")
    #expect(PieceSplitter.pieces(of: text) == row.pieces)
  }

  /// One or more of every kind of character that the pattern tells apart.
  private static let alphabet: [[String]] = [
    [
      "a", "b", "Z", "A", "é", "中", "ʰ", "\u{301}", "ǅ", "1", "½", " ", "\n", "\r", "\t", "\u{3000}", "!",
      "/", "'", "s",
      "ll", "'re", "ſ", "🙂", "\u{200B}",
    ],
    ["a", "A", "中", "\u{301}", "'", " "],
    [" ", "\n", "\t", "!", "/", "a"],
    ["the", " of", "Word", "'s", "camelCase", " abcdefghijklmnop", "é", ".", "(", "12345"],
  ]

  @Test(arguments: 0..<4)
  func likeTheNaivePattern(kind: Int) {
    var random = RandomSource(seed: UInt64(kind))
    for _ in 0..<2_000 {
      let count = Int.random(in: 1...14, using: &random)
      let text = (0..<count).map { _ in Self.alphabet[kind].randomElement(using: &random) ?? "" }.joined()
      #expect(PieceSplitter.pieces(of: text) == NaivePattern.pieces(of: text), "\(text.debugDescription)")
    }
  }
}
