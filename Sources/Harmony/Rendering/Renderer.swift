/// Makes conversations into markers and text.
///
/// A message is `<|start|>` author, recipient, channel, content type `<|message|>` content and an ending:
/// `<|call|>` when the assistant speaks to a tool, `<|end|>` otherwise. This needs no tokenizer;
/// ``HarmonyEncoding`` turns the segments into tokens.
public struct Renderer: Sendable {
  /// Which earlier reasoning is left out.
  public var history: History

  /// A renderer that leaves out earlier reasoning by this rule.
  public init(history: History = .currentTurn) {
    self.history = history
  }

  /// The conversation as it is.
  ///
  /// - Throws: ``HarmonyError/toolWithoutName`` or ``HarmonyError/contentInWrongRole(content:role:)``.
  public func segments(of conversation: Conversation) throws(HarmonyError) -> [Segment] {
    let announcesFunctions = conversation.describesFunctions
    var segments: [Segment] = []
    for message in history.retained(of: conversation.messages) {
      try append(message, announcesFunctions: announcesFunctions, to: &segments)
    }
    return segments
  }

  /// The conversation and the beginning of the next message, for the model to go on from.
  ///
  /// - Throws: as ``segments(of:)``.
  public func segmentsForCompletion(
    of conversation: Conversation, nextRole: Role = .assistant
  ) throws(HarmonyError) -> [Segment] {
    try segments(of: conversation) + [.marker(.start), .text(nextRole.rawValue)]
  }

  /// The conversation with `<|return|>` at its end if that is an answer, for training.
  ///
  /// - Throws: as ``segments(of:)``.
  public func segmentsForTraining(of conversation: Conversation) throws(HarmonyError) -> [Segment] {
    var segments = try segments(of: conversation)
    if let last = conversation.messages.last, last.author.role == .assistant, last.channel == .final {
      segments[segments.count - 1] = .marker(.return)
    }
    return segments
  }

  /// One message.
  ///
  /// A system message says that function tools are called on `commentary` when the conversation that it
  /// belongs to has any: `announcesFunctions`.
  ///
  /// - Throws: as ``segments(of:)``.
  public func segments(
    of message: Message, announcesFunctions: Bool = false
  ) throws(HarmonyError) -> [Segment] {
    var segments: [Segment] = []
    try append(message, announcesFunctions: announcesFunctions, to: &segments)
    return segments
  }

  private func append(
    _ message: Message, announcesFunctions: Bool, to segments: inout [Segment]
  ) throws(HarmonyError) {
    segments.append(.marker(.start))
    try appendHeader(of: message, to: &segments)
    segments.append(.marker(.message))
    for content in message.content {
      segments.append(
        .text(try text(of: content, in: message.author.role, announcesFunctions: announcesFunctions)))
    }
    let isCall = message.author.role == .assistant && message.recipient != nil
    segments.append(.marker(isCall ? .call : .end))
  }

  private func appendHeader(of message: Message, to segments: inout [Segment]) throws(HarmonyError) {
    switch (message.author.role, message.author.name) {
    case (.tool, nil): throw .toolWithoutName
    case (.tool, let name?): segments.append(.text(name))
    case (let role, let name):
      segments.append(.text(role.rawValue))
      if let name { segments.append(.text(":" + name)) }
    }
    if let recipient = message.recipient, recipient != "all" {
      segments.append(.text(" to=" + recipient))
    }
    if let channel = message.channel {
      segments.append(.marker(.channel))
      segments.append(.text(channel.rawValue))
    }
    if let contentType = message.contentType {
      appendContentType(contentType, to: &segments)
    }
  }

  /// A content type may begin with the spelling of `<|constrain|>`. This is the only place where text stands
  /// for a special token.
  private func appendContentType(_ contentType: String, to segments: inout [Segment]) {
    let marker = Marker.constrain
    if contentType.utf8.starts(with: marker.rawValue.utf8) {
      segments += [.text(" "), .marker(marker)]
      segments.append(
        .text(String(decoding: contentType.utf8.dropFirst(marker.rawValue.utf8.count), as: UTF8.self)))
    } else {
      segments.append(.text(" " + contentType))
    }
  }

  private func text(
    of content: Content, in role: Role, announcesFunctions: Bool
  ) throws(HarmonyError) -> String {
    switch content {
    case .text(let text):
      return text
    case .system(let system):
      guard role == .system else { throw .contentInWrongRole(content: "system_content", role: role) }
      return system.promptText(announcesFunctions: announcesFunctions)
    case .developer(let developer):
      guard role == .developer else { throw .contentInWrongRole(content: "developer_content", role: role) }
      return developer.promptText
    }
  }
}

extension Conversation {
  /// Whether a developer message describes tools in the namespace `functions`, which the system message then
  /// announces.
  package var describesFunctions: Bool { messages.contains(where: \.describesFunctions) }
}

extension Message {
  /// Whether this describes tools in the namespace `functions`.
  fileprivate var describesFunctions: Bool {
    content.contains {
      if case .developer(let developer) = $0 {
        developer.tools?[ToolName.functions]?.tools.isEmpty == false
      } else {
        false
      }
    }
  }
}
