package import GPTOSSJSON

/// What a client of LM Studio's protocol says in a frame: one JSON object.
///
/// Channels and calls have ids of their own, which the client chooses: channel 5 and call 5 are different
/// things. Fields that are not known are ignored.
package enum ClientMessage: Sendable {
  /// The first frame of a socket.
  case authentication(Credentials)
  /// Opens a channel: a question with several answers.
  case channelCreate(id: Int, endpoint: String, parameter: JSONField)
  /// Something about an open channel; `cancel` is the only type that there is.
  case channelSend(id: Int, type: String)
  /// A question with one answer.
  case call(id: Int, endpoint: String, parameter: JSONField)
  /// The client subscribes to a value that changes.
  case subscribe(id: Int)
  /// The client wants to know whether the server is there.
  case keepAlive
  /// The client did not like a frame of ours.
  case warning(String)
  /// What needs no answer.
  case other(type: String)

  /// Who a client says that it is.
  package struct Credentials: Equatable, Sendable {
    package var identifier: String
    package var passkey: String

    package init(identifier: String, passkey: String) {
      self.identifier = identifier
      self.passkey = passkey
    }

    /// Whether this is lmstudio-python, which takes UUIDs. It reads a refusal as an object, and the
    /// TypeScript SDK as a text.
    package var isPython: Bool {
      let lengths = identifier.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
      return lengths.map(\.count) == [8, 4, 4, 4, 12]
    }
  }

  /// A frame that is no message.
  package struct Malformed: Error {
    package let fault: JSONError
    /// The call that it would have been, whose client waits for an answer.
    package var call: Int?
    /// The channel that it would have opened, whose client waits for its end.
    package var channel: Int?
  }

  /// What a frame says, or why it says nothing.
  package static func read(_ frame: [UInt8]) -> Result<ClientMessage, Malformed> {
    do throws(JSONError) { return .success(try ClientMessage(frame)) } catch {
      // Clients write what they ask before what is long.
      let head = PartialJSONReader.value(of: String(decoding: frame.prefix(4096), as: UTF8.self))
      let type = head?["type"]?.stringValue
      return .failure(
        Malformed(
          fault: error, call: type == "rpcCall" ? head?["callId"]?.intValue : nil,
          channel: type == "channelCreate" ? head?["channelId"]?.intValue : nil))
    }
  }

  /// Reads a frame.
  ///
  /// - Throws: `JSONError` for what is no message.
  package init(_ frame: [UInt8]) throws(JSONError) {
    let message = JSONField(try JSONValue(parsing: frame, dialect: .javaScript))
    guard let type = try message.optional("type") else {
      _ = try message.required("authVersion")
      self = .authentication(
        Credentials(
          identifier: try message.required("clientIdentifier").string(),
          passkey: try message.required("clientPasskey").string()))
      return
    }
    switch try type.string() {
    case "channelCreate":
      self = .channelCreate(
        id: try message.id("channelId"), endpoint: try message.required("endpoint").string(),
        parameter: try message.parameter("creationParameter"))
    case "channelSend":
      self = .channelSend(
        id: try message.id("channelId"),
        type: try message.optional("message")?.optional("type")?.string() ?? "")
    case "rpcCall":
      self = .call(
        id: try message.id("callId"), endpoint: try message.required("endpoint").string(),
        parameter: try message.parameter("parameter"))
    case "signalSubscribe", "writableSignalSubscribe":
      self = .subscribe(id: try message.id("subscribeId"))
    case "keepAlive": self = .keepAlive
    case "communicationWarning":
      self = .warning(try message.optional("warning")?.string() ?? "")
    case let other: self = .other(type: other)
    }
  }
}

extension JSONField {
  /// A number that a client has chosen; `1.0` is 1.
  fileprivate func id(_ key: String) throws(JSONError) -> Int {
    let field = try required(key)
    guard case .number(let number) = field.value,
      let id = Int(number.text) ?? Int(exactly: number.doubleValue)
    else { throw field.wrongType("integer") }
    return id
  }

  /// What a call is about; an empty object if there is nothing to say.
  fileprivate func parameter(_ key: String) throws(JSONError) -> JSONField {
    JSONField(try optional(key)?.value ?? .object(JSONObject()), path: key)
  }
}
