import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSKernels
import GPTOSSSampling
import GPTOSSTokenizer
import Testing

/// Fewer passes than tokens, and the same text, bit for bit.
///
/// Breaks when a token that was forced or guessed changes what is generated: its random numbers, its
/// penalties, the keys and values that later tokens see, what a stop sequence cuts off.
struct SpeedupTests {
  /// What a generation shows.
  private struct Shown: Equatable {
    var tokens: [TokenID] = []
    var text = ""
    var logProbabilities: [Double?] = []
    var stopReason: StopReason?
    var stopSequence: String?
    var failure: String?
    // Not compared.
    var statistics: GenerationStatistics?

    static func == (a: Shown, b: Shown) -> Bool {
      a.tokens == b.tokens && a.text == b.text && a.logProbabilities == b.logProbabilities
        && a.stopReason == b.stopReason && a.stopSequence == b.stopSequence && a.failure == b.failure
    }
  }

  private static func collect(_ events: EventStream<GenerationEvent>) async -> Shown {
    var shown = Shown()
    do {
      for try await event in events {
        switch event {
        case .prompt: break
        case .token(let token):
          shown.tokens.append(token.id)
          shown.text += token.text
          shown.logProbabilities.append(token.logProbability)
        case .finished(let text, let statistics):
          shown.text += text
          shown.stopReason = statistics.stopReason
          shown.stopSequence = statistics.stopSequence
          shown.statistics = statistics
        }
      }
    } catch { shown.failure = "\(error)" }
    return shown
  }

  private static func collect(_ events: EventStream<ResponseEvent>) async -> Shown {
    var shown = Shown()
    do {
      for try await event in events {
        switch event {
        case .token(let token): shown.logProbabilities.append(token.logProbability)
        case .text(let text), .reasoning(let text), .toolCallArguments(_, let text): shown.text += text
        case .toolCallStarted(_, let name): shown.text += "<\(name)>"
        case .finished(let response):
          shown.tokens = response.tokens
          shown.stopReason = response.statistics.stopReason
          shown.stopSequence = response.statistics.stopSequence
          shown.statistics = response.statistics
        default: break
        }
      }
    } catch { shown.failure = "\(error)" }
    return shown
  }

  /// A model with all speedups, which guesses whenever it can, and one with none.
  private static func models(
    _ kernels: KernelSetName?, precision: Precision = .fast, contextLength: Int? = nil,
    largestBatch: Int = 256
  ) async throws -> (quick: LanguageModel, plain: LanguageModel) {
    var options = LoadOptions(
      kernels: kernels, precision: precision, threads: 2, contextLength: contextLength,
      largestBatch: largestBatch)
    options.passCost = { _ in 1 }
    let quick = try await RandomModel.load(options)
    options.takesForcedTokens = false
    return (quick, try await RandomModel.load(options))
  }

  /// Biases under which a random model says the same few things again and again, and now and then another.
  private static func biases(_ model: LanguageModel) -> [Int: Float] {
    Dictionary(model.tokenizer.encode("the cat, a dog").prefix(5).map { ($0, Float(9)) }) { $1 }
  }

  private static func variants(_ model: LanguageModel, _ seed: UInt64) -> [GenerationOptions] {
    let plain = GenerationOptions(seed: seed, maximumTokens: 40, stopTokens: [], loopGuard: nil)
    func with(_ change: (inout GenerationOptions) -> Void) -> GenerationOptions {
      var options = plain
      options.logitBias = biases(model)
      change(&options)
      return options
    }
    return [
      plain, with { _ in }, with { $0.temperature = 0 }, with { ($0.topK, $0.minP) = (3, 0.05) },
      with { ($0.repetitionPenalty, $0.frequencyPenalty, $0.penaltyWindow) = (1.2, 0.3, 16) },
      with { $0.stopSequences = ["cat"] }, with { $0.logProbabilities = 2 },
      with { $0.loopGuard = LoopGuard(longestPeriod: 4, repeats: 3, minimumTokens: 8) },
      with { $0.stopTokens = Set(model.tokenizer.encode("dog").suffix(1)) },
      with { ($0.topP, $0.temperature, $0.maximumTokens) = (0.9, 0.4, 7) },
    ]
  }

