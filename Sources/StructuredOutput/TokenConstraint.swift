public import GPTOSSJSON
public import GPTOSSSampling
public import GPTOSSTokenizer
import Synchronization

/// What generated text has to look like, as the set of tokens that may come next.
///
/// It begins before the first byte of the text and is told every token with ``advance(_:)``. Every text that
/// it allows so far can be completed. A constraint is a value: a copy is a fork, and an earlier copy is a way
/// back.
///
/// ```swift
/// var constraint = try TokenConstraint(schema: schema, tokens: trie)
/// while !constraint.isComplete {
///   let mask = constraint.allowedTokens()   // and the stop tokens, if constraint.canEnd
///   try constraint.advance(sampler.sample(logits, allowed: mask))
/// }
/// ```
///
/// Near a token limit, ``completion()`` has the tokens that complete the text in the shortest way.
public struct TokenConstraint: Sendable {
  let machine: Machine
  private(set) var parses: [Parse]
  /// The end of the text so far, from where a piece of the tokenizer's begins.
  private(set) var tail: [UInt8] = []

  /// What of the schema the constraint does not hold: nothing, unless it was made with
  /// ``init(holding:whitespace:tokens:budget:)``.
  public var notices: [StructuredOutputError] { machine.schema.notices }

  init(_ schema: CompiledSchema) {
    machine = Machine(schema)
    parses = machine.start()
  }

  /// JSON that fits a schema.
  ///
  /// What every keyword does is listed in Docs/StructuredOutput.md. Properties come in the schema's order.
  ///
  /// - Parameters:
  ///   - schema: a JSON schema (draft 2020-12; `definitions` and lists under `items` as in draft 7).
  ///   - whitespace: what may stand between the parts.
  ///   - tokens: the vocabulary.
  ///   - budget: what compiling it may cost.
  /// - Throws: ``StructuredOutputError`` if the schema is malformed, has a keyword that cannot be enforced,
  ///   allows nothing or is too large, or the task is cancelled.
  public init(
    schema: JSONValue, whitespace: JSONWhitespace = .flexible, tokens: TokenTrie,
    budget: CompilationBudget = CompilationBudget()
  ) throws(StructuredOutputError) {
    self.init(try Self.compile(schema, whitespace, tokens, isLenient: false, budget))
  }

  /// A JSON object that fits as much of a schema as can be held; ``notices`` says what is not.
  ///
  /// What cannot be enforced, and what is malformed, restricts nothing. If nothing at all can be held, it is
  /// any object.
  ///
  /// - Parameters:
  ///   - schema: a JSON schema.
  ///   - whitespace: what may stand between the parts.
  ///   - tokens: the vocabulary.
  ///   - budget: what compiling it may cost.
  /// - Throws: ``StructuredOutputError/cancelled``.
  public init(
    holding schema: JSONValue, whitespace: JSONWhitespace = .flexible, tokens: TokenTrie,
    budget: CompilationBudget = CompilationBudget()
  ) throws(StructuredOutputError) {
    do throws(StructuredOutputError) {
      self.init(try Self.compile(schema, whitespace, tokens, isLenient: true, budget))
    } catch {
      if case .cancelled = error { throw error }
      let grammar = try SchemaCompiler.compile(["type": "object"], whitespace, .unlimited()).grammar
      self.init(CompiledSchema(grammar, tokens, notices: [error]))
    }
  }

  private static func compile(
    _ schema: JSONValue, _ whitespace: JSONWhitespace, _ tokens: TokenTrie, isLenient: Bool,
    _ budget: CompilationBudget
  ) throws(StructuredOutputError) -> CompiledSchema {
    let text = Array(schema.text.utf8)
    budget.spend(steps: text.count / 16, bytes: text.count)
    if let known = tokens.schemas.withLock({ $0.schema(text, whitespace, isLenient: isLenient, budget) }) {
      budget.spend(steps: known.cost.steps, bytes: known.cost.bytes)
      return known
    }
    let before = budget.spent
    let (grammar, notices) = try SchemaCompiler.compile(schema, whitespace, isLenient: isLenient, budget)
    let cost = CompilationBudget.Amount(
      steps: budget.spent.steps - before.steps, bytes: budget.spent.bytes - before.bytes)
    let compiled = CompiledSchema(grammar, tokens, notices: notices, cost: cost)
    compiled.prepare(budget)
    tokens.schemas.withLock { $0.insert(compiled, text, whitespace, isLenient: isLenient) }
    return compiled
  }

