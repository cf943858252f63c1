package import GPTOSS
package import GPTOSSJSON

/// One choice of a completion.
package struct CompletionChoice: AnswerChoice {
  let index: Int
  private let spelling: TokenSpelling?
  private var statistics: GenerationStatistics?
  private var text: String
  /// The tokens and where in the text they begin; empty if no log-probabilities are asked for.
  private var tokens: [(token: GeneratedToken, offset: Int)] = []

  /// - Parameters:
  ///   - echo: the prompt, if the answer is to begin with it.
  ///   - spelling: nil if no log-probabilities are asked for.
  package init(index: Int, echo: String, spelling: TokenSpelling?) {
    self.index = index
    self.spelling = spelling
    text = echo
  }

  package var opening: JSONValue? {
    if text.isEmpty { return nil }
    return json(text: text, [])
  }

  package mutating func read(_ event: GenerationEvent) -> JSONValue? {
    switch event {
    case .prompt: return nil
    case .token(let token):
      let added = spelling == nil ? [] : [(token: token, offset: text.unicodeScalars.count)]
      tokens += added
      text += token.text
      if token.text.isEmpty, spelling == nil { return nil }
      return json(text: token.text, added)
    case .finished(let rest, let statistics):
      text += rest
      self.statistics = statistics
      return json(text: rest, [], finish: finishReason)
    }
  }

  package var json: JSONValue { json(text: text, tokens, finish: finishReason) }

  func count(in usage: inout Usage) {
    if let statistics { usage.add(statistics) }
  }

  private var finishReason: FinishReason? {
    statistics.map { FinishReason($0.stopReason) }
  }

  private func json(
    text: String, _ tokens: [(token: GeneratedToken, offset: Int)], finish: FinishReason? = nil
  ) -> JSONValue {
    let choice: JSONValue = [
      "text": .string(text), "index": .integer(index), "logprobs": logProbabilities(tokens),
      "finish_reason": .optional(finish?.rawValue),
    ]
    return finish == nil ? choice : choice.adding(statistics?.stopReason.note ?? JSONObject())
  }

  /// Log-probabilities as completions have them: lists of equal length.
  private func logProbabilities(_ tokens: [(token: GeneratedToken, offset: Int)]) -> JSONValue {
    guard let spelling else { return .null }
    return [
      "tokens": .array(tokens.map { .string(spelling.text(of: $0.token.id)) }),
      "token_logprobs": .array(tokens.map { .decimal($0.token.logProbability ?? 0) }),
      "top_logprobs": .array(
        tokens.map { entry in
          .object(
            JSONObject(
              entry.token.alternatives.map {
                (key: spelling.text(of: $0.token), value: .decimal($0.logProbability))
              }))
        }),
      "text_offset": .array(tokens.map { .integer($0.offset) }),
    ]
  }
}
