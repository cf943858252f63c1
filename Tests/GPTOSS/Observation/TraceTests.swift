import GPTOSS
import GPTOSSFixtures
import GPTOSSHarmony
import Testing

/// Traces of the small model. If these fail, a trace tells of another answer than the one that was given.
struct TraceTests {
  private static let options = ResponseOptions(
    temperature: 0.9, topK: 40, topP: 0.95, seed: 7, maximumTokens: 80, logProbabilities: 0)

  private static func answer(
    _ model: LanguageModel, _ text: String, _ options: ResponseOptions
  ) async throws -> (Conversation, Response, [GeneratedToken]) {
    let conversation = Conversation([.system(SystemContent()), Message(.user, text)])
    var tokens: [GeneratedToken] = []
    for try await event in model.respond(to: conversation, options: options) {
      if case .token(let token) = event { tokens.append(token) }
      if case .finished(let response) = event { return (conversation, response, tokens) }
    }
    throw CancellationError()
  }

  /// The answer is sampled again from the same logits to the same tokens, with the probabilities that were
  /// reported.
  @Test func aTraceIsOfTheAnswerThatWasGiven() async throws {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    let (conversation, response, reported) = try await Self.answer(model, "What is MXFP4?", Self.options)
    let trace = try await model.trace(of: conversation, response: response, responseOptions: Self.options)
    let answer = trace.tokens.suffix(response.tokens.count)
    #expect(answer.map(\.id) == response.tokens)
    #expect(answer.allSatisfy { $0.isGenerated && $0.sampling?.chosen == $0.id })
    #expect(trace.tokens.dropLast(answer.count).allSatisfy { $0.sampling == nil && $0.lens.isEmpty })
    let text = answer.filter { $0.channel == .final }
    #expect(text.map(\.id) == reported.map(\.id))
    #expect(text.map(\.logProbability) == reported.map(\.logProbability))
    #expect(text.map(\.text).joined() == response.answer)
    #expect(trace.tokens[0].logProbability == nil && trace.sampling?.seed == 7)
    // The opening of the answer was given to the model, though it is read as finely as what it generates.
    #expect(trace.tokens.dropLast(answer.count).allSatisfy { !$0.isGenerated })
    let stages = answer.first?.sampling?.steps.map(\.stage)
    #expect(stages == [.mask, .topK, .topP, .temperature])
  }

