public import GPTOSSTokenizer

/// A model that writes the next messages of a conversation: all that a ``ChatSession`` needs of it.
///
/// ``LanguageModel`` computes in this process; another model may run elsewhere. Whoever implements the
/// protocol counts tokens and writes messages; sessions, tools, typed answers and what is left out of a long
/// conversation work as with any other.
///
///     final class Parrot: ConversationModel {
///       let profile = ModelProfile(name: "parrot", fingerprint: "parrot", contextLength: 1000)
///       func measure(_ entries: inout [Transcript.Entry]) {
///         for index in entries.indices { entries[index].tokenCount = entries[index].message.text.count }
///       }
///       func write(_ request: ModelRequest, to channel: ModelChannel) async throws {
///         let text = request.entries.last?.message.text ?? ""
///         channel.send(.text(text))
///         channel.add(Message(.assistant, text, channel: .final))
///       }
///     }
///
/// The shape is that of an executor in Apple's FoundationModels: what the model can, a request with
/// transcript, tools, format and options, and a channel for what is written.
public protocol ConversationModel: AnyObject, Sendable {
  /// What the model is, and what it can.
  var profile: ModelProfile { get }

  /// Sets the ``Transcript/Entry/tokenCount`` of the messages that have none.
  ///
  /// It is called while the session is locked: it should not wait.
  ///
  /// - Parameter entries: messages that follow each other.
  /// - Throws: `GPTOSSError` for a message that the model cannot read.
  func measure(_ entries: inout [Transcript.Entry]) throws(GPTOSSError)

  /// Writes the next messages, up to an answer or up to calls whose results the model needs.
  ///
  /// What was added to the channel before an error or a cancellation is kept.
  ///
  /// - Parameters:
  ///   - request: the conversation, and what is asked of the answer.
  ///   - channel: receives what is written.
  /// - Throws: `GPTOSSError`, and `CancellationError` if the task was cancelled.
  func write(_ request: ModelRequest, to channel: ModelChannel) async throws

  /// Finds out what an answer can be held to, before any of it is written. By default everything.
  ///
  /// - Returns: what of the schemas of tools that are not strict cannot be held.
  /// - Throws: `GPTOSSError` for what has to be held and cannot be.
  func notices(of request: ModelRequest) async throws(GPTOSSError) -> [ConstraintNotice]

  /// Reads ahead what the next message will follow. By default nothing.
  ///
  /// - Throws: `GPTOSSError`, and `CancellationError` if the task was cancelled.
  func prewarm(_ request: ModelRequest) async throws

  /// Takes note that a conversation is over. By default nothing has to be done.
  func forget(_ conversation: ConversationIdentity)

  /// Waits until what was read is kept, if anything outlives the process. By default nothing does.
  func finishKeeping() async
}

extension ConversationModel {
  /// Nothing: everything is held.
  public func notices(of request: ModelRequest) async throws(GPTOSSError) -> [ConstraintNotice] { [] }

  /// Reads nothing ahead.
  public func prewarm(_ request: ModelRequest) async throws {}

  /// Does nothing.
  public func forget(_ conversation: ConversationIdentity) {}

  /// Returns at once.
  public func finishKeeping() async {}
}

/// A model whose tokens can be named: it continues any sequence of them.
public protocol TokenModel: ConversationModel {
  /// The model's vocabulary.
  var tokenizer: Tokenizer { get }

  /// Continues a sequence of tokens, as ``LanguageModel/generate(from:options:)`` does.
  func generate(from prompt: [TokenID], options: GenerationOptions) -> EventStream<GenerationEvent>

  /// Continues a prompt that ends with the opening of an answer, `<|start|>assistant`, held to what a request
  /// asks of it: who renders conversations elsewhere has their tokens.
  ///
  /// - Parameters:
  ///   - prompt: token ids below the vocabulary's count, at least one.
  ///   - request: tools and options; its messages are not read.
  func generate(from prompt: [TokenID], answering request: ModelRequest) -> EventStream<GenerationEvent>
}

/// What a model is, and what it can.
public struct ModelProfile: Sendable, Hashable {
  /// What people call it.
  public var name: String
  /// Tells it from other models: a saved session goes on with the model that it was saved with, or, where one
  /// of the two is remote, with one that spells its tokens the same.
  public var fingerprint: String
  /// The most tokens that a conversation and its next answer may have together.
  public var contextLength: Int
  /// How many tokens open an answer, beside those of the messages before it.
  public var openingTokenCount: Int
  /// Token ids are below this; 0 for a model that shows no tokens.
  public var vocabularyCount: Int
  /// Whether it runs elsewhere, so that its weights are not known here.
  public var isRemote: Bool

  /// A model with this context.
  public init(
    name: String, fingerprint: String, contextLength: Int, openingTokenCount: Int = 0,
    vocabularyCount: Int = 0, isRemote: Bool = false
  ) {
    self.name = name
    self.fingerprint = fingerprint
    self.contextLength = contextLength
    self.openingTokenCount = openingTokenCount
    self.vocabularyCount = vocabularyCount
    self.isRemote = isRemote
  }
}
