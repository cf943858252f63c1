package import GPTOSS
import GPTOSSJSON
import GPTOSSSampling

/// What every request has: which model generates, how it samples, and whether the answer is a stream.
package struct GenerationParameters {
  /// The model's name as the client gave it.
  var model: String
  package var options: GenerationOptions
  package var isStreamed: Bool
  /// `ttl`: how long the model may go unused if this request loads it.
  var idleTime: Duration?

  /// Reads the parameters that all endpoints have under the same names.
  ///
  /// The limit of tokens and log-probabilities have different names.
  ///
  /// - Parameter stop: the name of the field with the texts that end an answer.
  /// - Throws: `ServerError` or `JSONError` with the parameter's path.
  init(parameters request: JSONField, stop: String = "stop") throws {
    model = try request.required("model").string()
    options = GenerationOptions(stopSequences: try Self.stopSequences(request.optional(stop)))
    options.sampling = try SamplingOptions(parameters: request)
    if try request.flag("loop_guard") == false { options.loopGuard = nil }
    isStreamed = try request.flag("stream") ?? false
    idleTime = try request.idleTime()
  }

  /// The engine's options for one of several choices.
  func options(choice: Int) -> GenerationOptions {
    var options = options
    // Every choice has a seed of its own. The same seed gives the same choices again.
    if let seed = options.sampling.seed { options.sampling.seed = seed &+ UInt64(choice) }
    return options
  }

  /// The texts that end an answer: one, or a list of up to sixteen.
  private static func stopSequences(_ field: JSONField?) throws -> [String] {
    guard let field else { return [] }
    if let text = field.value.stringValue { return [text] }
    guard field.value.arrayValue != nil else { throw field.wrongType("string or array") }
    let elements = try field.elements()
    guard elements.count <= 16 else {
      throw ServerError.outOfRange(
        parameter: field.path, expected: "at most 16 texts", actual: String(elements.count))
    }
    return try elements.map { try $0.string() }
  }
}

extension SamplingOptions {
  /// Reads the sampling parameters: OpenAI's, Anthropic's `top_k`, and `min_p` and `repeat_penalty` of other
  /// servers.
  ///
  /// - Throws: `ServerError` or `JSONError` with the parameter's path.
  init(parameters request: JSONField) throws {
    self.init()
    if let value = try request.number("temperature", in: 0...2) { temperature = Float(value) }
    if let value = try request.number("top_p", in: 0...1) { topP = Float(value) }
    // Other servers write -1 for "all".
    if let value = try request.integer("top_k", in: -1...Int.max) { topK = max(value, 0) }
    if let value = try request.number("min_p", in: 0...1) { minP = Float(value) }
    if let value = try request.number("presence_penalty", in: -2...2) { presencePenalty = Float(value) }
    if let value = try request.number("frequency_penalty", in: -2...2) { frequencyPenalty = Float(value) }
    for name in ["repeat_penalty", "repetition_penalty"] {
      if let value = try request.number(name, in: 0.01...100) { repetitionPenalty = Float(value) }
    }
    // Other servers write -1 for a seed by chance.
    if let value = try request.integer("seed"), value != -1 { seed = UInt64(bitPattern: Int64(value)) }
    if let field = try request.optional("logit_bias") { logitBias = try Self.biases(field) }
  }

  /// `{"token id": bias}`; -100 forbids the token, as OpenAI says.
  private static func biases(_ field: JSONField) throws -> [Int: Float] {
    var biases: [Int: Float] = [:]
    for (key, _) in try field.entries() {
      guard let token = Int(key), token >= 0 else {
        throw ServerError.invalid(
          parameter: field.path, problem: "its keys have to be token ids, not '\(key)'")
      }
      guard let bias = try field.number(key, in: -100...100) else { continue }
      biases[token] = bias == -100 ? -.infinity : Float(bias)
    }
    return biases
  }
}
