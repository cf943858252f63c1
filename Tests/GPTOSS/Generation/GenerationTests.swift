import Foundation
import GPTOSS
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSSampling
import GPTOSSSynthesis
import GPTOSSTokenizer
import Testing

/// Loading and generating with a random model, which talks nonsense, but the same nonsense every time.
struct GenerationTests {
  @Test func theSameSeedGivesTheSameTokens() async throws {
    let model = try await RandomModel.load()
    let prompt = model.tokenizer.encode("Once upon a time")
    let options = GenerationOptions(
      seed: 7, maximumTokens: 30, stopTokens: [], loopGuard: nil)
    let first = try await collect(model.generate(from: prompt, options: options))
    let second = try await collect(model.generate(from: prompt, options: options))
    #expect(first.tokens == second.tokens && first.text == second.text)
    #expect(first.tokens.count == 30)
    #expect(first.statistics?.stopReason == .maximumTokens)
    #expect(first.statistics?.promptTokens == prompt.count)
    #expect(first.statistics?.seed == 7)
  }

  @Test func generationsSideBySideGiveWhatTheyGiveAlone() async throws {
    let model = try await RandomModel.load()
    let prompts = ["a", "bc def", "The quick brown fox"].map { model.tokenizer.encode($0) }
    let options = GenerationOptions(
      temperature: 0, maximumTokens: 20, stopTokens: [], loopGuard: nil)
    var alone: [[TokenID]] = []
    for prompt in prompts {
      alone.append(try await collect(model.generate(from: prompt, options: options)).tokens)
    }
    let together = try await withThrowingTaskGroup(of: (Int, [TokenID]).self) { group in
      for (i, prompt) in prompts.enumerated() {
        group.addTask { (i, try await collect(model.generate(from: prompt, options: options)).tokens) }
      }
      return try await group.reduce(into: [[TokenID]](repeating: [], count: 3)) { $0[$1.0] = $1.1 }
    }
    #expect(together == alone)
  }

  /// Breaks when whoever asks something short waits for somebody's long prompt.
  @Test func aShortPromptDoesNotWaitForALongOne() async throws {
    let model = try await RandomModel.load(LoadOptions(threads: 2, largestBatch: 32))
    let options = GenerationOptions(temperature: 0, maximumTokens: 1, stopTokens: [], loopGuard: nil)
    let progress = Locked((read: 0, total: 0))
    let (hasBegun, begin) = AsyncStream.makeStream(of: Void.self)
    let long = Task {
      for try await event in model.generate(from: (0..<12_000).map { $0 % 200 }, options: options) {
        guard case .prompt(let read, let total) = event else { continue }
        progress.withLock { $0 = (read, total) }
        if read > 0 { begin.finish() }
      }
    }
    for await _ in hasBegun {}
    let short = try await collect(model.generate(from: [1, 2, 3], options: options))
    let reached = progress.withLock { $0 }
    #expect(short.tokens.count == 1 && reached.read < reached.total, "\(reached)")
    long.cancel()
    _ = await long.result
  }

  @Test func aStopTokenEndsTheTextAndIsNoText() async throws {
    let model = try await RandomModel.load()
    let prompt = model.tokenizer.encode("stop")
    let free = try await collect(
      model.generate(
        from: prompt, options: .init(temperature: 0, maximumTokens: 12, stopTokens: [], loopGuard: nil)))
    let stop = free.tokens[8]
    let stopped = try await collect(
      model.generate(
        from: prompt,
        options: .init(temperature: 0, maximumTokens: 12, stopTokens: [stop], loopGuard: nil)))
    let end = try #require(free.tokens.firstIndex(of: stop))
    #expect(stopped.tokens == Array(free.tokens[...end]))
    #expect(stopped.statistics?.stopReason == .stopToken)
    #expect(try model.tokenizer.decodeReplacingInvalid(Array(free.tokens[..<end])) == stopped.text)
  }

  @Test func theContextIsALimit() async throws {
    let model = try await RandomModel.load(LoadOptions(contextLength: 16))
    let options = GenerationOptions(temperature: 0, stopTokens: [], loopGuard: nil)
    let result = try await collect(model.generate(from: [1, 2, 3, 4], options: options))
    // 16 positions hold the prompt and twelve tokens; a thirteenth needs no position to be sampled.
    #expect(result.tokens.count == 13 && result.statistics?.stopReason == .contextFull)
    await #expect(throws: GPTOSSError.self) {
      for try await _ in model.generate(from: Array(repeating: 1, count: 17)) {}
    }
  }

  @Test func badPromptsAreRefused() async throws {
    let model = try await RandomModel.load()
    for prompt in [[], [-1], [1_000_000]] as [[TokenID]] {
      await #expect(throws: GPTOSSError.self) { for try await _ in model.generate(from: prompt) {} }
    }
  }

  @Test func cancellingStopsWithinAToken() async throws {
    let model = try await RandomModel.load()
    let options = GenerationOptions(stopTokens: [], loopGuard: nil)
    let task = Task {
      var count = 0
      for try await event in model.generate(from: [1], options: options) {
        if case .token = event { count += 1 }
        if count == 3 { break }
      }
      return count
    }
    #expect(try await task.value == 3)
    // The model is free for the next one: had the first gone on, its context of 131,072 would keep it busy.
    let next = try await collect(
      model.generate(from: [1], options: .init(maximumTokens: 2, stopTokens: [], loopGuard: nil)))
    #expect(next.tokens.count == 2)
  }

  @Test func unloadingEndsWhatRuns() async throws {
    let model = try await RandomModel.load()
    await #expect(throws: GPTOSSError.self) {
      for try await event in model.generate(from: [1], options: .init(stopTokens: [], loopGuard: nil)) {
        if case .token = event { await model.unload() }
      }
    }
    await #expect(throws: GPTOSSError.self) { for try await _ in model.generate(from: [1]) {} }
  }

  @Test func logitsComeForTheWantedPositions() async throws {
    let model = try await RandomModel.load()
    let seen = Locked<[Int]>([])
    try await model.withLogits(of: [5, 6, 7, 8, 9], at: 2..<5) { position, logits in
      #expect(logits.count == model.tokenizer.vocabulary.count)
      seen.withLock { $0.append(position) }
    }
    #expect(seen.withLock { $0 } == [2, 3, 4])
  }

  @Test func aMissingFileIsNamed() async {
    do {
      _ = try await LanguageModel.load(contentsOf: "/nowhere/model.gguf")
      Issue.record("a missing file was loaded")
    } catch {
      #expect("\(error)".contains("/nowhere/model.gguf"))
    }
  }
}

/// What a generation gave.
private struct Collected {
  var tokens: [TokenID] = []
  var text = ""
  var statistics: GenerationStatistics?
}

private func collect(_ events: EventStream<GenerationEvent>) async throws -> Collected {
  var result = Collected()
  for try await event in events {
    switch event {
    case .prompt: break
    case .token(let token):
      result.tokens.append(token.id)
      result.text += token.text
    case .finished(let text, let statistics):
      result.text += text
      result.statistics = statistics
    }
  }
  return result
}

/// A tiny model with random weights and the built-in vocabulary, written once for all tests.
enum RandomModel {
  private static let path = Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("gptoss-tests-\(UUID()).gguf")
      .path
    try SyntheticModel(shape: .tiny, vocabulary: .builtIn, seed: 11).write(to: path)
    return path
  }

  static func load(_ options: LoadOptions = LoadOptions(threads: 2)) async throws -> LanguageModel {
    try await LanguageModel.load(contentsOf: path.get(), options: options)
  }
}
