public import ArgumentParser
import GGUF
public import GPTOSS
import GPTOSSPlatform
import GPTOSSTerminal
import GPTOSSTracing

/// `gptoss trace`: what happens inside a model, as a page.
struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Show what happens inside a model while it answers.",
    discussion: """
      Writes one HTML file that opens from the disk and loads nothing: the text token by token, what else could \
      have come, the experts of every layer, where the heads looked, and what each layer would have said. With \
      --json or --csv the same as data, on standard output unless --output names a file.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    name: [.short, .long], parsing: .unconditional, help: "The prompt, or - to read it from standard input.")
  var prompt: String?

  @Option(help: "Trace a conversation that /save in the chat wrote.", completion: .file())
  var session: String?

  @Option(help: "Trace a text in UTF-8, or - for standard input; nothing is generated.", completion: .file())
  var file: String?

  @Option(
    name: [.customShort("n"), .long], number: "The most tokens to generate.")
  var maxTokens = TracedAnswer.defaultMaximumTokens

  @Option(help: "How much to reason: low, medium or high; medium if left out.")
  var reasoning: ReasoningEffort?

  @Option(
    help: """
      Where to show what each layer would have said: none, answer or all. Of a large model it takes a tenth of \
      a second per token.
      """)
  var lens: TraceOptions.Lens = .answer

  @Option(name: [.customShort("o"), .long], help: "The file to write.", completion: .file())
  var output: String?

  @Flag(help: "Write one JSON object in place of a page.")
  var json = false

  @Flag(help: "Write a table of comma-separated values in place of a page.")
  var csv = false

  @Flag(help: Destination.forceHelp)
  var force = false

  @OptionGroup var sampling: SamplingArguments
  @OptionGroup var options: RunOptions

  private var destination: Destination? { output.map { Destination(path: $0, isOverwriting: force) } }

  func validate() throws {
    guard [prompt, session, file].compactMap(\.self).count == 1 else {
      throw ValidationError("Give one of --prompt, --session and --file.")
    }
    if let prompt, prompt.allSatisfy(\.isWhitespace) {
      throw ValidationError("--prompt is empty; give a text, or - to read it from standard input.")
    }
    if prompt == nil, reasoning != nil || sampling.options != SamplingOptions() {
      throw ValidationError("Sampling options and --reasoning go with --prompt: nothing else is generated.")
    }
    try checkPath("--session", session)
    try checkPath("--file", file)
    try checkOption("max-tokens", maxTokens, in: 1...)
    if json, csv { throw ValidationError("Give either --json or --csv.") }
    if output == nil, !json, !csv { throw ValidationError("Name the page to write with --output.") }
    if output == nil, force { throw ValidationError("--force goes with --output.") }
    try destination?.validate("--output")
  }

  func run() async throws {
    try destination?.check(reading: model.files() + [session, file].compactMap(\.self))
    let begun = try destination?.begin()
    let text = try await text()
    // An answer is as `generate` gives it; where nothing is generated, numbers are as exact as they can be.
    let precision: Precision = file == nil ? LoadOptions().precision : .precise
    let model = try await options.load(model, precision: precision)
    let trace = try await trace(text, model)
    let explaining =
      prompt == nil
      ? nil
      : answer(to: text).explainCommand(
        seed: trace.sampling?.seed, self.model.arguments + options.deciding)
    guard var page = begun else { return try write(trace, explainedBy: explaining, to: StandardOutput.write) }
    do throws(GGUFError.Reason) {
      try write(trace, explainedBy: explaining, into: &page)
      try page.commit()
    } catch { throw GGUFError(path: output ?? "", reason: error) }
  }
}

extension TraceCommand {
  /// What is traced, as far as it is a text.
  private func text() async throws -> String {
    if let prompt, prompt != "-" { return prompt }
    if session != nil { return "" }
    let text = try Input(path: file ?? "-").readText()
    if prompt != nil, text.allSatisfy(\.isWhitespace) { throw RunnerError.emptyPrompt }
    return text
  }

  private func trace(_ text: String, _ model: LanguageModel) async throws -> Trace {
    let bar = Locked(ProgressBar("tracing"))
    defer { bar.withLock { $0.finish() } }
    let traceOptions = TraceOptions(lens: lens) { read, total in
      bar.withLock { $0.update(Double(read) / Double(total), "\(read) of \(total) tokens") }
    }
    if let session {
      let chat = try ChatSession.load(from: session, model: model)
      guard !chat.transcript.entries.isEmpty else { throw RunnerError.emptySession(path: session) }
      return try await model.trace(of: chat, options: traceOptions)
    }
    if let file {
      let tokens = model.tokenizer.encode(text)
      guard !tokens.isEmpty else { throw RunnerError.emptyText(path: Input(path: file).name) }
      return try await model.trace(of: tokens, options: traceOptions)
    }
    return try await answer(to: text).trace(model, options: traceOptions)
  }

  private func answer(to prompt: String) -> TracedAnswer {
    TracedAnswer(
      prompt: prompt, reasoning: reasoning, maximumTokens: maxTokens, sampling: sampling.options)
  }

  private func write(
    _ trace: Trace, explainedBy command: String?, into file: inout OutputFile
  ) throws(GGUFError.Reason) {
    try write(trace, explainedBy: command) { (piece) throws(GGUFError.Reason) in
      try file.write(Array(piece.utf8).span.bytes)
    }
  }

  private func write<Failure>(
    _ trace: Trace, explainedBy command: String?, to write: (String) throws(Failure) -> Void
  ) throws(Failure) {
    if json {
      try trace.writeJSON(to: write)
      try write("\n")
    } else if csv {
      try trace.writeCSV(to: write)
    } else {
      try trace.writePage(explainedBy: command, to: write)
    }
  }
}

extension TraceOptions.Lens: ExpressibleByArgument {}
