import GPTOSSJSON

/// A message to a server, with what an HTTP transport repeats in headers.
struct OutgoingMessage: Equatable, Sendable {
  let json: JSONObject
  /// The number of a request; nil for notifications and answers.
  var id: Int?
  /// The name of a request or a notification; nil for answers.
  var method: String?
  /// The version that was agreed on, or is tried.
  var version: ProtocolVersion?
  /// The name of the tool that is called.
  var name: String?
  /// Arguments that the tool wants to see in headers.
  var parameterHeaders: [HTTPHeader] = []

  /// A request.
  static func request(
    _ id: Int, _ method: String, _ parameters: JSONObject, _ version: ProtocolVersion?
  ) -> OutgoingMessage {
    OutgoingMessage(
      json: envelope([("id", JSONValue(id)), ("method", .string(method)), ("params", .object(parameters))]),
      id: id, method: method, version: version)
  }

  /// A notification.
  static func notification(
    _ method: String, _ parameters: JSONObject = JSONObject(), _ version: ProtocolVersion?
  ) -> OutgoingMessage {
    let parameters: [JSONObject.Entry] = parameters.isEmpty ? [] : [("params", .object(parameters))]
    return OutgoingMessage(
      json: envelope([("method", .string(method))] + parameters), method: method, version: version)
  }

  /// The answer to a request of the server.
  static func answer(_ id: JSONValue, _ result: JSONObject, _ version: ProtocolVersion?) -> OutgoingMessage {
    OutgoingMessage(json: envelope([("id", id), ("result", .object(result))]), version: version)
  }

  /// The refusal of a request of the server.
  static func refusal(
    _ id: JSONValue, code: Int, _ message: String, _ version: ProtocolVersion?
  ) -> OutgoingMessage {
    let error: JSONValue = ["code": JSONValue(code), "message": .string(message)]
    return OutgoingMessage(json: envelope([("id", id), ("error", error)]), version: version)
  }

  private static func envelope(_ entries: [JSONObject.Entry]) -> JSONObject {
    JSONObject([("jsonrpc", "2.0")] + entries)
  }

  /// The message in UTF-8, without line ends.
  var bytes: [UInt8] { Array(JSONValue.object(json).text.utf8) }
}
