package import GPTOSS
package import GPTOSSHarmony
package import GPTOSSJSON

/// What a prediction's configuration asks of the engine: the keys `llm.prediction.…`.
package struct PredictionConfiguration {
  /// What keys of predictions begin with.
  static let prefix = "llm.prediction."
  /// The layer by which lmstudio-python and older TypeScript SDKs ask for text to be continued as it is.
  private static let rawLayer = "completeModeFormatting"
  /// The most texts that end an answer.
  private static let stopLimit = 64

  package var generation = GenerationOptions()
  package var format: FormatParameters
  package var tools = ToolParameters()
  package var effort = ReasoningEffort.medium
  /// How much the model may reason; nil for as much as it likes.
  package var reasoningBudget: ReasoningBudget?
  package var overflow = ContextOverflow.truncateMiddle
  package var tags = ReasoningTags()
  /// The instructions of a conversation that has none.
  package var systemPrompt: String?
  /// Whether the prompt is text to be continued as it is.
  package var isRaw: Bool
  /// Which tools may be called, to be read when the tools are known.
  private var toolChoice: JSONField?
  /// Keys that the engine cannot honor.
  package private(set) var ignored: [String] = []
  /// What an answer says of its configuration.
  package private(set) var json: JSONValue = ["fields": []]

  /// Keys that an answer repeats. Tools and schemas are long, and the client has them.
  private static let repeated: Set<String> = Set(
    [
      "temperature", "topKSampling", "topPSampling", "minPSampling", "repeatPenalty", "maxPredictedTokens",
      "stopStrings", "seed", "contextOverflowPolicy", "llama.frequencyPenalty", "llama.presencePenalty",
    ].map { prefix + $0 })

  /// - Throws: `ServerError` or `JSONError` that names the key at fault.
  package init(_ stack: ConfigurationStack) throws {
    isRaw = stack.layers.contains(Self.rawLayer)
    format = try FormatParameters(nil, layout: .chat)
    for key in stack.keys {
      let isHonored =
        key.hasPrefix(Self.prefix)
        ? try read(String(key.dropFirst(Self.prefix.count)), stack, key) : false
      if !isHonored { ignored.append(key) }
    }
    if let toolChoice {
      tools.choice = try ToolParameters.choice(
        toolChoice.string(), toolChoice, among: !tools.declared.isEmpty)
    }
    json = stack.json(stack.keys.filter(Self.repeated.contains))
  }

  /// Checks that nothing is asked of text to be continued that only an answer can keep.
  ///
  /// - Throws: `ServerError` that names the key at fault.
  func checkRaw() throws(ServerError) {
    let keys = [("structured", format.format != .text), ("rawTools", !tools.declared.isEmpty)]
    guard let (name, _) = keys.first(where: \.1) else { return }
    throw .unsupported(
      parameter: Self.prefix + name, what: "text that is continued has neither schemas nor tools; use respond"
    )
  }

  /// Reads a key.
  ///
  /// - Returns: whether it is honored; a key that asks for nothing is.
  private mutating func read(_ name: String, _ stack: ConfigurationStack, _ key: String) throws -> Bool {
    guard let value = stack.value(key) else { return true }
    switch name {
    case "temperature": generation.temperature = Float(try value.number(in: 0...100))
    case "topKSampling": generation.topK = max(try value.integer(in: -1...Int.max), 0)
    case "topPSampling": generation.topP = try stack.checked(key)?.float(in: 0...1)
    case "minPSampling": generation.minP = try stack.checked(key)?.float(in: 0...1)
    case "repeatPenalty":
      generation.repetitionPenalty = try stack.checked(key)?.float(in: 0.01...100) ?? 1
    case "llama.frequencyPenalty":
      generation.frequencyPenalty = try stack.checked(key)?.float(in: -100...100) ?? 0
    case "llama.presencePenalty":
      generation.presencePenalty = try stack.checked(key)?.float(in: -100...100) ?? 0
    case "seed":
      // -1 is a seed by chance.
      let seed = try stack.checked(key)?.integer()
      generation.seed = seed.flatMap { $0 == -1 ? nil : UInt64(bitPattern: Int64($0)) }
    case "maxPredictedTokens":
      let limit = try stack.checked(key)?.integer(in: -1...Int.max)
      generation.maximumTokens = limit == -1 ? nil : limit
    case "logProbs": generation.logProbabilities = try stack.checked(key)?.integer(in: 0...20)
    case "llama.logitBias": generation.logitBias = try Self.biases(value)
    case "stopStrings": generation.stopSequences = try Self.stops(value)
    case "contextOverflowPolicy": overflow = try Self.overflow(value)
    case "systemPrompt": systemPrompt = try value.string()
    case "structured": return try readFormat(value)
    case "tools": return try readTools(value)
    case "toolChoice": return try readToolChoice(value)
    case "reasoning.parsing": tags = try ReasoningTags(value)
    // The model always reasons; it can do so less.
    case "reasoning.enableThinking": if try !value.bool() { effort = .low }
    case "reasoning.budgetTokens":
      if let count = try stack.checked(key)?.integer(in: 0...Int.max) {
        effort = Self.effort(count)
        reasoningBudget = .tokens(count)
      }
    // Whichever model drafts, the answer is the same.
    case _ where name.hasPrefix("speculativeDecoding."): break
    case "promptTemplate" where isRaw: break
    default: return false
    }
    return true
  }

  // MARK: Values

  private static func stops(_ value: JSONField) throws -> [String] {
    let texts = try value.elements()
    guard texts.count <= stopLimit else {
      throw ServerError.outOfRange(
        parameter: value.path, expected: "at most \(stopLimit) texts", actual: String(texts.count))
    }
    return try texts.map { try $0.string() }
  }

  /// `[[token, bias], …]`, in which `"-inf"` forbids a token.
  private static func biases(_ value: JSONField) throws -> [Int: Float] {
    var biases: [Int: Float] = [:]
    for pair in try value.elements() {
      let pair = try pair.elements()
      guard pair.count == 2 else {
        throw ServerError.invalid(parameter: value.path, problem: "each element has to be [token, bias]")
      }
      let bias = pair[1].value == "-inf" ? -Float.infinity : Float(try pair[1].number(in: -1000...1000))
      let token = try pair[0].integer(in: 0...Int.max)
      biases[token] = bias
    }
    return biases
  }

  private static func overflow(_ value: JSONField) throws -> ContextOverflow {
    switch try value.string() {
    case "stopAtLimit": .stop
    case "truncateMiddle": .truncateMiddle
    case "rollingWindow": .dropOldestTurns
    case let other:
      throw value.unknownValue(other, allowed: ["stopAtLimit", "truncateMiddle", "rollingWindow"])
    }
  }

  /// The effort whose reasoning is about as long as a budget of tokens.
  private static func effort(_ budget: Int) -> ReasoningEffort {
    budget < 1024 ? .low : budget < 16384 ? .medium : .high
  }

  private mutating func readFormat(_ value: JSONField) throws -> Bool {
    switch try value.required("type").string() {
    case "none": break
    case "json":
      let format: JSONValue =
        try value.optional("jsonSchema").map { schema in
          ["type": "json_schema", "json_schema": ["name": "answer", "schema": schema.value]]
        } ?? ["type": "json_object"]
      self.format = try FormatParameters(JSONField(format, path: value.path), layout: .chat)
    case let type:
      // What has to be held and cannot be is refused.
      throw ServerError.unsupported(
        parameter: value.path, what: "structures of type '\(type)'; give a JSON schema")
    }
    return true
  }

  private mutating func readTools(_ value: JSONField) throws -> Bool {
    guard try value.required("type").string() == "toolArray" else { return true }
    if let list = try value.optional("tools") { try tools.declared.read(tools: list, .chat) }
    return true
  }

  private mutating func readToolChoice(_ value: JSONField) throws -> Bool {
    guard try value.required("type").string() == "generic" else { return false }
    toolChoice = try value.required("mode")
    return true
  }
}

/// What marks reasoning in a text.
package struct ReasoningTags: Equatable, Sendable {
  package var start = "<think>"
  package var end = "</think>"
  /// Whether reasoning is told apart in the fragments of an answer.
  package var isParsed = true

  package init() {}

  /// Reads `{"enabled", "startString", "endString"}`.
  ///
  /// - Throws: `ServerError` or `JSONError` that names the key at fault.
  package init(_ value: JSONField) throws {
    isParsed = try value.flag("enabled") ?? true
    if let text = try Self.tag(value, "startString") { start = text }
    if let text = try Self.tag(value, "endString") { end = text }
  }

  /// A tag; nil for none. They are short, because texts are searched for them.
  private static func tag(_ value: JSONField, _ key: String) throws -> String? {
    guard let text = try value.text(key), !text.isEmpty else { return nil }
    guard text.utf8.count <= 64 else {
      throw ServerError.outOfRange(
        parameter: "\(value.path).\(key)", expected: "at most 64 bytes", actual: "\(text.utf8.count)")
    }
    return text
  }
}

extension JSONField {
  fileprivate func float(in range: ClosedRange<Double>) throws -> Float { Float(try number(in: range)) }
}
