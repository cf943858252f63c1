import GPTOSS
import GPTOSSJSON
import GPTOSSRemote
import GPTOSSSampling
import Testing

/// Breaks when a request leaves something to a server's default, or says it under another name than vLLM's.
struct DialectTests {
  private let ends: Set = [2040, 2041, 2047]

  @Test func everythingIsSaidToGenerate() throws {
    let sampling = SamplingOptions(
      temperature: 0.5, topK: 40, topP: 0.25, minP: 0.125, repetitionPenalty: 1.5, frequencyPenalty: 0.25,
      presencePenalty: -0.5, logitBias: [3: 2, 1: -.infinity])
    let body = try Dialect.generate.body(
      [1, 2], .small(.generate, limit: 7), sampling, seed: 5, ends: ends,
      structure: ["structural_tag": "x"], isOwn: false)
    let expected: JSONValue = [
      "model": "assistant", "stream": true, "stream_options": ["include_usage": true], "token_ids": [1, 2],
      "sampling_params": [
        "max_tokens": 7, "repetition_penalty": 1.5, "frequency_penalty": 0.25, "presence_penalty": -0.5,
        "seed": 5, "stop_token_ids": [2040, 2041, 2047], "skip_special_tokens": false, "temperature": 0.5,
        "top_p": 0.25, "top_k": 40, "min_p": 0.125, "logit_bias": ["1": -100.0, "3": 2.0],
        "structured_outputs": ["structural_tag": "x"],
      ],
    ]
    #expect(body == expected)
  }

  @Test func defaultsAreSaidToCompletions() throws {
    var order = TokenStream.Order.small(.completions, limit: 7)
    let body = try Dialect.completions.body(
      [1, 2], order, SamplingOptions(), seed: 1 << 63, ends: ends, structure: nil, isOwn: false)
    let expected: JSONValue = [
      "model": "assistant", "stream": true, "stream_options": ["include_usage": true], "max_tokens": 7,
      "repetition_penalty": 1.0, "frequency_penalty": 0.0, "presence_penalty": 0.0,
      "seed": -9_223_372_036_854_775_808, "stop_token_ids": [2040, 2041, 2047], "skip_special_tokens": false,
      "temperature": 1.0, "top_p": 1.0, "top_k": 0, "min_p": 0.0, "prompt": [1, 2],
      "return_token_ids": true, "loop_guard": false,
    ]
    #expect(body == expected)
    // Tokens are told by ids, since their texts need not differ.
    let scored = try Dialect.completions.body(
      [1], .small(.completions, logProbabilities: 2), SamplingOptions(), seed: 0, ends: ends, structure: nil,
      isOwn: false)
    #expect(scored["logprobs"] == 2 && scored["return_tokens_as_token_ids"] == true)
    // Where other tokens are to end the text, the model's own do not.
    order.stopTokens = [7]
    let other = try Dialect.completions.body(
      [1], order, SamplingOptions(), seed: 0, ends: ends, structure: nil, isOwn: false)
    #expect(other["stop_token_ids"] == [7] && other["ignore_eos"] == true)
  }

  /// Breaks when what the model's file recommends does not count at a server of our own, since a default was
  /// said in its place.
  @Test func whatIsLeftOutIsLeftToOurOwnServer() throws {
    let names = ["temperature", "top_p", "top_k", "min_p"]
    let silent = try Dialect.completions.body(
      [1], .small(.completions), SamplingOptions(), seed: 0, ends: ends, structure: nil, isOwn: true)
    #expect(names.allSatisfy { silent[$0] == nil } && silent["repetition_penalty"] == 1.0)
    let said = try Dialect.completions.body(
      [1], .small(.completions), SamplingOptions(temperature: 0, topK: 0, topP: 1, minP: 0), seed: 0,
      ends: ends, structure: nil, isOwn: true)
    #expect(names.map { said[$0] } == [0.0, 1.0, 0, 0.0])
  }

  /// What a server would ignore, or clamp.
  @Test(
    arguments: [
      (SamplingOptions(penaltyWindow: 5), nil), (SamplingOptions(frequencyPenalty: 3), "frequency_penalty"),
      (SamplingOptions(presencePenalty: -3), "presence_penalty"),
      (SamplingOptions(temperature: 2.5), "temperature"),
      (SamplingOptions(temperature: 0.005), "temperature"), (SamplingOptions(seed: .max), "seed"),
      (SamplingOptions(logitBias: [1: 101]), "logit_bias"),
    ] as [(SamplingOptions, String?)])
  func impossible(_ sampling: SamplingOptions, _ parameter: String?) {
    let error = #expect(throws: RemoteError.self) {
      try sampling.checkForRemote()
      _ = try Dialect.generate.body(
        [1], .small(.generate), sampling, seed: 0, ends: ends, structure: nil, isOwn: false)
    }
    #expect(error?.isOfRequest == true && error?.parameter == parameter)
  }
}
