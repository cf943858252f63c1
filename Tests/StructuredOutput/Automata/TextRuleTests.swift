import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

/// What text is held to that is no JSON. Breaks when a grammar that tools send means something else here, or
/// when one that cannot be enforced passes as if it were.
@Suite struct TextRuleTests {
  @Test(
    arguments: [
      ("[a-z]+", ["a", "abc"], ["", "A", "a1"]), ("^a|b$", ["a", "b"], ["ab", "xa"]),
      (#"say "\w+"\n"#, ["say \"a\"\n"], [#"say \"a\"\n"#]), (#"\\[^\n]*"#, ["\\ \"é✓"], ["a", "\\\n"]),
      ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
    ] as [(String, [String], [String])])
  func patterns(_ pattern: String, _ accepted: [String], _ refused: [String]) throws {
    try check(TextRule(pattern: pattern), pattern, accepted, refused)
  }

  @Test(
    arguments: [
      ("start: /[a-z ]+/", ["a b"], ["", "A"]),
      ("start: \"a\" | \"b\"\n", ["a", "b"], ["ab"]),
      (
        """
        // A greeting.
        start: greeting (" " NAME)? mark~1..2
        ?greeting: "hello" -> hello
          | "good " /morning|evening/
        NAME.2: ("a".."z")+
        !mark: "!" | "\\n" # the end
        """,
        ["hello!", "good evening ada!\n"], ["hello", "hello ada!!!", "good night!", "hello  ada!"]
      ),
      (
        "start: \"#\" LF line*\nline: /[^\\r\\n]*/ NL\n%import common.LF\n%import common.LF -> NL",
        ["#\n", "#\na \"b\" \\n\n\n"], ["#", "#\na"]
      ),
      ("start: [\"a\"] \"b\"+ INT\n%import common.INT", ["ab1", "bb22"], ["a1", "abc"]),
      // Where a rule ends and the next begins.
      ("start: a?\n?a: \"x\" b\n!b: \"y\"", ["", "xy"], ["x"]),
    ] as [(String, [String], [String])])
  func grammars(_ grammar: String, _ accepted: [String], _ refused: [String]) throws {
    try check(TextRule(lark: grammar), grammar, accepted, refused)
  }

  private func check(_ rule: TextRule, _ what: String, _ accepted: [String], _ refused: [String]) throws {
    let constraint = try TokenConstraint(text: rule, tokens: TestVocabulary.small)
    for text in accepted { #expect(SchemaCase.accepts(constraint, text), "\(what) allows \(text)") }
    for text in refused { #expect(!SchemaCase.accepts(constraint, text), "\(what) does not allow \(text)") }
  }

  @Test(arguments: [
    // Other dialects read these in other ways.
    "(?=a)b", "(?i)a", "[[:alpha:]]", "[a-z&&[^b]]", "[a--b]", #"\p{L}"#, #"\bx"#, "a^b", "[", "(", "a|^b",
    // Nothing fits, or too much work.
    "[^\\w\\W]", String(repeating: "a", count: 3000), "(a|b)*a(a|b){12}",
  ]) func refusedPatterns(_ pattern: String) {
    #expect(throws: StructuredOutputError.self) { try TextRule(pattern: pattern) }
  }

  @Test(arguments: [
    "", "a: \"x\"", "start: b", "start: start", "start: a\na: \"x\" | a \"y\"", "start: \"a\"i",
    "start: /a/i",
    "start: \"a\" \"b\"\n%ignore \" \"", "%import common.ESCAPED_STRING\nstart: \"a\"",
    "start: \"a\"\nstart: \"b\"", "start: (\"a\"", "start: \"a", "start: /a", "start: ~", "start: \"a\"~3..1",
    "start{x}: x", "start: \"b\"..\"a\"", "start: \"ab\"..\"z\"", "start: \"\\x41\"", "start: \"a\" )",
    "start: \"a\"~99999999999999999999", "start: " + String(repeating: "(", count: 4000),
    "list{x}: x+\nstart: list{\"a\"}", "start: \"a\"\nlist{x}: x+",
    // Each rule twice the one before.
    "start: a0 a0\n" + (0..<60).map { "a\($0): a\($0 + 1) a\($0 + 1)" }.joined(separator: "\n")
      + "\na60: \"x\"",
  ]) func refusedGrammars(_ grammar: String) {
    #expect(throws: StructuredOutputError.self) { try TextRule(lark: grammar) }
  }

  /// What no reader of Lark's notation could follow is told apart from what is not enforced here.
  @Test(arguments: [
    ("start start:", 0), ("", 0), ("a: \"x\"", 0), ("start: b", 7), ("start: (\"a\"", 8), ("start: \"a", 7),
    ("start: \"a\"\nstart: \"b\"", 12), ("start: \"a\"\n\"b\"", 11), ("x\nstart: \"a\"", 0),
    ("start: \"a\" b: \"c\"", 11), ("start: \"a\"\nb b: \"c\"", 11),
  ]) func malformedGrammars(_ grammar: String, _ offset: Int) {
    #expect(throws: StructuredOutputError.malformedGrammar(characterOffset: offset)) {
      try TextRule(lark: grammar)
    }
  }

  @Test(arguments: [
    "start: start", "start: \"a\"\n%ignore \" \"", "start: \"a\"i", "start: list{\"a\"}\nlist{x}: x+",
  ]) func grammarsThatAreNotRegular(_ grammar: String) {
    let error = #expect(throws: StructuredOutputError.self) { try TextRule(lark: grammar) }
    guard case .unsupportedGrammar? = error else {
      Issue.record("\(grammar) is called \(error.map { "\($0)" } ?? "right")")
      return
    }
  }
}
