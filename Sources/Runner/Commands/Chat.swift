public import ArgumentParser
import Foundation
public import GPTOSS
import GPTOSSExampleTools
import GPTOSSHarmony

/// `gptoss chat`: a conversation in the terminal.
struct Chat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Converse with a model.",
    discussion: """
      On a terminal, lines are edited, Ctrl-C stops an answer and /help lists the commands. In a pipe each line is a \
      message, or the answer to a question just asked; answers go to standard output, tool calls to standard error.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    help: "Tools that the model may call, divided by commas: \(StandardTool.list).",
    transform: StandardTools.init(argument:))
  var tools = StandardTools()

  @Flag(help: "Let tools write without asking.")
  var yes = false

  @Option(help: "What the model is told before the conversation.")
  var instructions: String?

  @Option(help: "Go on with a conversation that /save kept.")
  var load: String?

  @Option(help: "How much to reason: low, medium or high; of a loaded conversation its own if left out.")
  var reasoning: ReasoningEffort?

  @Option(
    help:
      "What happens when the context is full: stop, drop-oldest (turns) or drop-middle (all but the first).")
  var overflow: ContextOverflow?

  @Flag(help: "Do not show the reasoning.")
  var hideReasoning = false

  @Option(
    name: [.customShort("n"), .long], help: "The most tokens of an answer; as many as fit if left out.")
  var maxTokens: Int?

  @OptionGroup var sampling: SamplingArguments
  @OptionGroup var options: RunOptions

  func validate() throws {
    if let maxTokens, maxTokens < 1 {
      throw ValidationError("--max-tokens is \(maxTokens); it must be 1 or more.")
    }
    if load != nil, instructions != nil {
      throw ValidationError("Give either --load or --instructions: a loaded conversation has its own.")
    }
  }

  func run() async throws {
    let questions = Questions()
    let confirm: CreateFile.Confirmation =
      yes ? { @Sendable _ in true } : { @Sendable in try await questions.ask($0) }
    let tools = tools.names.map { $0.tool(confirm: confirm) }
    let model = try await options.load(model.path())
    let session =
      try load.map { try ChatSession.load(from: $0, model: model, tools: tools) }
      ?? ChatSession(model: model, instructions: instructions, tools: tools)
    if let reasoning { session.reasoningEffort = reasoning }
    if let overflow { session.overflow = overflow }
    let stopSwitch = StopSwitch()
    let isInteractive = StandardInput.isTerminal
    if isInteractive {
      Interruption.redirect {
        // Where lines are edited, Ctrl-C at the prompt is a key.
        if !stopSwitch.press(), !Terminal.isUsable {
          Console.write("\n\(EditedLines.hint)\n\(EditedLines.prompt)")
        }
      }
    }
    let generation = GenerationOptions(sampling: sampling.options, maximumTokens: maxTokens)
    var loop = ChatLoop(
      model: model, session: session, tools: tools, options: ActOptions(generation),
      turn: Turn(lines: try lines(), questions: questions, stopSwitch: stopSwitch),
      screen: ChatScreen(hidesReasoning: hideReasoning), isInteractive: isInteractive)
    if isInteractive { loop.screen.note("\(model.information.name); /help lists the commands") }
    try await loop.run()
  }

  /// Where lines come from.
  private func lines() throws -> any LineSource {
    guard Terminal.isUsable else {
      return try PlainLines(prompt: StandardInput.isTerminal ? EditedLines.prompt : nil)
    }
    var history = LineHistory()
    if let path = LineHistory.defaultPath(environment: ProcessInfo.processInfo.environment) {
      do { history = try LineHistory(path: path) } catch { Console.write("gptoss: \(error)\n") }
    }
    return try EditedLines(history: history, completions: ChatCommand.completions)
  }
}

extension ContextOverflow: ExpressibleByArgument {
  /// Reads a policy as the command line spells it.
  public init?(argument: String) {
    switch argument {
    case "stop": self = .stop
    case "drop-oldest": self = .dropOldestTurns
    case "drop-middle": self = .truncateMiddle
    default: return nil
    }
  }
}
