import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSPlatform

/// What a client wants to have predicted.
private struct PredictionRequest {
  let specifier: JSONField
  let prompt: Prompt
  let configuration: PredictionConfiguration

  enum Prompt {
    case conversation([ConversationItem])
    /// Text to be continued as it is.
    case raw(String)
  }

  /// - Throws: `ServerError` or `JSONError` with a field's path.
  init(_ parameter: JSONField, files: UploadedFiles) throws {
    specifier = try parameter.required("modelSpecifier")
    let stack = try ConfigurationStack(parameter.optional("predictionConfigStack"))
    configuration = try PredictionConfiguration(stack)
    let raw = try parameter.text("rawPrompt")
    if raw != nil || configuration.isRaw { try configuration.checkRaw() }
    if let raw {
      prompt = .raw(raw)
      return
    }
    let history = try parameter.required("history")
    var items = try ConversationItem.read(history: history, tags: configuration.tags, files: files)
    if configuration.isRaw {
      prompt = .raw(items.map(\.plainText).joined())
      return
    }
    if case .instructions? = items.first {
    } else if let instructions = configuration.systemPrompt {
      items.insert(.instructions(instructions), at: 0)
    }
    prompt = .conversation(items)
  }
}

extension ConversationItem {
  /// The text of a message that stands for itself.
  fileprivate var plainText: String {
    switch self {
    case .instructions(let text), .user(let text), .assistant(let text, _), .reasoning(let text),
      .note(let text), .result(_, let text, _):
      text
    case .call(let call): call.content
    }
  }
}

extension PredictionConfiguration {
  /// The conversation in Harmony's terms.
  func conversation(_ items: [ConversationItem]) throws(ServerError) -> Conversation {
    try Conversation(
      items, tools: tools.declared.namespaces, system: .ofToday(effort), note: format.note)
  }

  /// The engine's options.
  var options: ResponseOptions {
    var options = ResponseOptions(
      toolChoice: tools.choice, allowsParallelToolCalls: true, format: format.format,
      reasoningBudget: reasoningBudget)
    options.strictTools = tools.declared.strict
    options.generation = generation
    return options
  }
}

extension SocketService {
  /// `predict` and `completeRawText`: an answer, in fragments.
  ///
  /// - Throws: `SocketFault`, `ServerError`, `JSONError` with a field's path.
  func predict(_ parameter: JSONField, _ channel: SocketChannel) async throws {
    let exchange = channel.exchange
    let request = try await LongWork.run { [files] in try PredictionRequest(parameter, files: files) }
    let configuration = request.configuration
    exchange.note {
      $0.isStreamed = true
      $0.ignored = configuration.ignored
      $0.unsupportedTools = configuration.tools.declared.unsupportedTypes
    }
    let (used, instance) = try await use(request.specifier, exchange)
    defer { withExtendedLifetime(used.lease) {} }
    var run = PredictionRun(
      service: self, channel: channel, model: used.model, identifier: used.identifier,
      configuration: configuration,
      draft: PredictionDraft(
        // Whoever wants JSON reads all fragments as one text.
        tags: configuration.format.format == .text ? configuration.tags : nil,
        tools: configuration.tools.declared,
        spelling: TokenSpelling(configuration.generation, used.model.tokenizer), identifiers: identifiers))
    channel.send(progress: PredictionDraft.waiting)
    let statistics: GenerationStatistics?
    do {
      switch request.prompt {
      case .raw(let text): statistics = try await run.complete(text)
      case .conversation(let items): statistics = try await run.answer(items)
      }
    } catch  where exchange.isCancelled {
      // Whatever broke off: who has stopped a prediction waits for its result.
      statistics = nil
    }
    let (info, load) = (instance.json(epoch), instance.loadConfiguration)
    channel.send([
      statistics.map { run.draft.success($0, info, load, configuration.json) }
        ?? run.draft.stopped(info, load, configuration.json)
    ])
  }
}

/// A prediction under way.
private struct PredictionRun {
  let service: SocketService
  let channel: SocketChannel
  let model: any TokenModel
  let identifier: String
  let configuration: PredictionConfiguration
  var draft: PredictionDraft

  /// Answers a conversation.
  ///
  /// - Returns: the figures of the answer.
  /// - Throws: `ServerError`; `CancellationError` if the client has stopped it.
  mutating func answer(_ items: [ConversationItem]) async throws -> GenerationStatistics {
    let options = configuration.options
    let conversation = try await LongWork.run { [model, configuration] () throws -> Conversation in
      do {
        return try configuration.conversation(items)
          .fitted(to: model, configuration.overflow, options)
      } catch let error as GPTOSSError { throw ServerError(engine: error) }
    }
    // Schemas are compiled before the request has a place, and not for a client that has gone.
    let preparation = Task { [model] in try await model.notices(of: conversation, options: options) }
    channel.exchange.onCancel { preparation.cancel() }
    do {
      let notices = try await preparation.value
      channel.exchange.note { $0.tell(notices) }
    } catch let error as GPTOSSError { throw self.error(error) }
    return try await run({ [model] in model.respond(to: conversation, options: options) }) {
      $0.read($1)
    }
  }

  /// Continues text as it is.
  ///
  /// - Returns: the figures of the answer.
  /// - Throws: `ServerError`; `CancellationError` if the client has stopped it.
  mutating func complete(_ text: String) async throws -> GenerationStatistics {
    let tokens = await LongWork.run { [model] in model.tokenizer.encode(text) }
    return try await run({ [model, configuration] in
      model.generate(from: tokens, options: configuration.generation)
    }) { $0.read($1) }
  }

  private mutating func run<Event: EngineEvent>(
    _ generate: @escaping @Sendable () -> EventStream<Event>,
    _ read: (inout PredictionDraft, Event) -> [JSONValue]
  ) async throws -> GenerationStatistics {
    let exchange = channel.exchange
    let generations = Generations(
      try service.service.admission.enter(client: exchange.record.client), generate: { _ in generate() })
    exchange.expect(1)
    exchange.onCancel(generations.cancel)
    defer { generations.cancel() }
    var statistics: GenerationStatistics?
    do {
      for try await (_, event) in generations.events {
        if let (done, total) = event.progress {
          channel.send(progress: draft.progress(read: done, total: total))
        }
        channel.send(read(&draft, event))
        if let figures = event.statistics {
          statistics = figures
          service.service.metrics.note(figures, model: identifier)
          exchange.note(figures)
        }
      }
    } catch let error as GPTOSSError { throw self.error(error) }
    guard let statistics else { throw CancellationError() }
    return statistics
  }

  private func error(_ error: GPTOSSError) -> ServerError {
    ServerError(
      engine: error, schemaPath: PredictionConfiguration.prefix + "structured",
      limitPath: PredictionConfiguration.prefix + "maxPredictedTokens")
  }
}
