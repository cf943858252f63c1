import GPTOSSPlatform
import Testing

/// What is shown cannot drive a terminal, turn the order of what stands around it, or hide. Breaks when a
/// character is seen as another one, or when a script's own spelling is spoiled.
struct InertTextTests {
  @Test(arguments: [
    ("\u{1B}[2J", "\\u{1B}[2J"), ("a\0b", "a\\0b"), ("\u{7F}", "\\u{7F}"), ("\u{9B}31m", "\\u{009B}31m"),
    ("a\r\nb\tc", "a\\r\\nb\\tc"), ("\u{202E}txt.exe", "\\u{202E}txt.exe"),
    ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"),
    ("\u{200E}\u{200F}\u{61C}", "\\u{200E}\\u{200F}\\u{061C}"),
    ("\u{E0041}\u{E007F}", "\\u{000E0041}\\u{000E007F}"),
    ("\u{FEFF}\u{AD}\u{2060}", "\\u{FEFF}\\u{00AD}\\u{2060}"),
    ("\u{2028}\u{2029}\u{85}", "\\u{2028}\\u{2029}\\u{0085}"),
    ("\u{200B}", "\\u{200B}"), ("e\u{301}\u{202A}", "e\u{301}\\u{202A}"),
  ]) func escapes(_ text: String, _ shown: String) {
    #expect(text.inert == shown)
    #expect(shown.inert == shown, "what is written out is inert itself")
  }

  static let plain = [
    "", "plain text", "日本語 ∀x → \u{FFFD}", "👨‍👩‍👧‍👦 ❤️ 🏳️‍🌈 👩🏽‍🚀", "می‌خواهم کتاب‌ها را بخوانم", "क्ष क्‍ष र्‍य", "שלום, مرحبا",
    "e\u{301} Z\u{351}\u{36B}", "\\u{1B} is written so",
  ]

  @Test(arguments: plain) func keeps(_ text: String) {
    #expect(text.inert == text && text.inertLines == text && text.inertJSON == text)
  }

  /// Each scalar by itself: a combining mark behind a sign, or a prepended one before it, does not hide it.
  @Test func signsAreFoundBesideMarks() {
    let signs: [Unicode.Scalar: String] = ["\"": "\"\"", "<": "&lt;"]
    #expect("\"\u{301}a\u{D4E}<".replacingScalars(signs) == "\"\"\u{301}a\u{D4E}&lt;")
    #expect("plain".replacingScalars(signs) == "plain")
  }

  @Test func linesStay() {
    let code = "```swift\nif x {\n\tprint(\"👨‍👩‍👧\")\n}\n```\n"
    #expect(code.inertLines == code)
    #expect("a\r\n\u{1B}[1m\u{2028}".inertLines == "a\\r\n\\u{1B}[1m\\u{2028}")
  }

  /// Whatever the pieces in which a text is shown, it looks the same.
  @Test func piecesAreShownAsTheWhole() {
    let text = "a\u{1B}[2J\r\n👨‍👩‍👧\u{202E}e\u{301}\tb"
    let pieces = text.unicodeScalars.map { String($0).inertLines }.joined()
    #expect(pieces == text.inertLines)
  }

  @Test func jsonKeepsItsValue() {
    #expect("{\"a\":\"\u{7F}\u{202E}\u{E0041}\"}".inertJSON == #"{"a":"\u007f\u202e\udb40\udc41"}"#)
  }

  @Test func longNamesAreCut() {
    #expect("a\nb".quoted == "\"a\\nb\"")
    #expect(String(repeating: "x", count: 80).quoted == "\"\(String(repeating: "x", count: 80))\"")
    #expect(String(repeating: "x", count: 81).quoted == "\"\(String(repeating: "x", count: 80))\"…")
    let marks = "a" + String(repeating: "\u{301}", count: 9_999)
    #expect(marks.quoted.unicodeScalars.count < 100, "one character of many marks is cut, too")
  }
}
