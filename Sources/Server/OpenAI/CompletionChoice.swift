package import GPTOSS
package import GPTOSSJSON

/// One choice of a completion.
package struct CompletionChoice: AnswerChoice {
  let index: Int
  private let spelling: TokenSpelling?
  private var statistics: GenerationStatistics?
  private var text: String
  private var logProbabilities = Told()

  /// Log-probabilities as completions have them: lists of equal length.
  private struct Told {
    var tokens: [JSONValue] = []
    var values: [JSONValue] = []
    var alternatives: [JSONValue] = []
    var offsets: [JSONValue] = []
  }

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
    return json(text: text, Told())
  }

  package mutating func read(_ event: GenerationEvent) -> JSONValue? {
    switch event {
    case .prompt: return nil
    case .token(let token):
      var told = Told()
      if let spelling {
        told.tokens = [.string(spelling.text(of: token.id))]
        told.values = [.decimal(token.logProbability ?? 0)]
        told.alternatives = [
          .object(
            JSONObject(
              token.alternatives.map {
                (key: spelling.text(of: $0.token), value: .decimal($0.logProbability))
              }))
        ]
        told.offsets = [.integer(text.unicodeScalars.count)]
        logProbabilities.tokens += told.tokens
        logProbabilities.values += told.values
        logProbabilities.alternatives += told.alternatives
        logProbabilities.offsets += told.offsets
      }
      text += token.text
      if token.text.isEmpty, spelling == nil { return nil }
      return json(text: token.text, told)
    case .finished(let rest, let statistics):
      text += rest
      self.statistics = statistics
      return json(text: rest, Told(), finish: finishReason)
    }
  }

  package var json: JSONValue { json(text: text, logProbabilities, finish: finishReason) }

  func count(in usage: inout Usage) {
    if let statistics { usage.add(statistics) }
  }

  private var finishReason: FinishReason? {
    statistics.map { FinishReason($0.stopReason, callsTools: false) }
  }

  private func json(text: String, _ told: Told, finish: FinishReason? = nil) -> JSONValue {
    [
      "text": .string(text), "index": .integer(index),
      "logprobs": spelling == nil
        ? .null
        : [
          "tokens": .array(told.tokens), "token_logprobs": .array(told.values),
          "top_logprobs": .array(told.alternatives), "text_offset": .array(told.offsets),
        ],
      "finish_reason": .optional(finish?.rawValue),
    ]
  }
}