  /// Any JSON object.
  ///
  /// - Parameters:
  ///   - whitespace: what may stand between the parts.
  ///   - tokens: the vocabulary.
  /// - Throws: ``StructuredOutputError``, as ``init(schema:whitespace:tokens:budget:)``.
  public static func anyObject(
    whitespace: JSONWhitespace = .flexible, tokens: TokenTrie
  ) throws(StructuredOutputError) -> TokenConstraint {
    try TokenConstraint(schema: ["type": "object"], whitespace: whitespace, tokens: tokens)
  }

  /// One of several texts, such as the recipients of tool calls.
  ///
  /// - Parameters:
  ///   - texts: at least one, each of less than a mebibyte; the caller bounds how many.
  ///   - tokens: the vocabulary.
  /// - Throws: ``StructuredOutputError/emptyChoice`` if there is no text or an empty one, `unsatisfiable` if
  ///   all are longer.
  public init(oneOf texts: [String], tokens: TokenTrie) throws(StructuredOutputError) {
    guard !texts.isEmpty, !texts.contains("") else { throw .emptyChoice }
    let budget = CompilationBudget.unlimited()
    var builder = GrammarBuilder(budget)
    let start = try builder.literals(texts)
    self.init(CompiledSchema(try Grammar(builder, start: start, budget), tokens))
  }

  /// Text that is no JSON, such as what a tool is called with that takes text.
  public init(text: TextRule, tokens: TokenTrie) throws(StructuredOutputError) {
    let budget = CompilationBudget.unlimited()
    var builder = GrammarBuilder(budget)
    let start = builder.terminal(text.automaton)
    self.init(CompiledSchema(try Grammar(builder, start: start, budget), tokens))
  }

  /// The tokens that may come next.
  ///
  /// Special tokens are never among them. When ``canEnd`` is true, the caller adds those that end the text.
  public func allowedTokens() -> TokenMask {
    TokenMask(words: machine.allowedTokens(parses), count: machine.trie.vocabulary.count)
  }

  /// Takes note of a token.
  ///
  /// - Throws: ``StructuredOutputError/tokenNotAllowed(_:)``; the constraint is then as it was.
  public mutating func advance(_ token: TokenID) throws(StructuredOutputError) {
    guard let bytes = machine.trie.bytes(of: token) else { throw .tokenNotAllowed(token) }
    let next = machine.advance(parses, bytes)
    guard !next.isEmpty else { throw .tokenNotAllowed(token) }
    parses = next
    tail += bytes
    Self.dropEndedPieces(of: &tail)
  }

  /// Takes note of a token if the text can then be completed in at most `remaining` more tokens.
  ///
  /// A caller that does this for every token can always end in time: when the answer is no, ``completion()``
  /// takes the token's place.
  ///
  /// - Returns: whether it can; if not, the constraint is as it was.
  /// - Throws: ``StructuredOutputError/tokenNotAllowed(_:)``; the constraint is then as it was.
  public mutating func advance(_ token: TokenID, remaining: Int) throws(StructuredOutputError) -> Bool {
    var next = self
    try next.advance(token)
    // A token has at least one byte, so the count of bytes is enough to know as long as there is room.
    guard machine.shortestLength(next.parses) <= remaining || next.completion().count <= remaining else {
      return false
    }
    self = next
    return true
  }

  /// Whether the text may end here; it may also go on, as a number does.
  public var canEnd: Bool { machine.canEnd(parses) }

  /// Whether the schema's minimum of characters or elements is not reached yet, somewhere on the way to the
  /// text's end: what repeats itself here may have to.
  public var asksForMore: Bool { machine.asksForMore(parses) }

  /// Whether the text has to end here.
  public var isComplete: Bool { machine.mustEnd(parses) }

  /// The fewest bytes that complete the text.
  public var shortestCompletion: [UInt8] { machine.shortestCompletion(parses) }

  /// Tokens for ``shortestCompletion``, none when the text may end here.
  ///
  /// See ``advance(_:remaining:)`` for how to end within a number of tokens.
  public func completion() -> [TokenID] { machine.trie.tokens(of: shortestCompletion) }
}

/// What may stand between the parts of a JSON text.
public enum JSONWhitespace: Sendable {
  /// Nothing.
  case none
  /// A space, or a line end and up to 40 spaces: enough for what models write, and not endless.
  case flexible
}