  /// Continued text: guesses alone, one generation and four side by side. (With `blas` generations side by
  /// side are not what they are alone, so nothing is guessed.)
  @Test(arguments: KernelSetName.allCases.filter { $0.isSupported && $0 != .blas })
  func guessesChangeNothing(kernels: KernelSetName) async throws {
    let (quick, plain) = try await Self.models(kernels)
    let prompts = ["the cat, the cat, a dog, the cat,", "a dog", "cat cat cat cat dog dog dog", "x"]
      .map { plain.tokenizer.encode($0) }
    var (drafted, accepted) = (0, 0)
    for seed in 0..<3 as Range<UInt64> {
      for options in Self.variants(plain, seed) {
        var off = options
        off.lookahead = .off
        var expected: [Shown] = []
        for prompt in prompts {
          let shown = await Self.collect(plain.generate(from: prompt, options: off))
          let figures = try #require(shown.statistics)
          #expect(figures.passes == figures.generatedTokens && figures.draftedTokens == 0)
          expected.append(shown)
        }
        // The others are there to share the passes.
        let together = await withTaskGroup(of: (Int, Shown).self) { group in
          for (index, prompt) in prompts.enumerated() {
            group.addTask { (index, await Self.collect(quick.generate(from: prompt, options: options))) }
          }
          return await group.reduce(into: [Shown](repeating: Shown(), count: prompts.count)) {
            $0[$1.0] = $1.1
          }
        }
        #expect(together == expected, "\(kernels), seed \(seed), \(options)")
        let alone = await Self.collect(quick.generate(from: prompts[0], options: options))
        #expect(alone == expected[0], "\(kernels), seed \(seed), \(options)")
        let figures = try #require(alone.statistics)
        // The token that ends a text may have been guessed, too.
        #expect((0...1).contains(figures.passes + figures.acceptedTokens - figures.generatedTokens))
        drafted += figures.draftedTokens
        accepted += figures.acceptedTokens
      }
    }
    #expect(accepted > 0 && drafted > accepted, "\(accepted) of \(drafted): both have to happen")
  }

  private static let tools = DeveloperContent(functions: [
    ToolDescription(
      name: "get_weather", description: "",
      parameters: [
        "type": "object",
        "properties": [
          "city": ["type": "string", "maxLength": 8], "unit": ["enum": ["celsius", "fahrenheit"]],
        ],
        "required": ["city", "unit"], "additionalProperties": false,
      ]), ToolDescription(name: "time", description: ""),
  ])

  private static let schema: JSONValue = [
    "type": "object",
    "properties": [
      "departure_date": ["type": "string", "maxLength": 6], "passengers": ["type": "integer", "maximum": 9],
      "kind": ["const": "return flight"],
      "seats": ["type": "array", "items": ["type": "boolean"], "maxItems": 3],
    ],
    "required": ["departure_date", "passengers", "kind", "seats"], "additionalProperties": false,
  ]

  private static func responses(
    _ seed: UInt64
  ) -> [(developer: DeveloperContent, options: ResponseOptions)] {
    func options(
      temperature: Float = 1, maximumTokens: Int = 160, _ change: (inout ResponseOptions) -> Void = { _ in }
    ) -> ResponseOptions {
      var options = ResponseOptions(
        temperature: temperature, seed: seed, maximumTokens: maximumTokens, loopGuard: nil,
        reasoningBudget: .tokens(6))
      change(&options)
      return options
    }
    return [
      (DeveloperContent(), options(maximumTokens: 40)),
      (tools, options(maximumTokens: 60)), (tools, options { $0.toolChoice = .required }),
      (tools, options(temperature: 0) { $0.toolChoice = .tool("get_weather") }),
      (
        tools,
        options {
          $0.toolChoice = .tool("get_weather")
          $0.allowsParallelToolCalls = true
        }
      ),
      (DeveloperContent(), options { $0.format = .schema(schema) }),
      (DeveloperContent(), options(temperature: 0) { $0.format = .schema(schema) }),
      (DeveloperContent(), options(maximumTokens: 110) { $0.format = .schema(schema) }),
      (tools, options { ($0.format, $0.logProbabilities) = (.schema(schema), 1) }),
      (DeveloperContent(), options { ($0.format, $0.repetitionPenalty) = (.schema(schema), 1.3) }),
      (DeveloperContent(), options(maximumTokens: 80) { $0.format = .jsonObject }),
    ]
  }

