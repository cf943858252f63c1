package import GPTOSS
import GPTOSSJSON
package import GPTOSSSampling
package import GPTOSSTokenizer

/// Reads the events of a generation: pure, and it believes nothing that it can check.
package struct TokenStream: Sendable {
  /// A token that the server generated.
  package struct Token: Equatable {
    package var id: TokenID
    package var logProbability: Double?
    package var alternatives: [TokenLogProbability] = []
  }

  /// What is asked for.
  package struct Order: Sendable {
    var server: String
    var model: String
    var dialect: Dialect
    var vocabularyCount: Int
    var promptCount: Int
    /// The most tokens, the one that ends the text included.
    var limit: Int
    /// Whether it is the context, and not the request, that sets the limit.
    var isContextLimited: Bool
    package var stopTokens: Set<TokenID>
    /// How many alternatives each token has; nil for no log-probabilities.
    var logProbabilities: Int?

    package init(
      server: String, model: String, dialect: Dialect, vocabularyCount: Int, promptCount: Int, limit: Int,
      isContextLimited: Bool, stopTokens: Set<TokenID>, logProbabilities: Int?
    ) {
      (self.server, self.model, self.dialect) = (server, model, dialect)
      (self.vocabularyCount, self.promptCount) = (vocabularyCount, promptCount)
      (self.limit, self.isContextLimited) = (limit, isContextLimited)
      (self.stopTokens, self.logProbabilities) = (stopTokens, logProbabilities)
    }
  }

  /// Why the server ended the generation; nil while it has not.
  package private(set) var finish: StopReason?
  /// How many tokens of the prompt the server remembered, if it says so.
  package private(set) var cachedCount = 0
  private let order: Order
  private var count = 0
  private var lastID: TokenID?

  package init(_ order: Order) { self.order = order }

  /// Takes the data of an event.
  ///
  /// - Throws: ``RemoteError``.
  package mutating func take(_ data: [UInt8]) throws(RemoteError) -> [Token] {
    if data == Array("[DONE]".utf8) { return [] }
    let event: JSONValue
    do { event = try JSONValue(parsing: data) } catch { throw malformed("an event is not JSON: \(error)") }
    if let error = event["error"], error != .null {
      let status = error["code"]?.intValue ?? 500
      let failure = RemoteError(status: status, event, server: order.server, model: order.model)
      // What is no endpoint, or no model, was found out before the stream began.
      if case .noTokenProtocol = failure { throw .failed(server: order.server, message: "status \(status)") }
      throw failure
    }
    try readUsage(event["usage"])
    guard let choices = event["choices"]?.arrayValue else { throw malformed("an event has no choices") }
    guard choices.count <= 1 else { throw malformed("an event has \(choices.count) choices") }
    guard let choice = choices.first else { return [] }
    let tokens = try readTokens(choice)
    if let reason = choice["finish_reason"]?.stringValue { try end(reason, choice) }
    return tokens
  }

  private func malformed(_ problem: String) -> RemoteError {
    .malformed(server: order.server, problem: problem)
  }

  // MARK: Tokens

  private mutating func readTokens(_ choice: JSONValue) throws(RemoteError) -> [Token] {
    guard let listed = choice["token_ids"], listed != .null else {
      // A closing event needs none; a stream of text alone is no token protocol.
      guard choice["text"]?.stringValue?.isEmpty ?? true else { throw .noTokenProtocol(server: order.server) }
      return []
    }
    guard let ids = listed.arrayValue else { throw malformed("token_ids is no list") }
    guard finish == nil || ids.isEmpty else { throw malformed("tokens follow the end") }
    guard count + ids.count <= order.limit else {
      throw malformed("it sends more than the \(order.limit) tokens that it may generate")
    }
    var tokens: [Token] = []
    for id in ids {
      guard let id = id.intValue, id >= 0, id < order.vocabularyCount else {
        throw malformed("it sends the token \(id.text.prefix(40)), which the vocabulary does not have")
      }
      if let lastID, order.stopTokens.contains(lastID) { throw malformed("tokens follow a token that ends") }
      lastID = id
      tokens.append(Token(id: id))
    }
    count += ids.count
    if let limit = order.logProbabilities, !tokens.isEmpty {
      try readLogProbabilities(choice["logprobs"], limit, &tokens)
    }
    return tokens
  }

  private func readLogProbabilities(
    _ field: JSONValue?, _ limit: Int, _ tokens: inout [Token]
  ) throws(RemoteError) {
    guard let field, field != .null else { throw malformed("log-probabilities are missing") }
    for index in tokens.indices {
      let (own, others) = Self.entries(field, index) ?? (nil, [])
      guard let own, own.token == tokens[index].id else {
        throw malformed("a log-probability is of another token")
      }
      tokens[index].logProbability = own.logProbability
      // The chosen token is listed, too, where it is not among the best.
      tokens[index].alternatives = Array(
        others.sorted { ($1.logProbability, $0.token) < ($0.logProbability, $1.token) }.prefix(limit))
    }
  }

  private typealias Entries = (own: TokenLogProbability?, others: [TokenLogProbability])

  /// `{"tokens": ["token_id:5"], "token_logprobs": [−1], "top_logprobs": [{"token_id:5": −1}]}`
  private static func entries(_ field: JSONValue, _ index: Int) -> Entries? {
    guard let tokens = field["tokens"]?.arrayValue, tokens.indices.contains(index),
      let values = field["token_logprobs"]?.arrayValue, values.indices.contains(index)
    else { return nil }
    func entry(_ name: String?, _ value: JSONValue) -> TokenLogProbability? {
      guard let name, name.hasPrefix("token_id:"), let id = Int(name.dropFirst("token_id:".count)),
        let logarithm = value.number
      else { return nil }
      return TokenLogProbability(token: id, logProbability: logarithm)
    }
    var others: [TokenLogProbability] = []
    if let lists = field["top_logprobs"]?.arrayValue, lists.indices.contains(index) {
      others = (lists[index].objectValue?.entries ?? []).compactMap { entry($0.key, $0.value) }
    }
    return (entry(tokens[index].stringValue, values[index]), others)
  }

  // MARK: The end

  private mutating func end(_ reason: String, _ choice: JSONValue) throws(RemoteError) {
    guard finish == nil else { throw malformed("it ends twice") }
    switch reason {
    case "stop":
      if let lastID, order.stopTokens.contains(lastID) {
        finish = .stopToken
      } else if choice["stop_reason"]?.stringValue == StopReason.repetition.rawValue {
        finish = .repetition
      } else {
        throw malformed("it says that a token has ended the text, and has not sent it")
      }
    case "repetition": finish = .repetition
    case "length":
      finish = order.isContextLimited && count == order.limit ? .contextFull : .maximumTokens
    default: throw .failed(server: order.server, message: "it ended the answer with \(reason.prefix(80))")
    }
  }

  private mutating func readUsage(_ usage: JSONValue?) throws(RemoteError) {
    guard let usage, usage != .null else { return }
    if let prompt = usage["prompt_tokens"]?.intValue, prompt != order.promptCount {
      throw malformed("it read \(prompt) tokens and not the \(order.promptCount) that it was sent")
    }
    // Within the stream, the figures may be ahead of the tokens.
    if finish != nil, let generated = usage["completion_tokens"]?.intValue, generated != count {
      throw malformed("it generated \(generated) tokens and sent \(count)")
    }
    let cached = usage["prompt_tokens_details"]?["cached_tokens"]?.intValue ?? 0
    cachedCount = min(max(cached, 0), order.promptCount)
  }
}

extension JSONValue {
  /// A finite number.
  fileprivate var number: Double? {
    guard case .number(let number) = self else { return nil }
    return number.doubleValue
  }
}
