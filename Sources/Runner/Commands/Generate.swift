public import ArgumentParser
import GPTOSS
public import GPTOSSHarmony
import GPTOSSTokenizer

/// `gptoss generate`: one answer, streamed.
struct Generate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer a prompt, or continue a text.",
    discussion: """
      The answer goes to standard output as it is generated, the model's reasoning to standard error. With --raw the \
      prompt is continued as plain text, without Harmony's messages.
      """)

  @OptionGroup var model: ModelOption

  @Option(name: [.short, .long], help: "The prompt, or - to read it from standard input.")
  var prompt: String?

  @Option(name: [.customShort("n"), .long], help: "The most tokens to generate.")
  var maxTokens = 1024

  @Flag(help: "Continue the prompt as plain text.")
  var raw = false

  @Flag(help: "With --raw, read text that spells a special token as that token.")
  var special = false

  @Option(help: "How much to reason: low, medium or high.")
  var reasoning = ReasoningEffort.medium

  @Flag(help: "Do not show the reasoning.")
  var hideReasoning = false

  @Flag(help: "Print one JSON object when the answer is complete.")
  var json = false

  @OptionGroup var sampling: SamplingArguments
  @OptionGroup var options: RunOptions

  func validate() throws {
    if maxTokens < 0 { throw ValidationError("--max-tokens is \(maxTokens); it must be 0 or more.") }
    if special, !raw {
      throw ValidationError("--special goes with --raw: in a message special tokens are text.")
    }
  }

  func run() async throws {
    let text = try promptText()
    let model = try await options.load(model.path())
    var answer = try Answer(
      raw ? .text : .harmony(HarmonyEncoding(tokenizer: model.tokenizer)), isShown: !json,
      hidesReasoning: hideReasoning)
    let generation = GenerationOptions(sampling: sampling.options, maximumTokens: maxTokens)

    var progress = ProgressBar("reading the prompt")
    for try await event in model.generate(from: try tokens(of: text, model.tokenizer), options: generation) {
      switch event {
      case .prompt(let read, let total):
        progress.update(read, of: total) { "\($0) tokens" }
      case .token(let token, let text):
        progress.finish()
        try answer.add(token, text)
      case .finished(let text, let statistics):
        try answer.finish(text)
        try report(answer, statistics, model.information)
      }
    }
    try Task.checkCancellation()
  }

  private func promptText() throws -> String {
    if let prompt, prompt != "-" { return prompt }
    if prompt == nil, StandardInput.isTerminal { throw RunnerError.noPrompt }
    return try Input(path: "-").readText()
  }

  private func tokens(of text: String, _ tokenizer: Tokenizer) throws -> [TokenID] {
    if raw { return tokenizer.encode(text, specialTokens: special ? .allowAll : .asText) }
    let conversation = Conversation([
      .system(SystemContent(reasoningEffort: reasoning)), Message(.user, text),
    ])
    return try HarmonyEncoding(tokenizer: tokenizer).renderForCompletion(conversation)
  }

  private func report(
    _ answer: Answer, _ statistics: GenerationStatistics, _ information: ModelInformation
  ) throws {
    if json {
      let object: JSONValue = [
        "text": .string(answer.text), "reasoning": .string(answer.reasoning),
        "tokens": .array(answer.tokens.map { JSONValue($0) }),
        "prompt_tokens": JSONValue(statistics.promptTokens),
        "stop_reason": .string(statistics.stopReason.rawValue), "statistics": statistics.json(information),
      ]
      try StandardOutput.writeLine(object.text)
    } else if Console.isTerminal {
      Console.write(Style.dim("\(statistics.summary)\n"))
    }
  }
}

extension ReasoningEffort: ExpressibleByArgument {}

extension GenerationStatistics {
  /// One line for people.
  fileprivate var summary: String {
    let rates = [prefillTokensPerSecond, decodeTokensPerSecond].map { String(Int($0.rounded())) }
    return
      "\(promptTokens) tokens read (\(rates[0])/s), \(generatedTokens) generated (\(rates[1])/s), seed \(seed)"
  }

  fileprivate func json(_ information: ModelInformation) -> JSONValue {
    [
      "generated_tokens": JSONValue(generatedTokens),
      "prefill_seconds": JSONValue(decimal: prefillTime.seconds),
      "time_to_first_token_seconds": JSONValue(decimal: timeToFirstToken.seconds),
      "decode_seconds": JSONValue(decimal: decodeTime.seconds),
      "prefill_tokens_per_second": JSONValue(decimal: prefillTokensPerSecond),
      "decode_tokens_per_second": JSONValue(decimal: decodeTokensPerSecond),
      "load_seconds": JSONValue(decimal: information.loadTime.seconds), "seed": JSONValue(seed),
      "kernels": .string(information.kernels), "threads": JSONValue(information.threads),
    ]
  }
}

extension Duration {
  /// The length in seconds.
  var seconds: Double { self / .seconds(1) }
}
