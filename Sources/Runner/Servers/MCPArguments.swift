import ArgumentParser
import Foundation
import GPTOSSTerminal

#if MCP
  import GPTOSSMCP
#endif

/// The MCP servers that a command uses.
struct MCPArguments: ParsableArguments {
  @Option(
    name: .customLong("mcp"),
    help: ArgumentHelp(
      """
      A file such as mcp.json, with MCP servers whose tools the model may call: its path, default for \
      ~/.gptoss/mcp.json, or lmstudio for ~/.lmstudio/mcp.json. May be repeated.
      """, valueName: "file"),
    completion: .file(extensions: ["json"]))
  var files: [String] = []

  func validate() throws {
    #if !MCP
      guard files.isEmpty else {
        throw ValidationError(
          "--mcp needs a program that is built with the trait MCP: swift run -c release --traits MCP gptoss chat"
        )
      }
    #endif
  }

  #if MCP
    /// What the files say; nil if none is named.
    ///
    /// - Throws: `MCPError.configuration` for a file that cannot be read.
    func configuration() throws(MCPError) -> MCPConfiguration? {
      guard !files.isEmpty else { return nil }
      let configuration = try MCPConfiguration(
        joining: files.map { (file) throws(MCPError) in try MCPConfiguration(contentsOf: Self.path(of: file))
        })
      configuration.warnings.forEach { StandardError.report($0.foreignLine) }
      return configuration
    }
  #endif

  /// Starts the servers of a chat in the background.
  ///
  /// - Throws: `MCPError.configuration` for a file that cannot be read.
  func start(asking questions: Questions, isInteractive: Bool, isAsking: Bool) throws -> ChatServers {
    #if MCP
      guard let configuration = try configuration() else { return ChatServers() }
      var options = MCPOptions()
      if isInteractive { options.elicit = FormQuestions(questions).answer }
      return ChatServers(
        MCPServers(configuration: configuration, options: options),
        approvals: isAsking ? Approvals(questions) : nil)
    #else
      return ChatServers()
    #endif
  }

  /// The path that a name stands for.
  package static func path(of file: String) -> String {
    switch file {
    case "default": "~/.gptoss/mcp.json".expandingTilde
    case "lmstudio": "~/.lmstudio/mcp.json".expandingTilde
    default: file.expandingTilde
    }
  }
}
