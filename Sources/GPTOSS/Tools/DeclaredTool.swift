import GPTOSSHarmony
package import GPTOSSJSON

/// A tool that the model may call: its full name and the schema of its arguments.
package struct DeclaredTool: Sendable, Equatable {
  /// Such as `functions.get_weather`, `browser.search` or `python`.
  package let recipient: String
  /// nil for a tool without parameters, or one that is called with text.
  package let parameters: JSONValue?

  /// What an app calls it: an own function by its name, a built-in tool by its full name.
  var name: String { ToolName.function(in: recipient) ?? recipient }

  /// Whether it is one of the app's own. Those are called on `commentary` with JSON, built-in ones on
  /// `analysis`.
  var isFunction: Bool { ToolName.function(in: recipient) != nil }
}

extension Conversation {
  /// The tools that the conversation declares.
  var declaredTools: [DeclaredTool] {
    namespaces.flatMap { namespace -> [DeclaredTool] in
      guard !namespace.tools.isEmpty else {
        return [DeclaredTool(recipient: namespace.name, parameters: nil)]
      }
      return namespace.tools.map {
        DeclaredTool(recipient: "\(namespace.name).\($0.name)", parameters: $0.parameters)
      }
    }
  }

  /// Whether the conversation has tools of the app's own, which the system message then announces.
  var declaresFunctions: Bool { declaredTools.contains(where: \.isFunction) }

  private var namespaces: [ToolNamespace] {
    messages.flatMap(\.content).flatMap { content -> [ToolNamespace] in
      switch content {
      case .system(let system): system.tools?.entries.map(\.namespace) ?? []
      case .developer(let developer): developer.tools?.entries.map(\.namespace) ?? []
      case .text: []
      }
    }
  }
}
