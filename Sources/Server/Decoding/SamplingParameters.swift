import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSSampling

extension SamplingOptions {
  /// The sampling parameters of a request: OpenAI's, and `top_k`, `min_p` and `repeat_penalty` as other servers have
  /// them.
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
    if let value = try request.integer("seed") { seed = UInt64(bitPattern: Int64(value)) }
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
