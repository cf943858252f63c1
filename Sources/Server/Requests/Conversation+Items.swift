package import GPTOSSHarmony

extension Conversation {
  /// The conversation that items stand for, in Harmony's terms.
  ///
  /// Instructions at the beginning go into the developer message that declares the tools, later ones into
  /// messages of their own. Text of the assistant that is followed by a call is a preamble. All reasoning is
  /// kept here; the engine decides which of it the model sees again (`History`).
  ///
  /// - Parameters:
  ///   - system: effort and date.
  ///   - note: a text that follows the instructions, such as the answer's schema.
  /// - Throws: `ServerError` for a result whose call is not in the conversation.
  package init(
    _ items: [ConversationItem], tools: [ToolNamespace], system: SystemContent, note: String? = nil
  ) throws(ServerError) {
    let opening = items.prefix { $0.isInstructions }
    let instructions = (opening.compactMap(\.instructionsText) + [note].compactMap(\.self)).joined(
      separator: "\n\n")
    var messages = [Message.system(system)]
    if !instructions.isEmpty || !tools.isEmpty {
      messages.append(
        .developer(
          DeveloperContent(
            instructions: instructions.isEmpty ? nil : instructions,
            tools: tools.isEmpty ? nil : ToolNamespaces(tools))))
    }
    var calledTools: [String: APITool] = [:]
    let rest = items.dropFirst(opening.count)
    for (index, item) in zip(rest.indices, rest) {
      switch item {
      case .instructions(let text): messages.append(.developer(DeveloperContent(instructions: text)))
      case .user(let text): messages.append(Message(.user, text))
      case .reasoning(let text): messages.append(Message(.assistant, text, channel: .analysis))
      case .assistant(let text, let phase):
        let isPreamble = phase == .preamble || (phase == nil && rest[(index + 1)...].first?.isCall == true)
        messages.append(Message(.assistant, text, channel: isPreamble ? .commentary : .final))
      case .call(let call):
        if let id = call.id { calledTools[id] = call.tool }
        messages.append(
          Message(
            .assistant, call.content, channel: .commentary, recipient: call.tool.fullName,
            contentType: call.tool.takesText ? nil : "<|constrain|>json"))
      case .result(let origin, let text, let path):
        messages.append(.toolResult(text, from: try Self.tool(of: origin, calledTools, path).fullName))
      case .note(let text): messages.append(Message(.assistant, text, channel: .commentary))
      }
    }
    self.init(messages)
  }

  private static func tool(
    of origin: ConversationItem.Origin, _ called: [String: APITool], _ path: String
  ) throws(ServerError) -> APITool {
    switch origin {
    case .tool(let tool): return tool
    case .call(let id):
      guard let tool = called[id] else {
        throw .invalid(
          parameter: path, problem: "no earlier message of the assistant has a call with the id '\(id)'")
      }
      return tool
    }
  }
}

extension ConversationItem {
  fileprivate var isInstructions: Bool { instructionsText != nil }

  fileprivate var instructionsText: String? {
    if case .instructions(let text) = self { text } else { nil }
  }

  fileprivate var isCall: Bool {
    if case .call = self { true } else { false }
  }
}
