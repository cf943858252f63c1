import ArgumentParser

/// `gptoss serve`: the HTTP API, which this version does not have.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve the HTTP API (not in this version).")

  @Argument(parsing: .allUnrecognized, help: .hidden)
  var ignored: [String] = []

  func run() throws {
    Console.write(
      """
      gptoss: this version has no HTTP server yet; the one that has it will start it with \
      swift run -c release --traits Server gptoss serve

      """)
    throw ExitCode(64)
  }
}
