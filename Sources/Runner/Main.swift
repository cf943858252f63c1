import ArgumentParser
import Foundation
import GPTOSSKernels
import GPTOSSPlatform
import GPTOSSTerminal

/// Starts the command that the arguments name, and turns how it ends into an exit code.
///
/// 0: done, also when the reader of standard output has gone. 64: wrong usage, that is, arguments that are wrong
/// whatever the files, the model, the input and the machine are. 1: anything else that fails, with one line that
/// names cause and remedy. 130 and 143: stopped by Ctrl-C or SIGTERM, with half-written files removed.
@main
enum Main {
  static func main() async {
    StandardStreams.occupyClosed()
    if let problem = AddressSpace.problem(environment: ProcessInfo.processInfo.environment) {
      StandardError.report(problem)
      _exit(EXIT_FAILURE)
    }
    // A reader that goes away is an error of `write`, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that grows past the limit that the shell has set.
    signal(SIGXFSZ, SIG_IGN)
    MappedFileLoss.listen()
    let command = Task { await run() }
    let interruption = Interruption { command.cancel() }
    let code = await command.value
    Terminal.restore()
    exit(interruption.exitCode ?? code)
  }

  private static func run() async -> Int32 {
    // What a wrong use is explained for, once it is known.
    var named: any ParsableCommand.Type = GPTOSSCommand.self
    do {
      try GPTOSSCommand.checkNames(CommandLine.arguments.dropFirst())
      var command = try GPTOSSCommand.parseAsRoot()
      named = type(of: command)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return EXIT_SUCCESS
    } catch {
      return report(error, of: named)
    }
  }

  /// Says what went wrong and returns the exit code for it.
  private static func report(_ error: any Error, of command: any ParsableCommand.Type) -> Int32 {
    switch error {
    case TerminalError.closedOutput, is CancellationError: return EXIT_SUCCESS
    case let error as ValidationError:
      // The parser knows the usage for what it finds itself; this was found by a command.
      StandardError.write("Error: \(error.message)\n\(GPTOSSCommand.usage(of: command))\n".inertLines)
      return ExitCode.validationFailure.rawValue
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
      if message != "\n" { StandardError.write(message.inertLines) }
      return code.rawValue
    }
    do { try StandardOutput.write(CompletionScript.withHelp(message)) } catch {
      return report(error, of: command)
    }
    return EXIT_SUCCESS
  }
}
