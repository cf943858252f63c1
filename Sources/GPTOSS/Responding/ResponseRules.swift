import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSSampling
import GPTOSSStructuredOutput

/// What an answer may consist of: what ``ResponseConstraint`` knows before the first token.
struct ResponseRules: Sendable {
  /// What stands before a recipient in a header.
  static let to = " to="

  /// What the answer is held to before its first token; nil for nothing.
  let answer: TokenConstraint?
  /// The fewest tokens of an answer with its header; nil if it is free.
  let smallestAnswer: Int?
  let allowsParallelToolCalls: Bool
  /// What of the tools' schemas is not held.
  private(set) var notices: [ConstraintNotice] = []

  /// What the arguments of each tool are held to.
  private var argumentsOfTool: [String: TokenConstraint] = [:]
  /// The tools that may be called.
  let tools: [DeclaredTool]
  /// Whether the model may speak to the user, or has to call a tool.
  let mayAnswer: Bool

  /// - Parameter budget: what all schemas may cost together.
  init(
    _ trie: TokenTrie, tools: [DeclaredTool], options: ResponseOptions, budget: CompilationBudget
  ) throws(GPTOSSError) {
    let callable = tools.filter { options.callableTools?.contains($0.recipient) ?? true }
    self.tools = try options.toolChoice.choose(from: callable)
    mayAnswer = options.toolChoice == .auto || options.toolChoice == .none
    allowsParallelToolCalls = options.allowsParallelToolCalls
    // The format leaves half of the budget to the tools.
    let share = budget.share(of: self.tools.isEmpty ? 1 : 2)
    do throws(StructuredOutputError) {
      switch options.format {
      case .text: answer = nil
      case .jsonObject: answer = try .anyObject(tokens: trie)
      case .schema(let schema): answer = try TokenConstraint(schema: schema, tokens: trie, budget: share)
      }
    } catch { throw .structuredOutput(error) }
    budget.take(share)
    smallestAnswer =
      mayAnswer ? answer.map { $0.completion().count + Self.longest(Channel.final.rawValue) + 3 } : nil
    try compileTools(trie, strict: options.strictTools, budget)
  }

  /// Compiles what the tools are called with, the small schemas first: what they leave of their shares is for
  /// the large ones.
  private mutating func compileTools(
    _ trie: TokenTrie, strict: Set<String>, _ budget: CompilationBudget
  ) throws(GPTOSSError) {
    let own = tools.filter(\.isOwn)
    let sized = own.map { (tool: $0, size: $0.parameters?.text.utf8.count ?? 0) }
    for (index, (tool, _)) in sized.sorted(by: { $0.size < $1.size }).enumerated() {
      let share = budget.share(of: own.count - index)
      do throws(StructuredOutputError) {
        let constraint = try Self.constraint(tool, trie, isStrict: strict.contains(tool.recipient), share)
        argumentsOfTool[tool.recipient] = constraint
        notices += (constraint?.notices ?? []).map { ConstraintNotice(tool: tool.recipient, problem: $0) }
      } catch {
        if error == .cancelled { throw .structuredOutput(error) }
        guard tool.text != nil, !strict.contains(tool.recipient), !error.isMalformedGrammar else {
          throw .toolSchema(tool: tool.recipient, error)
        }
        // What the text has to be stands in the prompt; the tool itself has to check it.
        notices.append(ConstraintNotice(tool: tool.recipient, problem: error))
      }
      budget.take(share)
    }
  }

  /// What a tool is called with; nil for any text.
  private static func constraint(
    _ tool: DeclaredTool, _ trie: TokenTrie, isStrict: Bool, _ budget: CompilationBudget
  ) throws(StructuredOutputError) -> TokenConstraint? {
    if let text = tool.text {
      return try text.makeRule(budget).map { rule throws(StructuredOutputError) in
        try TokenConstraint(text: rule, tokens: trie)
      }
    }
    guard let parameters = tool.parameters else {
      return try TokenConstraint(schema: noArguments, tokens: trie, budget: budget)
    }
    return isStrict
      ? try TokenConstraint(schema: parameters, tokens: trie, budget: budget)
      : try TokenConstraint(holding: parameters, tokens: trie, budget: budget)
  }

