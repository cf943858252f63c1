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
  private let whitespace: JSONWhitespace

  /// Spaces behind a line end.
  private static let indentationLimit = 40

  init(_ whitespace: JSONWhitespace, _ builder: inout GrammarBuilder) {
    self.whitespace = whitespace
    var terminals: [RuleID] = []
    for (before, text, after) in [
      (false, "{", false), (false, "}", false), (false, "[", false), (false, "]", false), (true, "}", false),
      (true, "]", false), (false, ",", true), (true, "", false),
    ] {
      var expressions = Expressions()
      let space = Self.space(whitespace, &expressions)
      let expression = expressions.sequence([
        before ? space : expressions.empty, expressions.literal(text), after ? space : expressions.empty,
      ])
      guard let automaton = Automaton(&expressions, expression) else {
        preconditionFailure("an automaton for white space has few states")
      }
      terminals.append(builder.terminal(automaton))
    }
    openBrace = terminals[0]
    closeBrace = terminals[1]
    openBracket = terminals[2]
    closeBracket = terminals[3]
    spacedCloseBrace = terminals[4]
    spacedCloseBracket = terminals[5]
    comma = terminals[6]
    space = terminals[7]
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

  /// A colon, and a space behind it if there may be one.
  func colon(_ expressions: inout Expressions) -> Expressions.ID {
    let colon = expressions.literal(":")
    guard whitespace == .flexible else { return colon }
    return expressions.sequence(colon, expressions.optional(expressions.literal(" ")))
  }
}
