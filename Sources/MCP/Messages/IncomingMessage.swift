package import GPTOSSJSON

/// A message of JSON-RPC 2.0 that a server sent.
package enum IncomingMessage: Equatable, Sendable {
  case result(id: Int, JSONObject)
  /// An error; without an id where the server could not tell which request it is about.
  case failure(id: Int?, code: Int, message: String, data: JSONValue?)
  /// A request of the server; its id is given back as it came.
  case request(id: JSONValue, method: String, parameters: JSONObject)
  case notification(method: String, parameters: JSONObject)

  /// Reads what came in one line, one event or one body: a message, or in older versions a list of them.
  ///
  /// Half of a pair of surrogates, as servers in JavaScript write it where they cut a text, is read as U+FFFD.
  ///
  /// - Returns: the messages; empty for anything else.
  package static func read(_ bytes: [UInt8]) -> [IncomingMessage] {
    let json: JSONValue
    do { json = try JSONValue(parsing: bytes, dialect: .javaScript) } catch { return [] }
    return (json.arrayValue ?? [json]).compactMap(IncomingMessage.init)
  }

  init?(_ json: JSONValue) {
    guard let object = json.objectValue, object["jsonrpc"] == "2.0" else { return nil }
    let parameters = object["params"]?.objectValue ?? JSONObject()
    if let method = object["method"]?.stringValue {
      switch object["id"] {
      case nil: self = .notification(method: method, parameters: parameters)
      case .string(let id)?: self = .request(id: .string(id), method: method, parameters: parameters)
      case .number(let id)?: self = .request(id: .number(id), method: method, parameters: parameters)
      default: return nil
      }
    } else if let error = object["error"]?.objectValue, let code = error["code"]?.intValue {
      let message = error["message"]?.stringValue ?? "no message"
      self = .failure(id: object["id"]?.intValue, code: code, message: message, data: error["data"])
    } else if let id = object["id"]?.intValue, let result = object["result"]?.objectValue {
      self = .result(id: id, result)
    } else {
      return nil
    }
  }
}
