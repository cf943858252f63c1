import ArgumentParser
import Foundation
import GPTOSSTerminal

/// Starts the command that the arguments name, and turns how it ends into an exit code.
///
/// 0: done, also when the reader of standard output has gone. 1: failed, with one line that names cause and
/// remedy. 64: wrong usage. 130 and 143: stopped by Ctrl-C or SIGTERM, with half-written files removed.
@main
enum Main {
  static func main() async {
    StandardStreams.occupyClosed()
    // A reader that goes away is an error of `write`, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that grows past the limit that the shell has set.
    signal(SIGXFSZ, SIG_IGN)
    let command = Task { await run() }
    let interruption = Interruption { command.cancel() }
    let code = await command.value
    Terminal.restore()
    exit(interruption.exitCode ?? code)
  }

  private static func run() async -> Int32 {
    do {
      try GPTOSSCommand.checkHelp(CommandLine.arguments.dropFirst())
      var command = try GPTOSSCommand.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return EXIT_SUCCESS
    } catch {
      return report(error)
    }
  }

  /// Says what went wrong and returns the exit code for it.
  private static func report(_ error: any Error) -> Int32 {
    switch error {
    case TerminalError.closedOutput, is CancellationError: return EXIT_SUCCESS
    default: break
    }
    let code = GPTOSSCommand.exitCode(for: error)
    if code == .failure {
      StandardError.report(error)
      return EXIT_FAILURE
    }
    // A request for help, or arguments that do not parse.
    let message = GPTOSSCommand.fullMessage(for: error) + "\n"
    guard code == .success else {
      if message != "\n" { StandardError.write(message) }
      return code.rawValue
    }
    do { try StandardOutput.write(message) } catch { return report(error) }
    return EXIT_SUCCESS
  }
}

/// The commands of the runner.
struct GPTOSSCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gptoss",
    abstract: "Run gpt-oss models from GGUF files.",
    discussion: "Without a model, commands use the small one that comes with the package.",
    subcommands: [
      GenerateCommand.self, ChatCommand.self, InspectCommand.self, TokenizeCommand.self,
      DetokenizeCommand.self, HarmonyCommand.self, LogitsCommand.self, PerplexityCommand.self,
      SynthesizeCommand.self, BenchCommand.self, ServeCommand.self, GetCommand.self, ListCommand.self,
      RemoveCommand.self, ImportCommand.self, LoadCommand.self, UnloadCommand.self, ProcessesCommand.self,
    ])

  @Flag(help: "Show the version, the commit if it is known, Swift's version and the kernels in use.")
  var version = false

  func run() async throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try StandardOutput.writeLine(Version.current.description)
  }

  /// Refuses help for a command that there is not; the parser would show that of the command around it.
  ///
  /// - Throws: `ValidationError`.
  static func checkHelp(_ arguments: ArraySlice<String>) throws(ValidationError) {
    guard arguments.first == "help" else { return }
    var command: any ParsableCommand.Type = Self.self
    for name in arguments.dropFirst() where !name.hasPrefix("-") {
      let subcommands = command.configuration.subcommands
      guard let next = subcommands.first(where: { $0.configuration.commandName == name }) else {
        throw ValidationError("There is no command \"\(name)\".")
      }
      command = next
    }
  }
}
