public import GPTOSSJSON

/// What a person says to a server that asks for something.
public enum MCPElicitationAnswer: Equatable, Sendable {
  /// What was filled in, by the names of the fields.
  case accept(JSONObject)
  /// The person does not want to say it.
  case decline
  /// The person did not answer.
  case cancel

  var json: JSONObject {
    switch self {
    case .accept(let content): JSONObject([("action", "accept"), ("content", .object(content))])
    case .decline: JSONObject([("action", "decline")])
    case .cancel: JSONObject([("action", "cancel")])
    }
  }
}
