#if MCP
  import GPTOSS
  import GPTOSSMCP
  import Synchronization

  /// A tool of a server that runs when the person who chats has agreed.
  struct ApprovedTool: Tool {
    let tool: MCPTool
    let approvals: Approvals

    var name: String { tool.name }
    var description: String { tool.description }
    var parameters: JSONValue { tool.parameters }

    func call(arguments: JSONObject) async throws -> String {
      guard try await approvals.allow(tool) else { throw Declined() }
      return try await tool.call(arguments: arguments)
    }

    /// What the model reads.
    private struct Declined: Error, CustomStringConvertible {
      let description = "the user did not allow this call"
    }
  }

  /// What a person has said about calls of tools.
  final class Approvals: Sendable {
    private let questions: Questions
    /// Tools that need no question any more.
    private let allowed = Mutex<Set<ToolKey>>([])

    init(_ questions: Questions) { self.questions = questions }

    /// Asks whether a tool may be called, unless that was said for good.
    ///
    /// - Throws: `CancellationError`.
    func allow(_ tool: MCPTool) async throws -> Bool {
      let key = ToolKey(tool)
      if allowed.withLock({ $0.contains(key) }) { return true }
      let claim = tool.claimsReadOnly ? ", which says that it only reads," : ""
      let question = "Call \(tool.name)\(claim) once (y), always (a), or not (N)? ".foreignLine
      switch try await questions.askForText(question).lowercased() {
      case "y", "yes": return true
      case "a", "always":
        allowed.withLock { _ = $0.insert(key) }
        return true
      default: return false
      }
    }
  }
#endif
