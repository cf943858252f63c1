import ArgumentParser
import Foundation

/// Starts the command that the arguments name, and turns how it ends into an exit code.
///
/// 0: done, also when the reader of standard output has had enough. 1: failed, with one line that names
/// cause and remedy. 64: wrong usage. 130 and 143: stopped by Ctrl-C or SIGTERM, half-written files removed.
@main
enum Main {
  static func main() async {
    occupyStandardDescriptors()
    // A reader that goes away is an error of `write`, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    let command = Task { await run() }
    let interruption = Interruption { command.cancel() }
    let code = await command.value
    Terminal.restore()
    exit(interruption.exitCode ?? code)
  }

  /// Opens those of standard input, output and error that were closed, in a way that refuses their use.
  ///
  /// Otherwise the next file opened would take the place, and results would be written into it.
  private static func occupyStandardDescriptors() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ]
    where fcntl(descriptor, F_GETFD) == -1 {
      // Takes the lowest free number, which is this one.
      _ = open("/dev/null", mode)
    }
  }

  private static func run() async -> Int32 {
    do {
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
    case RunnerError.closedOutput, is CancellationError: return EXIT_SUCCESS
    default: break
    }
    let code = GPTOSSCommand.exitCode(for: error)
    if code == .failure {
      Console.write("gptoss: \(error)\n")
      return EXIT_FAILURE
    }
    // A request for help, or arguments that do not parse.
    let message = GPTOSSCommand.fullMessage(for: error) + "\n"
    guard code == .success else {
      if message != "\n" { Console.write(message) }
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
    abstract: "Runs gpt-oss models from GGUF files.",
    discussion: "Without a model, commands use the small one that comes with the package.",
    subcommands: [
      Generate.self, Chat.self, Inspect.self, Tokenize.self, Detokenize.self, Harmony.self, Logits.self,
      Perplexity.self,
      Synthesize.self, Bench.self, Serve.self,
    ])
}