  /// The messages alone give the same text as the answer's tokens, but for the token that ended it.
  @Test func anAnswerIsTracedByItsMessagesToo() async throws {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    var options = Self.options
    options.generation.sampling.temperature = 0
    // The whole answer: one that was cut off has no token that ended it.
    options.generation.maximumTokens = 400
    let (asked, response, _) = try await Self.answer(model, "What is MXFP4?", options)
    let exact = try await model.trace(of: asked, response: response, responseOptions: options)
    let answered = Conversation(asked.messages + response.messages)
    let trace = try await model.trace(of: answered, options: TraceOptions())
    #expect(trace.tokens.dropLast().map(\.id) == exact.tokens.dropLast().map(\.id))
    #expect(trace.tokens.map(\.isGenerated) == exact.tokens.map(\.isGenerated))
    #expect(
      trace.tokens.dropLast().map(\.logProbability) == exact.tokens.dropLast().map(\.logProbability))
    #expect(trace.tokens.allSatisfy { $0.sampling == nil } && trace.sampling == nil)
    #expect(trace.tokens.suffix(5).allSatisfy { $0.lens.count == 8 }, "the lens is read for the answer")
  }

  @Test func aLimitOfTokensHolds() async throws {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    for limit in [9, 10] {
      let trace = { try await model.trace(of: Array(0..<10), options: TraceOptions(tokenLimit: limit)) }
      guard limit < 10 else {
        #expect(try await trace().tokens.count == 10)
        continue
      }
      let error = await #expect(throws: GPTOSSError.self) { try await trace() }
      guard case .traceTooLong(10, 9)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  /// Tokens without a choice were taken without logits, and reasoning that had a budget was ended: the trace
  /// tells of the same tokens.
  @Test(arguments: [nil, ReasoningBudget.tokens(5)])
  func whatWasForcedIsToldToo(budget: ReasoningBudget?) async throws {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    var options = Self.options
    options.logProbabilities = nil
    options.reasoningBudget = budget
    let (conversation, response, _) = try await Self.answer(model, "What is MXFP4?", options)
    #expect(response.statistics.forcedTokens > 0)
    let trace = try await model.trace(of: conversation, response: response, responseOptions: options)
    let answer = trace.tokens.suffix(response.tokens.count)
    #expect(answer.map(\.id) == response.tokens)
    #expect(answer.allSatisfy { $0.sampling?.chosen == $0.id })
    let forced = answer.count { $0.sampling?.steps.first == .init(stage: .mask, remaining: 1) }
    #expect(forced >= response.statistics.forcedTokens)
  }

  @Test func everyLayerHasEveryToken() async throws {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    let tokens = model.tokenizer.encode("The quick brown fox jumps over the lazy dog, again and again.")
    let trace = try await model.trace(of: tokens, options: TraceOptions(lens: .all, alternativeCount: 3))
    #expect(
      trace.tokens.map(\.text).joined() == "The quick brown fox jumps over the lazy dog, again and again.")
    #expect(trace.tokens.allSatisfy { $0.channel == .text && !$0.isGenerated })
    #expect(trace.layers.count == 8 && trace.layers.map(\.window) == (0..<8).map { $0 % 2 == 0 ? 128 : nil })
    for layer in trace.layers {
      #expect(layer.tokenCount == tokens.count)
      for token in tokens.indices {
        let router = layer.routerLogits(of: token)
        let best = router.indices.sorted { router[$0] > router[$1] }.prefix(2).map { $0 - router.startIndex }
        #expect(layer.experts(of: token) == best)
        #expect(abs(layer.weights(of: token).reduce(0, +) - 1) < 1e-5)
        for (head, sink) in layer.sinkShares(of: token).enumerated() {
          let attended = layer.attended(of: token, head: head)
          #expect(attended.reduce(sink) { $0 + $1.share } < 1.001)
          #expect(attended.allSatisfy { $0.position <= token })
        }
      }
    }
    for token in trace.tokens.dropFirst() {
      #expect(token.lens.count == 8 && token.alternatives.count == 3)
      // The last layer's residual stream is what the model's own logits are made of.
      #expect(token.lens.last?.logProbability == token.logProbability)
      #expect(token.lens.last?.best == token.alternatives)
      #expect(token.alternatives.allSatisfy { trace.texts[$0.token] != nil })
    }
  }

  /// Whatever the passes, the numbers are the same.
  @Test func batchesDoNotChangeATrace() async throws {
    var traces: [Trace] = []
    for batch in [5, 256] {
      let model = try await LanguageModel.load(
        contentsOf: SmallModel.url, options: LoadOptions(largestBatch: batch))
      let tokens = model.tokenizer.encode("A trace does not depend on how tokens were grouped into passes.")
      traces.append(try await model.trace(of: tokens))
    }
    for (one, other) in zip(traces[0].layers, traces[1].layers) {
      #expect(one.routerLogits == other.routerLogits && one.sinkShares == other.sinkShares)
      #expect(one.expertNorms == other.expertNorms && one.residualNorms == other.residualNorms)
    }
    #expect(traces[0].tokens.map(\.logProbability) == traces[1].tokens.map(\.logProbability))
  }

  @Test func aSessionIsTracedWithAllThatWasSaid() async throws {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    let session = ChatSession(model: model)
    await #expect(throws: GPTOSSError.self) { try await model.trace(of: session) }
    let first = try await session.respond(
      to: "My name is Nora.", options: ActOptions(temperature: 0, maximumTokens: 100))
    let second = try await session.respond(
      to: "What is my name?", options: ActOptions(temperature: 0, maximumTokens: 100))
    let trace = try await model.trace(of: session)
    func text(_ channel: Trace.Channel) -> String {
      trace.tokens.filter { $0.channel == channel }.map(\.text).joined()
    }
    #expect(text(.user) == "My name is Nora.What is my name?")
    #expect(text(.final) == first.text + second.text)
    #expect(text(.analysis).contains(second.reasoning))
    #expect(trace.tokens.filter { $0.channel == .final }.allSatisfy { $0.isGenerated })
    #expect(trace.tokens.filter { $0.channel == .user }.allSatisfy { !$0.isGenerated })
  }

  @Test func whatCannotBeTracedIsRefused() async throws {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    await #expect(throws: GPTOSSError.self) { try await model.trace(of: []) }
    await #expect(throws: GPTOSSError.self) { try await model.trace(of: [1_000_000]) }
    await #expect(throws: GPTOSSError.self) {
      try await model.trace(of: Array(repeating: 1, count: 65_537))
    }
  }
}