  /// Answers held to the format, to tools and to schemas: forced tokens and guesses.
  @Test(arguments: KernelSetName.allCases.filter(\.isSupported), [Precision.fast, .precise])
  func rulesChangeNothing(kernels: KernelSetName, precision: Precision) async throws {
    let (quick, plain) = try await Self.models(kernels, precision: precision)
    var (forced, tokens, passes) = (0, 0, 0)
    for seed in 0..<4 as Range<UInt64> {
      for (number, (developer, options)) in Self.responses(seed).enumerated() {
        let conversation = Conversation([
          .system(SystemContent()), .developer(developer), Message(.user, "the cat, the cat, a dog"),
        ])
        var off = options
        off.lookahead = .off
        let expected = await Self.collect(plain.respond(to: conversation, options: off))
        let shown = await Self.collect(quick.respond(to: conversation, options: options))
        #expect(shown == expected, "\(kernels), \(precision), seed \(seed), answer \(number)")
        if let figures = expected.statistics {
          #expect(figures.passes == figures.generatedTokens && figures.forcedTokens == 0)
        }
        let figures = try #require(shown.statistics)
        forced += figures.forcedTokens
        tokens += figures.generatedTokens
        passes += figures.passes
      }
    }
    let few = kernels == .blas ? tokens : tokens - forced / 2
    #expect(forced > 0 && passes < few, "\(passes) passes, \(tokens) tokens, \(forced) forced")
  }

  /// Where the limits of the context and of a pass come in the middle of what is forced or guessed.
  @Test func limitsAreTheSame() async throws {
    for contextLength in 60...68 {
      let (quick, plain) = try await Self.models(nil, contextLength: contextLength, largestBatch: 5)
      var options = GenerationOptions(temperature: 0, stopTokens: [], loopGuard: nil)
      options.logitBias = Self.biases(plain)
      let prompt = plain.tokenizer.encode("the cat, the cat, a dog, the cat, the cat")
      var off = options
      off.lookahead = .off
      let expected = await Self.collect(plain.generate(from: prompt, options: off))
      let shown = await Self.collect(quick.generate(from: prompt, options: options))
      #expect(shown == expected && shown.stopReason == .contextFull)
    }
    let (quick, plain) = try await Self.models(nil, largestBatch: 3)
    let conversation = Conversation([.system(SystemContent()), Message(.user, "the cat")])
    for limit in 60...90 {
      let options = ResponseOptions(
        seed: UInt64(limit), maximumTokens: limit, format: .schema(Self.schema), reasoningBudget: .tokens(3))
      var off = options
      off.lookahead = .off
      let expected = await Self.collect(plain.respond(to: conversation, options: off))
      let shown = await Self.collect(quick.respond(to: conversation, options: options))
      #expect(shown == expected, "at most \(limit) tokens")
    }
  }

  /// What was not chosen is out of the cache: a conversation goes on as if nothing had been guessed. The
  /// sliding layers' rings have come round by then.
  @Test func rejectedGuessesLeaveNoTrace() async throws {
    let (quick, plain) = try await Self.models(nil, largestBatch: 32)
    var texts: [[String]] = []
    for (model, lookahead) in [(quick, Lookahead.auto), (plain, .off)] {
      let session = ChatSession(model: model, tools: [])
      var answers: [String] = []
      for turn in 0..<6 {
        var options = ActOptions(
          seed: UInt64(turn), maximumTokens: 90, loopGuard: nil, reasoningBudget: .tokens(20))
        options.lookahead = lookahead
        options.logitBias = Self.biases(model)
        let response = try await session.respond(to: "the cat, the cat, a dog \(turn)", options: options)
        answers.append(response.reasoning + "|" + response.text)
      }
      texts.append(answers)
    }
    #expect(texts[0] == texts[1])
  }

  /// Where log-probabilities are asked for, forced tokens have theirs, and still share a pass.
  @Test func forcedTokensHaveLogProbabilities() async throws {
    let (quick, plain) = try await Self.models(nil)
    let conversation = Conversation([.system(SystemContent()), Message(.user, "Go on")])
    let options = ResponseOptions(
      seed: 1, maximumTokens: 200, logProbabilities: 0,
      format: .schema(["const": ["departure": "tomorrow morning", "kind": "return flight"]]),
      reasoningBudget: .tokens(0))
    let shown = await Self.collect(quick.respond(to: conversation, options: options))
    let expected = await Self.collect(plain.respond(to: conversation, options: options))
    #expect(shown == expected && shown.logProbabilities.allSatisfy { $0 != nil })
    #expect(shown.logProbabilities.count > 10)
    let figures = try #require(shown.statistics)
    #expect(figures.passes < figures.generatedTokens && figures.forcedTokens == 0)
  }
}
