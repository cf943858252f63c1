public import ArgumentParser
public import GPTOSS
import GPTOSSRemote
import GPTOSSTerminal

/// `gptoss generate`: one answer, streamed.
struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Answer a prompt, or continue a text.",
    discussion: """
      The answer goes to standard output as it is generated, the model's reasoning to standard error. A line \
      on standard error says why the answer stopped, unless the model ended it. With --raw the prompt is \
      continued as plain text, without Harmony's messages.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    name: [.short, .long], parsing: .unconditional, help: "The prompt, or - to read it from standard input.")
  var prompt: String?

  @Option(
    name: [.customShort("n"), .long], number: "The most tokens to generate.")
  var maxTokens = 1024

  @Flag(help: "Continue the prompt as plain text.")
  var raw = false

  @Flag(help: "With --raw, read text that spells a special token as that token.")
  var special = false

  @Option(help: "How much to reason: low, medium or high; medium if left out.")
  var reasoning: ReasoningEffort?

  @OptionGroup var budget: ReasoningBudgetOption

  @Flag(help: "Do not show the reasoning.")
  var hideReasoning = false

  @Flag(help: "Print one JSON object when the answer is complete.")
  var json = false

  @OptionGroup var remote: RemoteArguments
  @OptionGroup var sampling: SamplingArguments
  @OptionGroup var lookahead: LookaheadOption
  @OptionGroup var folder: CacheFolderOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try remote.check(options, folder, lookahead.lookahead)
    if prompt == nil, StandardInput.isTerminal {
      throw ValidationError("There is no prompt; give one with -p, or -p - to read it from standard input.")
    }
    if let prompt, isEmpty(prompt) {
      throw ValidationError("--prompt is empty; give a text, or - to read it from standard input.")
    }
    try checkOption("max-tokens", maxTokens, in: 0...)
    if special, !raw {
      throw ValidationError("--special goes with --raw: in a message special tokens are text.")
    }
    if raw, reasoning != nil { throw ValidationError("Give either --raw or --reasoning: \(Self.plain)") }
    if raw, budget.reasoningBudget != nil {
      throw ValidationError("Give either --raw or --reasoning-budget: \(Self.plain)")
    }
    if raw, hideReasoning { throw ValidationError("Give either --raw or --hide-reasoning: \(Self.plain)") }
  }

  private static let plain = "plain text has no reasoning."

  func run() async throws {
    let text = try promptText()
    let model: any TokenModel
    var information: ModelInformation?
    if let connected = try await remote.connect(self.model.model) {
      model = connected
    } else {
      let loaded = try await options.load(self.model, folder: folder)
      model = loaded
      information = loaded.information
    }
    let report = try await raw ? continueText(text, model) : respond(to: text, model)
    try Task.checkCancellation()
    guard let report else { return }
    if json {
      try StandardOutput.writeJSON(report.json(information).text)
    } else if StandardError.isTerminal {
      StandardError.write(Style.dim("\(report.summary)\n"))
    }
    if folder.cacheDir != nil, let miss = report.statistics.cacheMiss { StandardError.report(miss) }
    await model.finishKeeping()
    let limits = AnswerLimits(tokens: maxTokens, context: model.profile.contextLength)
    if let cut = report.statistics.stopReason.cut(limits) { StandardError.report(cut) }
  }

  private func promptText() throws -> String {
    if let prompt, prompt != "-" { return prompt }
    let text = try Input(path: "-").readText()
    if isEmpty(text) { throw RunnerError.emptyPrompt }
    return text
  }

  /// White space can be continued, but not answered.
  private func isEmpty(_ prompt: String) -> Bool {
    raw ? prompt.isEmpty : prompt.allSatisfy(\.isWhitespace)
  }

  /// Lets the model go on with a text.
  private func continueText(_ text: String, _ model: any TokenModel) async throws -> GenerateReport? {
    let prompt = model.tokenizer.encode(text, specialTokens: special ? .allowAll : .asText)
    var screen = AnswerScreen(isShown: !json, hidesReasoning: hideReasoning)
    var (text, tokens): (String, [TokenID]) = ("", [])
    var options = GenerationOptions(maximumTokens: maxTokens)
    options.sampling = sampling.options
    options.lookahead = lookahead.lookahead
    do {
      for try await event in model.generate(from: prompt, options: options) {
        switch event {
        case .prompt(let read, let total): screen.showProgress(read, of: total)
        case .token(let token):
          tokens.append(token.id)
          text += token.text
          try screen.show(token.text)
        case .finished(let rest, let statistics):
          try screen.show(rest)
          try screen.finish()
          return GenerateReport(text: text + rest, reasoning: "", tokens: tokens, statistics: statistics)
        }
      }
    } catch {
      try screen.breakOff()
      throw error
    }
    return nil
  }

  /// Lets the model answer a message.
  private func respond(to text: String, _ model: any TokenModel) async throws -> GenerateReport? {
    let system = SystemContent(reasoningEffort: reasoning ?? .medium)
    let conversation = Conversation([.system(system), Message(.user, text)])
    var screen = AnswerScreen(isShown: !json, hidesReasoning: hideReasoning)
    var options = ResponseOptions(maximumTokens: maxTokens)
    options.sampling = sampling.options
    options.reasoningBudget = budget.reasoningBudget
    options.lookahead = lookahead.lookahead
    do {
      for try await event in model.respond(to: conversation, options: options) {
        switch event {
        case .prompt(let read, let total): screen.showProgress(read, of: total)
        case .reasoning(let fragment): screen.showReasoning(fragment)
        case .text(let fragment): try screen.show(fragment)
        case .roundStarted, .token, .toolCallStarted, .toolCallArguments, .toolCall, .toolResult,
          .roundFinished:
          break  // No tools were offered.
        case .finished(let response):
          try screen.finish()
          return GenerateReport(
            text: response.text, reasoning: response.reasoning, tokens: response.tokens,
            statistics: response.statistics)
        }
      }
    } catch {
      try screen.breakOff()
      throw error
    }
    return nil
  }
}

extension ReasoningEffort: ExpressibleByArgument {}
