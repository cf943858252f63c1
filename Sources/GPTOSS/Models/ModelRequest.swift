public import GPTOSSHarmony
import Synchronization

/// What a model is asked to write.
public struct ModelRequest: Sendable {
  /// The conversation as the model is to see it: system, developer, user and earlier messages, without what
  /// was left out.
  public var entries: [Transcript.Entry]
  /// The tools that may be called. The developer message among the entries describes them.
  public var tools: [DeclaredTool]
  /// How the answer is generated, and what it must look like.
  public var options: ResponseOptions
  /// The conversation that the request belongs to, by which a model may remember what it has read; nil for a
  /// single answer.
  public var conversation: ConversationIdentity?
  /// How many calls the answer has from earlier rounds: the number of the next one.
  public var callCount = 0
  /// Whether the user has seen text of the answer from earlier rounds.
  public var followsText = false
  /// Whether what the model says before a call is an event, too: an answer that has to have a format is all that
  /// is reported as text.
  public var reportsPreambles: Bool { options.format == .text }

  /// A request.
  public init(entries: [Transcript.Entry], tools: [DeclaredTool] = [], options: ResponseOptions) {
    self.entries = entries
    self.tools = tools
    self.options = options
  }

  /// A request to go on with a conversation, whose messages declare the tools.
  ///
  /// - Parameters:
  ///   - conversation: system, developer, user and earlier messages.
  ///   - options: what is asked of the answer; their history says which reasoning is left out.
  public init(_ conversation: Conversation, _ options: ResponseOptions) {
    self.init(
      entries: options.history.retained(of: conversation.messages).map(Transcript.Entry.init),
      tools: conversation.declaredTools, options: options)
  }
}

/// What tells one conversation from another.
public struct ConversationIdentity: Hashable, Sendable {
  private static let count = Atomic(0)
  private let number = count.add(1, ordering: .relaxed).newValue

  /// That of a new conversation.
  public init() {}
}
