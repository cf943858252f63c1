import Foundation
import GPTOSSJSON
import GPTOSSRemote
import Testing

/// What was recorded of vLLM: Fixtures/vllm/exchanges.json.
struct Exchange {
  let status: Int
  let request: JSONValue
  let response: JSONValue
  /// The data of a stream's events.
  let events: [String]

  init(_ name: String) throws {
    let file = URL(filePath: #filePath).appending(path: "../../../Fixtures/vllm/exchanges.json").standardized
    let all = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
    let exchange = try #require(all[name], "there is no exchange \(name)")
    status = try #require(exchange["status"]?.intValue)
    request = exchange["request"] ?? .null
    response = exchange["response"] ?? .null
    events = (exchange["events"]?.arrayValue ?? []).compactMap(\.stringValue)
  }

  /// The ids of the prompt.
  var promptCount: Int {
    (request["prompt"] ?? request["token_ids"])?.arrayValue?.count ?? 0
  }
}

extension TokenStream.Order {
  /// An order to a server with the small model's vocabulary.
  static func small(
    _ dialect: Dialect, promptCount: Int = 85, limit: Int = 400, isContextLimited: Bool = false,
    logProbabilities: Int? = nil
  ) -> TokenStream.Order {
    TokenStream.Order(
      server: "host:1", model: "assistant", dialect: dialect, vocabularyCount: 2048, promptCount: promptCount,
      limit: limit, isContextLimited: isContextLimited, stopTokens: [2040, 2041, 2047],
      logProbabilities: logProbabilities)
  }
}

extension TokenStream {
  /// Takes events in turn; returns all their tokens.
  mutating func take(all events: [String]) throws(RemoteError) -> [Token] {
    var tokens: [Token] = []
    for event in events { tokens += try take(Array(event.utf8)) }
    return tokens
  }
}
