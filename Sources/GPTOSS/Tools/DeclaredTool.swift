public import GPTOSSHarmony
public import GPTOSSJSON

/// A tool that the model may call: its full name and what it is called with.
public struct DeclaredTool: Sendable, Equatable {
  /// Such as `functions.get_weather`, `browser.search` or `python`.
  public let recipient: String
  /// The schema of a JSON object; nil for a tool without parameters, or one that is called with text.
  public let parameters: JSONValue?
  /// What an app's own tool takes that is called with text; nil for one that is called with JSON.
  public var text: TextInput?
  /// Whether it is one of the app's own. Those are called on `commentary`, built-in ones on `analysis`.
  public var isOwn = true

  package init(
    recipient: String, parameters: JSONValue?, text: TextInput? = nil, isOwn: Bool = true
  ) {
    (self.recipient, self.parameters, self.text, self.isOwn) = (recipient, parameters, text, isOwn)
  }

  /// What an app calls it: an own function by its name, a built-in tool by its full name.
  var name: String { ToolName.function(in: recipient) ?? recipient }
}

extension Conversation {
  /// The tools that the conversation declares: the app's own in developer messages, built-in ones in system
  /// messages. A namespace without tools, such as `python`, is built in wherever it stands.
  var declaredTools: [DeclaredTool] {
    messages.flatMap(\.content).flatMap { content -> [DeclaredTool] in
      switch content {
      case .system(let system): Self.tools(of: system.tools, areOwn: false)
      case .developer(let developer): Self.tools(of: developer.tools, areOwn: true)
      case .text: []
      }
    }
  }

  private static func tools(of namespaces: ToolNamespaces?, areOwn: Bool) -> [DeclaredTool] {
    (namespaces?.entries ?? []).map(\.namespace).flatMap { namespace -> [DeclaredTool] in
      guard !namespace.tools.isEmpty else {
        return [DeclaredTool(recipient: namespace.name, parameters: nil, isOwn: false)]
      }
      return namespace.tools.map { tool in
        DeclaredTool(
          recipient: ToolName.full(tool.name, in: namespace.name),
          parameters: tool.text == nil ? tool.parameters : nil, text: tool.text,
          isOwn: areOwn || namespace.name == ToolName.functions)
      }
    }
  }
}