  /// Whether there is hardly room for more than to end what is being written and to give the shortest answer.
  func isShort(_ remaining: Int) -> Bool {
    guard let smallestAnswer else { return false }
    // A message that begins now has a header, an end, and the opening of the answer behind it.
    let header = Self.longest(Channel.commentary.rawValue) + 2
    return remaining <= smallestAnswer + header + Self.longest(Role.assistant.rawValue) + 2
  }

  /// The most tokens that spell a word: a token has a byte at least.
  private static func longest(_ word: String) -> Int { word.utf8.count }

  /// What may stand between the role and the channel.
  var recipientTexts: [String] { [""] + tools.map { Self.to + $0.recipient } }

  /// What may stand behind `<|channel|>`, up to `<|constrain|>` or `<|message|>`.
  ///
  /// A model that has to call a tool but sees no use in it would go on thinking, so it may think only once.
  /// One whose words repeated themselves has to conclude.
  ///
  /// - Parameter mayReason: whether the budget of reasoning is not spent.
  func channelTexts(
    after recipient: String?, hasSpoken: Bool, hasToConclude: Bool, mayReason: Bool
  ) -> [String] {
    if let recipient {
      let tool = tools.first { $0.recipient == recipient }
      let channel = Self.channel(of: tool)
      return [channel, channel + Self.contentType(of: tool)]
    }
    let calls = tools.flatMap { tool -> [String] in
      let text = Self.channel(of: tool) + Self.to + tool.recipient
      return [text, text + Self.contentType(of: tool)]
    }
    let reasons = mayReason && !hasToConclude && (mayAnswer || !hasSpoken)
    let reasoning = reasons ? [Channel.analysis.rawValue] : []
    guard mayAnswer else { return reasoning + calls }
    let preamble = tools.isEmpty || hasToConclude ? [] : [Channel.commentary.rawValue]
    return reasoning + [Channel.final.rawValue] + preamble + calls
  }

  static func channel(of tool: DeclaredTool?) -> String {
    (tool?.isOwn ?? true ? Channel.commentary : .analysis).rawValue
  }

  /// What may end the header of a call: the space before `<|constrain|>json`, or the type of text.
  private static func contentType(of tool: DeclaredTool?) -> String {
    tool.map { $0.isOwn && $0.text == nil } ?? true ? " " : " code"
  }

  /// The recipient in what stands behind `<|channel|>`.
  static func recipient(in text: String) -> String? {
    let words = text.split(separator: " ")
    return words.first { $0.hasPrefix("to=") }.map { String($0.dropFirst("to=".count)) }
  }

  /// What the arguments of a call are held to; nil for nothing.
  func arguments(of recipient: String) -> TokenConstraint? { argumentsOfTool[recipient] }

  static let noArguments: JSONValue = [
    "type": "object", "properties": [:], "additionalProperties": false,
  ]
}

extension TextInput {
  /// What the text is held to; nil for any text.
  ///
  /// - Throws: `StructuredOutputError` for what is malformed, or cannot be enforced.
  fileprivate func makeRule(_ budget: CompilationBudget) throws(StructuredOutputError) -> TextRule? {
    switch self {
    case .any: return nil
    case .pattern(let pattern): return try TextRule(pattern: pattern, budget: budget)
    case .grammar(let grammar): return try TextRule(lark: grammar, budget: budget)
    }
  }
}

extension StructuredOutputError {
  /// Whether nobody could follow it.
  fileprivate var isMalformedGrammar: Bool {
    if case .malformedGrammar = self { true } else { false }
  }
}

extension ToolChoice {
  /// The tools that may be called.
  ///
  /// - Throws: `GPTOSSError.undeclaredTool`.
  fileprivate func choose(from tools: [DeclaredTool]) throws(GPTOSSError) -> [DeclaredTool] {
    switch self {
    case .auto: return tools
    case .none: return []
    case .required:
      guard !tools.isEmpty else { throw .undeclaredTool(nil, declared: []) }
      return tools
    case .tool(let name):
      let chosen = tools.filter { $0.name == name }
      guard !chosen.isEmpty else { throw .undeclaredTool(name, declared: tools.map(\.name)) }
      return chosen
    }
  }
}
