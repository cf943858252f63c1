import GPTOSS
package import GPTOSSJSON
package import GPTOSSSampling
package import GPTOSSTokenizer

/// Which of a server's endpoints takes token ids.
package enum Dialect: Sendable {
  /// vLLM's `/inference/v1/generate`, which has to be opened with `--enable-scale-out`: nothing but tokens, and
  /// no log-probabilities.
  case generate
  /// `/v1/completions` with `return_token_ids`.
  case completions

  /// The endpoint's path.
  var path: String {
    switch self {
    case .generate: "inference/v1/generate"
    case .completions: "v1/completions"
    }
  }

  /// The body of a request for a stream.
  ///
  /// Everything is said that has a default, which differs from server to server and from model to model. What
  /// gptoss is not told, it takes from the model's file, as it would for a model in this process.
  ///
  /// - Parameters:
  ///   - prompt: token ids.
  ///   - order: the model, the limit, the tokens that end the text, and log-probabilities.
  ///   - sampling: valid options.
  ///   - seed: where the random numbers begin.
  ///   - ends: the tokens that end a text without being asked to.
  ///   - structure: what the text is held to, in the server's form; nil for nothing.
  ///   - isOwn: whether the server is a gptoss.
  /// - Throws: ``RemoteError/unsupported(option:reason:)``.
  package func body(
    _ prompt: [TokenID], _ order: TokenStream.Order, _ sampling: SamplingOptions, seed: UInt64,
    ends: Set<TokenID>, structure: JSONValue?, isOwn: Bool
  ) throws(RemoteError) -> JSONValue {
    // Not -1 for "all" tokens, which some versions take for that and others do not.
    let neutral = SamplingOptions(temperature: 1, topK: 0, topP: 1, minP: 0)
    let sampling = isOwn ? sampling : sampling.filled(by: neutral)
    var parameters = JSONObject([
      (key: "max_tokens", value: JSONValue(order.limit)),
      (key: "repetition_penalty", value: JSONValue(decimal: sampling.repetitionPenalty)),
      (key: "frequency_penalty", value: JSONValue(decimal: sampling.frequencyPenalty)),
      (key: "presence_penalty", value: JSONValue(decimal: sampling.presencePenalty)),
      (key: "seed", value: JSONValue(Int64(bitPattern: seed))),
      (key: "stop_token_ids", value: .array(order.stopTokens.sorted().map { JSONValue($0) })),
      (key: "skip_special_tokens", value: false),
    ])
    parameters["temperature"] = sampling.temperature.map { JSONValue(decimal: $0) }
    parameters["top_p"] = sampling.topP.map { JSONValue(decimal: $0) }
    parameters["top_k"] = sampling.topK.map { JSONValue($0) }
    parameters["min_p"] = sampling.minP.map { JSONValue(decimal: $0) }
    if !ends.isSubset(of: order.stopTokens) { parameters["ignore_eos"] = true }
    if !sampling.logitBias.isEmpty { parameters["logit_bias"] = try Self.json(sampling.logitBias) }
    parameters["structured_outputs"] = structure
    let usage: JSONValue = ["include_usage": true]
    let stream = JSONObject([
      (key: "model", value: .string(order.model)), (key: "stream", value: true),
      (key: "stream_options", value: usage),
    ])
    let tokens = JSONValue.array(prompt.map { JSONValue($0) })
    switch self {
    case .generate:
      var body = stream
      body["token_ids"] = tokens
      body["sampling_params"] = .object(parameters)
      return .object(body)
    case .completions:
      var body = JSONObject(stream.entries + parameters.entries)
      body["prompt"] = tokens
      body["return_token_ids"] = true
      // Loops are looked for here, where the guard can be set.
      body["loop_guard"] = false
      if let count = order.logProbabilities {
        body["logprobs"] = JSONValue(count)
        body["return_tokens_as_token_ids"] = true
      }
      return .object(body)
    }
  }

  /// `{"token id": bias}`; -100 forbids a token, as OpenAI says.
  private static func json(_ biases: [Int: Float]) throws(RemoteError) -> JSONValue {
    var object = JSONObject()
    for (token, bias) in biases.sorted(by: { $0.key < $1.key }) {
      guard bias == -.infinity || abs(bias) <= 100 else {
        throw .unsupported(
          option: "a logit bias of \(bias)", reason: "servers take -100 to 100", parameter: "logit_bias")
      }
      object[String(token)] = JSONValue(decimal: bias == -.infinity ? -100 : bias)
    }
    return .object(object)
  }
}

extension SamplingOptions {
  /// Checks the options that a server would ignore without a word, or take for others.
  ///
  /// - Throws: ``RemoteError/unsupported(option:reason:)``.
  package func checkForRemote() throws(RemoteError) {
    if penaltyWindow != nil {
      throw .unsupported(option: "a penalty window", reason: "servers look at all tokens")
    }
    for (name, value) in [("frequency", frequencyPenalty), ("presence", presencePenalty)]
    where abs(value) > 2 {
      throw .unsupported(
        option: "a \(name) penalty of \(value)", reason: "servers take -2 to 2", parameter: "\(name)_penalty")
    }
    if let temperature, temperature > 2 || temperature > 0 && temperature < 0.01 {
      throw .unsupported(
        option: "a temperature of \(temperature)", reason: "servers take 0, or 0.01 to 2",
        parameter: "temperature")
    }
    if seed == .max {
      throw .unsupported(
        option: "a seed of \(UInt64.max)", reason: "servers take it for no seed", parameter: "seed")
    }
  }
}
