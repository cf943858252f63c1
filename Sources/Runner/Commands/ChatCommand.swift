public import ArgumentParser
public import GPTOSS
import GPTOSSExampleTools
import GPTOSSRemote
import GPTOSSTerminal

/// `gptoss chat`: a conversation in the terminal.
struct ChatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Converse with a model.",
    discussion: """
      On a terminal, lines are edited, Ctrl-C stops an answer and /help lists the commands. In a pipe each \
      line is a message, or the answer to a question just asked; answers go to standard output, tool calls \
      to standard error, with a line that says why an answer stopped, unless the model ended it.
      """)

  @OptionGroup var model: ModelArgument

  @Option(
    help: "Tools that the model may call, separated by commas: \(StandardTool.list).",
    completion: .custom { _, _, beginning in StandardTools.completions(of: beginning) },
    transform: StandardTools.init(argument:))
  var tools = StandardTools()

  @OptionGroup var mcp: MCPArguments
  @OptionGroup var remote: RemoteArguments

  @Flag(help: "Let tools write files, and call tools of MCP servers, without asking.")
  var yes = false

  @Option(parsing: .unconditional, help: "Instructions that the model gets before the conversation.")
  var instructions: String?

  @Option(help: "A file that /save wrote, to go on with its conversation.", completion: .file())
  var load: String?

  @Option(
    help: "How much to reason: low, medium or high. If left out, medium, or as a loaded conversation has it.")
  var reasoning: ReasoningEffort?

  @OptionGroup var budget: ReasoningBudgetOption

  @Option(
    help: """
      What to do when the context is full: stop, drop-oldest (leave out the oldest turns) or drop-middle \
      (keep the first turn, and leave out turns after it). If left out, stop, or as a loaded conversation \
      has it.
      """)
  var overflow: ContextOverflow?

  @Flag(help: "Do not show the reasoning.")
  var hideReasoning = false

  @Option(
    name: [.customShort("n"), .long],
    number: "The most tokens of an answer; as many as the context holds if left out.")
  var maxTokens: Int?

  @OptionGroup var sampling: SamplingArguments
  @OptionGroup var lookahead: LookaheadOption
  @OptionGroup var folder: CacheFolderOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    try checkOption("max-tokens", maxTokens, in: 1...)
    try checkPath("--load", load)
    try remote.check(options, folder, lookahead.lookahead)
    if load != nil, instructions != nil {
      throw ValidationError("Give either --load or --instructions: a loaded conversation has its own.")
    }
  }

  func run() async throws {
    Terminal.hideTyping()
    let questions = Questions()
    let confirm: CreateFile.Confirmation =
      yes ? { @Sendable _ in true } : { @Sendable in try await questions.ask($0) }
    let tools = tools.names.map { $0.tool(confirm: confirm) }
    let isInteractive = StandardInput.isTerminal
    // They start while the model is loaded.
    let servers = try mcp.start(asking: questions, isInteractive: isInteractive, isAsking: !yes)
    do {
      try await converse(questions, tools, servers, isInteractive)
      await servers.stop()
    } catch {
      await servers.stop()
      throw error
    }
  }

  /// Says so if a running server holds the model that is loaded here all the same.
  private func tellOfServer() async throws {
    guard let name = model.given else { return }
    let server: RunningServer
    // Nobody has asked for a server.
    do { server = try ServerOption.server(nil, nil) } catch { return }
    guard try await server.holds(name) else { return }
    StandardError.report(
      "the server at \(server.url) holds \(name) already; --remote \(server.url) would use that one")
  }

  private func converse(
    _ questions: Questions, _ tools: [any Tool], _ servers: ChatServers, _ isInteractive: Bool
  ) async throws {
    let model: any TokenModel
    if let connected = try await remote.connect(self.model.given) {
      model = connected
    } else {
      try await tellOfServer()
      model = try await options.load(self.model, folder: folder)
    }
    let session =
      try load.map { try ChatSession.load(from: $0, model: model, tools: tools) }
      ?? ChatSession(model: model, instructions: instructions, tools: tools)
    if let reasoning { session.reasoningEffort = reasoning }
    if let overflow { session.overflow = overflow }
    var answering = ActOptions(maximumTokens: maxTokens)
    answering.sampling = sampling.options
    answering.reasoningBudget = budget.reasoningBudget
    answering.lookahead = lookahead.lookahead
    let stopSwitch = StopSwitch()
    if isInteractive { stopSwitch.listen() }
    defer { if isInteractive { stopSwitch.stopListening() } }
    var loop = ChatLoop(
      model: model, session: session, tools: tools, servers: servers, options: answering,
      limits: AnswerLimits(tokens: maxTokens, context: model.profile.contextLength),
      turn: ChatTurn(lines: try ChatLines.open(), questions: questions, stopSwitch: stopSwitch),
      screen: ChatScreen(hidesReasoning: hideReasoning), isInteractive: isInteractive)
    if isInteractive { loop.screen.note("\(model.profile.name); /help lists the commands") }
    if let load { try loop.goOn(from: load) }
    try await loop.run()
    if isInteractive { stopSwitch.stopListening() }
    await model.finishKeeping()
  }
}

extension ContextOverflow: ExpressibleByArgument {
  /// Reads a policy as the command line spells it.
  public init?(argument: String) {
    guard let policy = Self.allCases.first(where: { $0.argument == argument }) else { return nil }
    self = policy
  }

  /// All spellings, for help and for messages.
  public static var allValueStrings: [String] { allCases.map(\.argument) }

  /// None: the option's help says what each does.
  public static var allValueDescriptions: [String: String] { [:] }

  /// The policy's spelling.
  public var defaultValueDescription: String { argument }

  private var argument: String {
    switch self {
    case .stop: "stop"
    case .dropOldestTurns: "drop-oldest"
    case .truncateMiddle: "drop-middle"
    }
  }
}
