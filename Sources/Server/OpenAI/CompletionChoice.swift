package import GPTOSS
package import GPTOSSJSON
package import GPTOSSTokenizer

/// How a completion tells which tokens it is made of, as vLLM does.
package struct TokenReport: Sendable {
  /// Whether choices have their token ids and those of their prompt.
  var showsIDs = false
  /// Whether log-probabilities name tokens by ids, `token_id:5`, and not by texts.
  var spellsIDs = false

  package init(showsIDs: Bool = false, spellsIDs: Bool = false) {
    (self.showsIDs, self.spellsIDs) = (showsIDs, spellsIDs)
  }
}

/// One choice of a completion.
package struct CompletionChoice: AnswerChoice {
  let index: Int
  private let spelling: TokenSpelling?
  private let report: TokenReport
  private let prompt: [TokenID]
  /// All tokens; empty if no ids are asked for.
  private var ids: [TokenID] = []
  /// Whether a chunk has had the prompt's ids.
  private var hasToldPrompt = false
  private var statistics: GenerationStatistics?
  private var text: String
  /// The tokens and where in the text they begin; empty if no log-probabilities are asked for.
  private var tokens: [(token: GeneratedToken, offset: Int)] = []

  /// - Parameters:
  ///   - echo: the prompt, if the answer is to begin with it.
  ///   - spelling: nil if no log-probabilities are asked for.
  ///   - report: whether and how tokens are told.
  ///   - prompt: its tokens.
  package init(
    index: Int, echo: String, spelling: TokenSpelling?, report: TokenReport = TokenReport(),
    prompt: [TokenID] = []
  ) {
    self.index = index
    self.spelling = spelling
    self.report = report
    self.prompt = prompt
    text = echo
  }

  package var opening: JSONValue? {
    if text.isEmpty { return nil }
    return json(text: text, [], ids: [])
  }

  package mutating func read(_ event: GenerationEvent) -> JSONValue? {
    switch event {
    case .prompt: return nil
    case .token(let token):
      let added = spelling == nil ? [] : [(token: token, offset: text.unicodeScalars.count)]
      tokens += added
      text += token.text
      if token.text.isEmpty, spelling == nil, !report.showsIDs { return nil }
      if report.showsIDs { ids.append(token.id) }
      defer { hasToldPrompt = true }
      return json(text: token.text, added, ids: [token.id], prompt: hasToldPrompt ? nil : prompt)
    case .finished(let rest, let statistics):
      text += rest
      self.statistics = statistics
      return json(text: rest, [], ids: [], finish: finishReason)
    }
  }

  package var json: JSONValue {
    json(text: text, tokens, ids: ids, prompt: prompt, finish: finishReason)
  }

  func count(in usage: inout Usage) {
    if let statistics { usage.add(statistics) }
  }

  private var finishReason: FinishReason? {
    statistics.map { FinishReason($0.stopReason) }
  }

  private func json(
    text: String, _ tokens: [(token: GeneratedToken, offset: Int)], ids: [TokenID], prompt: [TokenID]? = nil,
    finish: FinishReason? = nil
  ) -> JSONValue {
    var choice: JSONValue = [
      "text": .string(text), "index": .integer(index), "logprobs": logProbabilities(tokens),
      "finish_reason": .optional(finish?.rawValue),
    ]
    if report.showsIDs {
      choice = choice.adding([
        "token_ids": .array(ids.map(JSONValue.integer)),
        "prompt_token_ids": prompt.map { JSONValue.array($0.map(JSONValue.integer)) } ?? .null,
      ])
    }
    return finish == nil ? choice : choice.adding(statistics?.stopReason.note ?? JSONObject())
  }

  /// Log-probabilities as completions have them: lists of equal length.
  private func logProbabilities(_ tokens: [(token: GeneratedToken, offset: Int)]) -> JSONValue {
    guard let spelling else { return .null }
    return [
      "tokens": .array(tokens.map { .string(name(of: $0.token.id, spelling)) }),
      "token_logprobs": .array(tokens.map { .decimal($0.token.logProbability ?? 0) }),
      "top_logprobs": .array(
        tokens.map { entry in
          .object(
            JSONObject(
              entry.token.alternatives.map {
                (key: name(of: $0.token, spelling), value: .decimal($0.logProbability))
              }))
        }),
      "text_offset": .array(tokens.map { .integer($0.offset) }),
    ]
  }

  private func name(of token: TokenID, _ spelling: TokenSpelling) -> String {
    report.spellsIDs ? "token_id:\(token)" : spelling.text(of: token)
  }
}
