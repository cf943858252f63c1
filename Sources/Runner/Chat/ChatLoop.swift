import Foundation
import GPTOSS
import GPTOSSPlatform
import GPTOSSRemote
import GPTOSSTerminal

/// A conversation: reads lines, carries out commands and lets the model answer messages.
struct ChatLoop {
  let model: any TokenModel
  let tools: [any Tool]
  let servers: ChatServers
  let options: ActOptions
  let limits: AnswerLimits
  let isInteractive: Bool
  let turn: ChatTurn
  var session: ChatSession
  var screen: ChatScreen
  private var statistics = ChatStatistics()
  /// The files that hold this conversation: /save replaces them without being told to.
  private var files: Set<String> = []

  init(
    model: any TokenModel, session: ChatSession, tools: [any Tool], servers: ChatServers,
    options: ActOptions, limits: AnswerLimits, turn: ChatTurn,
    screen: ChatScreen, isInteractive: Bool
  ) {
    (self.model, self.session, self.tools, self.servers) = (model, session, tools, servers)
    (self.options, self.limits) = (options, limits)
    (self.turn, self.screen, self.isInteractive) = (turn, screen, isInteractive)
  }

  /// Tells that the session comes from a file, and shows what was said to whoever sits there.
  ///
  /// - Throws: `TerminalError` if it cannot be shown.
  mutating func goOn(from path: String) throws(TerminalError) {
    files = [path.absolutePath]
    statistics = ChatStatistics()
    if isInteractive, StandardOutput.isTerminal { try screen.show(session.transcript) }
    screen.note("Loaded \(path).")
  }

  /// Goes on until the input or the person ends it.
  ///
  /// - Throws: what ends the chat early: closed output, cancellation, and any failure where nobody sits.
  mutating func run() async throws {
    while true {
      switch try await turn.lines.line() {
      case .end, .interrupted: return
      case .text(let line):
        do {
          guard try await handle(line) else { return }
        } catch let error where mayGoOn(after: error) {
          StandardError.report(error)
        }
      }
    }
  }

  /// Whether the chat goes on: after a mistyped command always, after other failures if somebody sits there.
  private func mayGoOn(after error: any Error) -> Bool {
    switch error {
    case is CancellationError, TerminalError.closedOutput, TerminalError.unwritableOutput: false
    case RunnerError.unknownCommand, RunnerError.malformedCommand: true
    default: isInteractive
    }
  }

  /// Does what a line asks for; false to end the chat.
  private mutating func handle(_ line: String) async throws -> Bool {
    switch try ChatInput(line) {
    case .message(let text): try await answer(text)
    case .command(.exit): return false
    case .command(let command): try await carryOut(command)
    }
    return true
  }

  private mutating func answer(_ text: String) async throws {
    try await updateTools()
    let (session, options) = (session, options)
    let outcome: ChatTurn.Outcome
    do {
      outcome = try await turn.run(on: &screen) { session.streamResponse(to: text, options: options) }
    } catch GPTOSSError.engine(let failure as RemoteError) {
      throw RunnerError.brokenAnswer(failure.descriptionInConversation)
    }
    switch outcome {
    case .answered(let response):
      statistics.add(response.statistics)
      screen.note(response.statistics.chatLine)
      if let cut = response.statistics.stopReason.cut(limits) { StandardError.report(cut) }
    case .stopped:
      statistics.addStopped()
      screen.note("stopped")
    }
    if isInteractive { StandardError.write("\n") }
  }

  /// Takes up what servers have and no longer have, and says what happened to them. Ctrl-C ends the waiting.
  private func updateTools() async throws {
    guard !servers.isEmpty else { return }
    session.tools = tools + (try await turn.attend { [servers, model] in await servers.tools(of: model) })
    servers.news().forEach { StandardError.report($0) }
  }

  /// Calls a tool of a server for the person who asked for it. Ctrl-C stops it.
  private func carryOut(_ call: ToolCommand) async throws {
    switch try await turn.attend({ [servers] in await servers.result(of: call) }) {
    case .success(let text):
      try StandardOutput.writeLine(StandardOutput.isTerminal ? text.inertLines : text)
    case .failure(let failure): StandardError.report("\(call.name.foreignLine): \(failure.text.foreignLine)")
    }
    servers.news().forEach { StandardError.report($0) }
  }

  private mutating func carryOut(_ command: SlashCommand) async throws {
    switch command {
    case .exit: break
    case .help: try StandardOutput.writeLine(SlashCommand.overview)
    case .reset:
      session.reset()
      statistics = ChatStatistics()
      files = []
      screen.note("The conversation is forgotten.")
    case .save(let path, let force):
      let isOwn = files.contains(path.absolutePath)
      let destination = Destination(path: path.expandingTilde, isOverwriting: force || isOwn)
      try destination.check()
      try session.save(to: destination.path, isOverwriting: destination.isOverwriting)
      files.insert(path.absolutePath)
      screen.note("Saved to \(path).")
    case .load(let path):
      session = try ChatSession.load(from: path.expandingTilde, model: model, tools: tools)
      try goOn(from: path)
    case .effort(let effort?): session.reasoningEffort = effort
    case .effort(nil): try StandardOutput.writeLine(session.reasoningEffort.rawValue)
    case .tools:
      try await updateTools()
      let lines = session.tools.map { "\($0.name)  \($0.description)".foreignLine }
      try StandardOutput.writeLine(
        lines.isEmpty ? "no tools; --tools and --mcp add some" : lines.joined(separator: "\n"))
    case .mcp(let call?): try await carryOut(call)
    case .mcp(nil):
      try await updateTools()
      try StandardOutput.writeLine(try await servers.overview(for: model))
    case .stats: try StandardOutput.writeLine(statistics.description)
    }
  }
}

extension String {
  /// The path from the root, a leading `~` replaced.
  fileprivate var absolutePath: String { URL(filePath: expandingTilde).standardizedFileURL.path }
}
