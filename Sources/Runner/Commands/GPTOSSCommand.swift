import ArgumentParser
import GPTOSSTerminal

/// The commands of the runner.
struct GPTOSSCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gptoss",
    abstract: "Run gpt-oss models from GGUF files.",
    discussion: "Without a model, commands use the small one that comes with the package.",
    subcommands: [
      GenerateCommand.self, ChatCommand.self, InspectCommand.self, TokenizeCommand.self,
      DetokenizeCommand.self, HarmonyCommand.self, LogitsCommand.self, PerplexityCommand.self,
      TraceCommand.self, ExplainCommand.self, ExpertsCommand.self, SynthesizeCommand.self, BenchCommand.self,
      ServeCommand.self, GetCommand.self, ListCommand.self,
      RemoveCommand.self, ImportCommand.self, LoadCommand.self, UnloadCommand.self, ProcessesCommand.self,
    ])

  @Flag(help: "Show the version, the commit if it is known, Swift's version and the kernels in use.")
  var version = false

  func run() async throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try StandardOutput.writeLine(Version.current.description)
  }

  /// Refuses the name of a command that there is not: the parser would call it an argument, and show the help
  /// of the command around it.
  ///
  /// - Throws: `ValidationError` that names what was meant.
  static func checkNames(_ arguments: ArraySlice<String>) throws(ValidationError) {
    let names =
      arguments.first == "help" ? arguments.dropFirst().filter { !$0.hasPrefix("-") }[...] : arguments
    var command: any ParsableCommand.Type = Self.self
    for name in names {
      let subcommands = command.configuration.subcommands
      if name.hasPrefix("-") || (subcommands.isEmpty && arguments.first != "help") { return }
      guard let next = subcommands.first(where: { $0._commandName == name }) else {
        throw ValidationError(unknown(name, among: subcommands.map { $0._commandName }))
      }
      command = next
    }
  }

  private static func unknown(_ name: String, among names: [String]) -> String {
    let problem = "There is no command \"\(name)\""
    if let meant = names.nearest(to: name) { return "\(problem); did you mean \(meant)?" }
    return names.isEmpty ? "\(problem)." : "\(problem); the commands are \(names.joined(separator: ", "))."
  }

  /// How a command is used, and where more is said: what the parser shows below an error of its own.
  static func usage(of command: any ParsableCommand.Type) -> String {
    let name = path(to: command, from: Self.self)?.joined(separator: " ") ?? _commandName
    return "Usage: \(usageString(for: command))\n  See '\(name) --help' for more information."
  }

  /// The names that lead to a command.
  private static func path(
    to command: any ParsableCommand.Type, from start: any ParsableCommand.Type
  ) -> [String]? {
    if start == command { return [start._commandName] }
    for next in start.configuration.subcommands {
      if let path = path(to: command, from: next) { return [start._commandName] + path }
    }
    return nil
  }
}
