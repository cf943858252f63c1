/// What a text that is no JSON has to look like.
///
/// It is made for grammars from anywhere: they are small, and neither making one nor holding a text to it
/// takes long.
public struct TextRule: Sendable {
  let automaton: Automaton

  /// The longest pattern or grammar, in bytes.
  static let sizeLimit = 8192
  /// The most pieces, such as characters, that stand one after another in a text's rule.
  static let lengthLimit = 1024
  /// The most states of a rule's automaton.
  private static let stateLimit = 512

  /// Text that a regular expression matches from end to end, with or without `^` and `$` around it.
  ///
  /// What may stand in it is what a `pattern` of JSON Schema may have, without what other dialects read in
  /// another way.
  ///
  /// - Parameters:
  ///   - pattern: at most 1,024 bytes.
  ///   - budget: what compiling it may cost.
  /// - Throws: ``StructuredOutputError/unsupportedPattern(path:pattern:characterOffset:)``, `tooComplex`,
  ///   `unsatisfiable`, `cancelled`.
  public init(
    pattern: String, budget: CompilationBudget = CompilationBudget()
  ) throws(StructuredOutputError) {
    guard pattern.utf8.count <= Self.lengthLimit else { throw .tooComplex(path: "", .automatonStates) }
    var expressions = Expressions(budget, escapesCharacters: false)
    let expression: Expressions.ID
    do throws(PatternFault) {
      expression = try PatternParser.parseWhole(pattern, &expressions)
    } catch {
      throw .unsupportedPattern(path: "", pattern: pattern, characterOffset: error.characterOffset)
    }
    try self.init(&expressions, expression)
  }

  /// Text that fits the rule `start` of a grammar in the notation of
  /// [Lark](https://github.com/lark-parser/lark).
  ///
  /// The grammar has to be regular: rules, alternatives, groups, repetitions, texts, ranges, regular
  /// expressions without flags, and the plainest of Lark's `common` terminals. Rules that refer to
  /// themselves, `%ignore`, templates and texts in any case are refused.
  ///
  /// - Parameters:
  ///   - grammar: at most 8,192 bytes.
  ///   - budget: what compiling it may cost.
  /// - Throws: ``StructuredOutputError/unsupportedGrammar(characterOffset:)``, `malformedGrammar`,
  ///   `tooComplex`, `unsatisfiable`, `cancelled`.
  public init(
    lark grammar: String, budget: CompilationBudget = CompilationBudget()
  ) throws(StructuredOutputError) {
    guard grammar.utf8.count <= Self.sizeLimit else { throw .tooComplex(path: "", .automatonStates) }
    var expressions = Expressions(budget, escapesCharacters: false)
    let expression: Expressions.ID
    do throws(PatternFault) {
      expression = try LarkParser.parse(grammar, &expressions)
    } catch {
      throw error.isMalformed
        ? .malformedGrammar(characterOffset: error.characterOffset)
        : .unsupportedGrammar(characterOffset: error.characterOffset)
    }
    try self.init(&expressions, expression)
  }

  private init(
    _ expressions: inout Expressions, _ expression: Expressions.ID
  ) throws(StructuredOutputError) {
    let automaton = Automaton(&expressions, expression, stateLimit: Self.stateLimit)
    try expressions.budget.check()
    guard let automaton else {
      throw .tooComplex(path: "", .automatonStates)
    }
    guard automaton.start != Automaton.dead else { throw .unsatisfiable(path: "") }
    self.automaton = automaton
  }
}
