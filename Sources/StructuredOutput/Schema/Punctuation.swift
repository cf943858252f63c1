/// What stands between the values of a JSON text, as rules.
struct Punctuation {
  let openBrace: RuleID
  let closeBrace: RuleID
  let openBracket: RuleID
  let closeBracket: RuleID
  /// With white space before it.
  let spacedCloseBrace: RuleID
  let spacedCloseBracket: RuleID
  /// With white space behind it.
  let comma: RuleID
  /// White space, or nothing.
  let space: RuleID
  /// A colon, and a space behind it if there may be one.
  let colon: RuleID
  /// The ways to write a colon.
  let colons: [String]

  /// Spaces behind a line end.
  private static let indentationLimit = 40

  init(_ whitespace: JSONWhitespace, _ builder: inout GrammarBuilder) {
    let rules = (whitespace == .flexible ? Self.flexible : Self.none).map { builder.terminal($0) }
    openBrace = rules[0]
    closeBrace = rules[1]
    openBracket = rules[2]
    closeBracket = rules[3]
    spacedCloseBrace = rules[4]
    spacedCloseBracket = rules[5]
    comma = rules[6]
    space = rules[7]
    colon = rules[8]
    colons = Self.colons(whitespace)
  }

  private static func colons(_ whitespace: JSONWhitespace) -> [String] {
    whitespace == .flexible ? [":", ": "] : [":"]
  }

  private static let flexible = automata(.flexible)
  private static let none = automata(.none)

  private static func automata(_ whitespace: JSONWhitespace) -> [Automaton] {
    let pieces = [
      (false, "{", false), (false, "}", false), (false, "[", false), (false, "]", false), (true, "}", false),
      (true, "]", false), (false, ",", true), (true, "", false),
    ]
    var automata: [Automaton] = []
    for (before, text, after) in pieces {
      var expressions = Expressions(.unlimited())
      let space = space(whitespace, &expressions)
      let expression = expressions.sequence([
        before ? space : expressions.empty, expressions.literal(text), after ? space : expressions.empty,
      ])
      guard let automaton = Automaton(&expressions, expression) else {
        preconditionFailure("an automaton for white space has few states")
      }
      automata.append(automaton.builtIn)
    }
    guard let colon = Automaton.texts(colons(whitespace), .unlimited()) else {
      preconditionFailure("an automaton for a colon has few states")
    }
    return automata + [colon.builtIn]
  }

  private static func space(_ whitespace: JSONWhitespace, _ expressions: inout Expressions) -> Expressions.ID
  {
    guard whitespace == .flexible else { return expressions.empty }
    let blank = expressions.literal(" ")
    let indentation = expressions.repetition(blank, 0, indentationLimit)
    return expressions.union([
      expressions.empty, blank, expressions.sequence(expressions.literal("\n"), indentation),
    ])
  }
}
