/// Which reasoning of earlier turns the model gets to see again.
///
/// The model was trained not to see the reasoning behind earlier answers, but to see what it thought
/// before a call whose result it is about to read.
public enum History: Sendable, Hashable {
  /// All of it.
  case everything
  /// The reference library's automatic drop: when the last message of the assistant is on `final`, the
  /// analysis before the *first* final message is left out. With three turns the reasoning of the second
  /// stays, and a user message that follows makes no difference.
  case reference
  /// What a tool loop needs: reasoning since the last user message stays, reasoning before it is left out. A
  /// call of a tool on `analysis` is a call and stays, with its result.
  case currentTurn

  /// The messages that are left.
  public func retained(of messages: [Message]) -> [Message] {
    retainedIndices(of: messages).map { messages[$0] }
  }

  /// The indices of the messages that are left, rising.
  public func retainedIndices(of messages: [Message]) -> [Int] {
    switch self {
    case .everything:
      return Array(messages.indices)
    case .reference:
      guard messages.last(where: { $0.author.role == .assistant })?.channel == .final,
        let firstFinal = messages.firstIndex(where: { $0.channel == .final })
      else { return Array(messages.indices) }
      return messages.indices.filter { $0 >= firstFinal || messages[$0].channel != .analysis }
    case .currentTurn:
      guard let lastUser = messages.lastIndex(where: { $0.author.role == .user }) else {
        return Array(messages.indices)
      }
      return messages.indices.filter { $0 > lastUser || !messages[$0].isReasoning }
    }
  }
}

extension Message {
  /// Whether this is the assistant thinking, and not a call of a tool that it makes while thinking.
  fileprivate var isReasoning: Bool {
    author.role == .assistant && channel == .analysis && recipient == nil
  }
}
