public import GPTOSSHarmony
package import GPTOSSTokenizer

extension LanguageModel {
  /// Lets the model write the next message or messages of a conversation.
  ///
  /// The conversation is rendered in the Harmony format (Docs/Harmony.md); what comes back is read tolerantly: malformed
  /// output is repaired and reported, never an error. The answer ends at `<|return|>`, or at `<|call|>`
  /// when the model wants a tool's result.
  ///
  /// - Parameters:
  ///   - conversation: system, developer, user and earlier messages.
  ///   - options: how tokens are chosen and when to stop; its stop tokens, if any, replace Harmony's.
  ///   - history: which reasoning of earlier turns the model sees again.
  /// - Returns: events; throws `GPTOSSError`.
  public func respond(
    to conversation: Conversation, options: GenerationOptions = GenerationOptions(),
    history: History = .currentTurn
  ) -> AsyncThrowingStream<ResponseEvent, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await respond(to: conversation, options, history) { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func respond(
    to conversation: Conversation, _ options: GenerationOptions, _ history: History,
    _ yield: (ResponseEvent) -> Void
  ) async throws {
    let encoding: HarmonyEncoding
    let prompt: [TokenID]
    do throws(HarmonyError) {
      encoding = try HarmonyEncoding(tokenizer: tokenizer)
      prompt = try encoding.renderForCompletion(conversation, history: history)
    } catch { throw GPTOSSError.harmony(error) }
    var options = options
    options.stopTokens = options.stopTokens ?? tokenizer.vocabulary.endTokens
    var reader = ResponseReader(encoding, tools: conversation.toolNames)
    for try await event in generate(from: prompt, options: options) {
      switch event {
      case .prompt(let read, let total): yield(.prompt(read: read, total: total))
      case .token(let token, _): reader.read(token).forEach(yield)
      case .finished(_, let statistics):
        let (events, response) = reader.finish(statistics)
        events.forEach(yield)
        yield(.finished(response))
      }
    }
  }
}

/// Turns a model's tokens into events: pure, one token at a time.
package struct ResponseReader {
  private var parser: TolerantParser
  private var reportedMessages = 0
  private var tokens: [TokenID] = []

  package init(_ encoding: HarmonyEncoding, tools: [String]) {
    parser = TolerantParser(encoding: encoding, tools: tools)
  }

  package mutating func read(_ token: TokenID) -> [ResponseEvent] {
    tokens.append(token)
    parser.process(token)
    return fragment() + completedCalls()
  }

  package mutating func finish(_ statistics: GenerationStatistics) -> ([ResponseEvent], Response) {
    parser.finish()
    return (
      fragment() + completedCalls(),
      Response(messages: parser.messages, tokens: tokens, repairs: parser.repairs, statistics: statistics)
    )
  }

  private func fragment() -> [ResponseEvent] {
    guard let delta = parser.delta, !delta.isEmpty else { return [] }
    switch parser.header?.purpose {
    case .reasoning: return [.reasoning(delta)]
    case .answer, .preamble: return [.text(delta)]
    case .call, nil: return []
    }
  }

  private mutating func completedCalls() -> [ResponseEvent] {
    defer { reportedMessages = parser.messages.count }
    return parser.messages[reportedMessages...].compactMap { $0.toolCall.map { .toolCall($0) } }
  }
}

extension Conversation {
  /// The full names of the tools that the conversation declares, such as `functions.get_weather`.
  var toolNames: [String] {
    messages.flatMap(\.content).flatMap { content -> [ToolNamespace] in
      switch content {
      case .system(let system): system.tools?.entries.map(\.namespace) ?? []
      case .developer(let developer): developer.tools?.entries.map(\.namespace) ?? []
      default: []
      }
    }.flatMap { namespace in namespace.tools.map { "\(namespace.name).\($0.name)" } }
  }
}
