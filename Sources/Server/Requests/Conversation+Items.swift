package import GPTOSSHarmony

extension Conversation {
  /// The conversation that items stand for, in Harmony's terms.
  ///
  /// Instructions at the beginning go into the developer message that declares the functions, later ones into
  /// messages of their own. Text of the assistant that is followed by a call is a preamble. All reasoning is
  /// kept here; the engine decides which of it the model sees again (`History`).
  ///
  /// - Parameters:
  ///   - system: effort and date.
  ///   - note: a text that follows the instructions, such as the answer's schema.
  /// - Throws: `ServerError` for a result whose call is not in the conversation.
  package init(
    _ items: [ConversationItem], functions: [ToolDescription], system: SystemContent, note: String? = nil
  ) throws(ServerError) {
    let opening = items.prefix { $0.isInstructions }
    let instructions = (opening.compactMap(\.instructionsText) + [note].compactMap(\.self)).joined(
      separator: "\n\n")
    var messages = [Message.system(system)]
    if !instructions.isEmpty || !functions.isEmpty {
      messages.append(
        .developer(
          DeveloperContent(
            instructions: instructions.isEmpty ? nil : instructions,
            functions: functions.isEmpty ? nil : functions)))
    }
    var calledNames: [String: String] = [:]
    let rest = items.dropFirst(opening.count)
    for (index, item) in zip(rest.indices, rest) {
      switch item {
      case .instructions(let text): messages.append(.developer(DeveloperContent(instructions: text)))
      case .user(let text): messages.append(Message(.user, text))
      case .reasoning(let text): messages.append(Message(.assistant, text, channel: .analysis))
      case .assistant(let text, let phase):
        let isPreamble = phase == .preamble || (phase == nil && rest[(index + 1)...].first?.isCall == true)
        messages.append(Message(.assistant, text, channel: isPreamble ? .commentary : .final))
      case .call(let id, let name, let arguments):
        calledNames[id] = name
        messages.append(
          Message(
            .assistant, arguments, channel: .commentary, recipient: ToolName.full(name),
            contentType: "<|constrain|>json"))
      case .result(let origin, let text, let path):
        messages.append(.toolResult(text, from: ToolName.full(try Self.name(of: origin, calledNames, path))))
      }
    }
    self.init(messages)
  }

  private static func name(
    of origin: ConversationItem.Origin, _ called: [String: String], _ path: String
  ) throws(ServerError) -> String {
    switch origin {
    case .function(let name): return name
    case .call(let id):
      guard let name = called[id] else {
        throw .invalid(
          parameter: path, problem: "no earlier message of the assistant has a call with the id '\(id)'")
      }
      return name
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
