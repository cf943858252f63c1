package import GPTOSS
package import GPTOSSJSON
package import GPTOSSTokenizer

/// The body of `POST /v1/completions`: text or tokens that the model continues.
package struct CompletionRequest {
  /// A text or token ids. Text that looks like a special token stays text.
  package enum Input: Equatable {
    case text(String)
    case tokens([TokenID])
  }

  var generation: GenerationParameters
  /// Prompts, each with `choiceCount` answers.
  package var inputs: [Input]
  var choiceCount: Int
  /// Whether an answer begins with its prompt.
  var echoes: Bool
  var includesUsage: Bool
  /// Tokens that end an answer, besides those that end a turn or a document.
  var stopTokens: Set<TokenID>
  /// Whether the latter do not end it.
  var ignoresEnd: Bool
  var report: TokenReport
  /// What an answer in the Harmony format is held to, whose opening the prompt ends with; nil for any text.
  package var rules: ModelRequest?

  /// - Throws: `ServerError` or `JSONError` with the path of the parameter at fault.
  package init(_ request: JSONField) throws {
    generation = try GenerationParameters(parameters: request)
    generation.options.maximumTokens = try request.tokenLimit("max_tokens", atLeast: 0, otherwise: 16)
    generation.options.logProbabilities = try request.integer("logprobs", in: 0...20)
    inputs = try Self.inputs(request.required("prompt"))
    choiceCount = try request.integer("n", in: 1...128) ?? 1
    echoes = try request.flag("echo") ?? false
    includesUsage = try request.optional("stream_options")?.flag("include_usage") ?? false
    stopTokens = try Self.tokens(request.optional("stop_token_ids"))
    ignoresEnd = try request.flag("ignore_eos") ?? false
    report = TokenReport(
      showsIDs: try request.flag("return_token_ids") ?? false,
      spellsIDs: try request.flag("return_tokens_as_token_ids") ?? false)
    rules = try Self.rules(request, generation.options)
    if echoes, generation.options.logProbabilities != nil {
      throw ServerError.unsupported(
        parameter: "echo", what: "log-probabilities of the prompt; leave out one of the two")
    }
    if let suffix = try request.text("suffix"), !suffix.isEmpty {
      throw ServerError.unsupported(
        parameter: "suffix", what: "the model can continue a text at its end only")
    }
    if let best = try request.integer("best_of", in: 1...128), best != choiceCount {
      throw ServerError.unsupported(parameter: "best_of", what: "it has to equal 'n'")
    }
  }

  /// What an answer is held to: our own form of vLLM's `structured_outputs`, which has a conversation's tools
  /// and format.
  ///
  /// - Throws: `ServerError` for any other form, `JSONError`.
  private static func rules(
    _ request: JSONField, _ generation: GenerationOptions
  ) throws -> ModelRequest? {
    guard let field = try request.optional("structured_outputs") else { return nil }
    for (key, value) in try field.entries() where value.value != .null && key != "harmony" {
      throw ServerError.unsupported(
        parameter: value.path,
        what: "only 'harmony' is enforced here; /v1/chat/completions takes JSON schemas")
    }
    return try field.optional("harmony").map { try ModelRequest(rules: $0, generation) }
  }

  /// Token ids; nil for none.
  private static func tokens(_ field: JSONField?) throws -> Set<TokenID> {
    Set(try field?.elements().map { try $0.integer(in: 0...Int.max) } ?? [])
  }

  /// A text, token ids, or a list of either.
  private static func inputs(_ field: JSONField) throws -> [Input] {
    if let text = field.value.stringValue { return [.text(text)] }
    guard let values = field.value.arrayValue else { throw field.wrongType("string or array") }
    guard let first = values.first else {
      throw ServerError.outOfRange(parameter: field.path, expected: "at least one prompt", actual: "none")
    }
    let elements = try field.elements()
    switch first {
    case .number: return [.tokens(try elements.map { try $0.integer(in: 0...Int.max) })]
    case .array:
      return try elements.map { .tokens(try $0.elements().map { try $0.integer(in: 0...Int.max) }) }
    default: return try elements.map { .text(try $0.string()) }
    }
  }
}

extension CompletionRequest: AnswerableRequest {
  func plan(
    _ model: any TokenModel, _ service: APIService
  ) throws -> AnswerPlan<ChoicesAnswer<CompletionChoice>> {
    let limit = service.admission.largestRequest
    guard inputs.count <= limit / choiceCount else {
      throw ServerError.outOfRange(
        parameter: "prompt", expected: "at most \(limit) answers (prompts times 'n')",
        actual: "\(inputs.count) times \(choiceCount)")
    }
    let tokenizer = model.tokenizer
    let prompts = inputs.map { $0.tokens(tokenizer) }
    let count = prompts.count * choiceCount
    var generation = self.generation
    if ignoresEnd || !stopTokens.isEmpty {
      let ends = ignoresEnd ? [] : tokenizer.vocabulary.endTokens
      // In the Harmony format its own tokens end an answer, and what they do is a part of the format.
      if rules == nil || !stopTokens.isSubset(of: ends) {
        generation.options.stopTokens = stopTokens.union(ends)
      }
    }
    let generate = { @Sendable [generation, choiceCount, rules] index in
      let (prompt, options) = (
        prompts[index / choiceCount], generation.options(choice: index % choiceCount)
      )
      guard var rules else { return model.generate(from: prompt, options: options) }
      rules.options.generation = options
      return model.generate(from: prompt, answering: rules)
    }
    let prepare = { @Sendable [rules] () async throws(GPTOSSError) -> [ConstraintNotice] in
      guard let rules else { return [] }
      return try await model.notices(of: rules)
    }
    return AnswerPlan(
      count: count, schemaPath: "structured_outputs.harmony", prepare: prepare, generate: generate
    ) {
      let head: JSONValue = [
        "id": .string(service.identifiers.make("cmpl-")), "object": "text_completion", "created": .now,
        "model": .string(generation.model), "system_fingerprint": nil,
      ]
      let spelling = TokenSpelling(generation.options, tokenizer)
      let choices = try (0..<count).map { index in
        let echo = echoes ? try inputs[index / choiceCount].text(tokenizer) : ""
        return CompletionChoice(
          index: index, echo: echo, spelling: spelling, report: report, prompt: prompts[index / choiceCount])
      }
      return ChoicesAnswer(
        head: head, chunkHead: head, includesUsage: includesUsage, choices: choices,
        choicesPerPrompt: choiceCount)
    }
  }
}

extension CompletionRequest.Input {
  fileprivate func tokens(_ tokenizer: Tokenizer) -> [TokenID] {
    switch self {
    case .text(let text): tokenizer.encode(text)
    case .tokens(let tokens): tokens
    }
  }

  fileprivate func text(_ tokenizer: Tokenizer) throws -> String {
    switch self {
    case .text(let text): text
    case .tokens(let tokens): try tokenizer.decodeReplacingInvalid(tokens)
    }
  }
}
