import ArgumentParser
import GPTOSS
import GPTOSSTerminal
import GPTOSSTracing

/// `gptoss explain`: one logit taken apart.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Take a token apart: from its logit to an expert, a row and a block of 32 weights.",
    discussion: """
      Each step is a sum with its numbers written out, so that it can be done again by hand. The first one also \
      tells why it was this token and not the likeliest other. Without --position it is the first token of the \
      answer's text; without --layer, --expert, --row and --block it goes on with what has the largest share. \
      Positions and experts are those of gptoss trace with the same options.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    name: [.short, .long], parsing: .unconditional, help: "The prompt, or - to read it from standard input.")
  var prompt: String

  @Option(number: "The token whose logit is taken apart, by its position in the trace, from 1 on.")
  var position: Int?

  @Option(number: "The layer to go into.")
  var layer: Int?

  @Option(number: "The expert to go into, one of those that worked on the token before the position.")
  var expert: Int?

  @Option(number: "The row of the expert's down projection to go into.")
  var row: Int?

  @Option(number: "The block of the row to go into.")
  var block: Int?

  @Option(
    name: [.customShort("n"), .long], number: "The most tokens to generate.")
  var maxTokens = TracedAnswer.defaultMaximumTokens

  @Option(help: "How much to reason: low, medium or high; medium if left out.")
  var reasoning: ReasoningEffort?

  @OptionGroup var sampling: SamplingArguments
  @OptionGroup var options: RunOptions

  func validate() throws {
    if prompt.allSatisfy(\.isWhitespace) {
      throw ValidationError("--prompt is empty; give a text, or - to read it from standard input.")
    }
    try checkOption("position", position, in: 1...)
    for (name, value) in [("layer", layer), ("expert", expert), ("row", row), ("block", block)] {
      try checkOption(name, value, in: 0...)
    }
    if expert != nil, layer == nil {
      throw ValidationError("--expert goes with --layer: experts are numbered anew in each layer.")
    }
    try checkOption("max-tokens", maxTokens, in: 1...)
  }

  func run() async throws {
    let text = prompt == "-" ? try Input(path: "-").readText() : prompt
    if text.allSatisfy(\.isWhitespace) { throw RunnerError.emptyPrompt }
    let file = try model.file()
    let model = try await options.load(model)
    let answer = TracedAnswer(
      prompt: text, reasoning: reasoning, maximumTokens: maxTokens, sampling: sampling.options)
    let trace = try await answer.trace(model, options: TraceOptions(lens: .none, alternativeCount: 1))
    let position = try position(in: trace)
    let read = trace.tokens[position - 1]
    let vectors = try await model.vectors(of: trace, at: position - 1)
    let logit = try LogitExplanation(
      of: trace.tokens[position].id, after: read.id, vectors, model.configuration, file: file)
    let other = try vectors.likeliest(besides: logit.token).map { token in
      (
        explanation: try LogitExplanation(
          of: token, after: read.id, vectors, model.configuration, file: file),
        // A row of the output matrix may have no token.
        token: String(decoding: model.tokenizer.vocabulary.bytes(of: token) ?? [], as: UTF8.self)
      )
    }
    var words = ExplanationText()
    words.add(
      logit, token: trace.tokens[position].text, read: read.text, position: position - 1, over: other)
    let expert = try expert(of: logit)
    words.add(expert)
    let row = try checked(
      row ?? expert.rows.max { abs($0.share) < abs($1.share) }?.index ?? 0, "row", count: expert.rows.count)
    let sum = try expert.sum(ofRow: row)
    words.add(sum, row: row, of: expert)
    let block = try checked(
      block ?? sum.blocks.max { abs($0.sum) < abs($1.sum) }?.index ?? 0, "block", count: sum.blocks.count)
    let place = ["--expert", "\(expert.expert)", "--row", "\(row)", "--block", "\(block)"]
    let drawing =
      ["gptoss", "inspect"] + self.model.arguments + ["--tensor", expert.tensorName] + place
    words.add(sum.blocks[block], row: row, drawnBy: drawing.shellCommand)
    try StandardOutput.write(words.lines.joined(separator: "\n") + "\n")
  }

  private func position(in trace: Trace) throws -> Int {
    if let position { return try checked(position, "position", count: trace.tokens.count) }
    let isWritten = { (token: Trace.Token) in token.isGenerated && token.channel != .format }
    return trace.tokens.firstIndex { isWritten($0) && $0.channel == .final }
      ?? trace.tokens.firstIndex(where: isWritten) ?? trace.tokens.count - 1
  }

  /// The expert that is asked for; of a layer, or of all, the one with the largest share.
  private func expert(of logit: LogitExplanation) throws -> ExpertExplanation {
    let experts = logit.shares.compactMap { share -> (layer: Int, expert: Int, size: Double)? in
      guard case .expert(let layer, let expert) = share.writer else { return nil }
      return (layer, expert, abs(share.share))
    }
    let chosen = experts.filter { ($0.layer == layer ?? $0.layer) && ($0.expert == expert ?? $0.expert) }
    if let one = chosen.max(by: { $0.size < $1.size }),
      let explanation = ExpertExplanation(logit, layer: one.layer, expert: one.expert)
    {
      return explanation
    }
    let wanted = try checked(layer ?? 0, "layer", count: (experts.last?.layer ?? 0) + 1)
    throw RunnerError.expertDidNotWork(
      expert ?? 0, layer: wanted, chosen: experts.filter { $0.layer == wanted }.map(\.expert))
  }

  private func checked(_ index: Int, _ name: String, count: Int) throws -> Int {
    guard index < count else { throw RunnerError.noSuchIndex(index, name: name, count: count) }
    return index
  }
}
