public import GPTOSSJSON
public import GPTOSSSampling
public import GPTOSSTokenizer

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
  private let machine: Machine
  private var parses: [Parse]

  init(_ grammar: Grammar, _ tokens: TokenTrie) {
    machine = Machine(grammar, tokens)
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
  /// - Throws: ``StructuredOutputError`` if the schema is malformed, has a keyword that cannot be enforced,
  ///   allows nothing or is too large.
  public init(
    schema: JSONValue, whitespace: JSONWhitespace = .flexible, tokens: TokenTrie
  ) throws(StructuredOutputError) {
    self.init(try SchemaCompiler.compile(schema, whitespace), tokens)
  }

  /// Any JSON object.
  ///
  /// - Parameters:
  ///   - whitespace: what may stand between the parts.
  ///   - tokens: the vocabulary.
  /// - Throws: ``StructuredOutputError``, as ``init(schema:whitespace:tokens:)``.
  public static func anyObject(
    whitespace: JSONWhitespace = .flexible, tokens: TokenTrie
  ) throws(StructuredOutputError) -> TokenConstraint {
    try TokenConstraint(schema: ["type": "object"], whitespace: whitespace, tokens: tokens)
  }

  /// One of several texts, such as the recipients of tool calls.
  ///
  /// - Parameters:
  ///   - texts: at least one, each of 1 to 29,999 bytes.
  ///   - tokens: the vocabulary.
  /// - Throws: ``StructuredOutputError/emptyChoice`` if there is no text or an empty one, `tooComplex` for a
  ///   longer one.
  public init(oneOf texts: [String], tokens: TokenTrie) throws(StructuredOutputError) {
    guard !texts.isEmpty, !texts.contains("") else { throw .emptyChoice }
    var builder = GrammarBuilder()
    guard let start = builder.literals(texts) else { throw .tooComplex(path: "", .automatonStates) }
    guard let grammar = Grammar(rules: builder.rules, start: start) else { throw .emptyChoice }
    self.init(grammar, tokens)
  }

  /// Text that is no JSON, such as what a tool is called with that takes text.
  public init(text: TextRule, tokens: TokenTrie) {
    var builder = GrammarBuilder()
    let start = builder.terminal(text.automaton)
    guard let grammar = Grammar(rules: builder.rules, start: start) else {
      preconditionFailure("a rule for text allows at least one text")
    }
    self.init(grammar, tokens)
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
