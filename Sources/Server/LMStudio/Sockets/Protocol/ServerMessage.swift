package import GPTOSSJSON

/// What the server says in a frame.
///
/// The TypeScript SDK is strict: what is absent has to be left out and may not be null, an error has to be an
/// object, and a channel that has ended well has to be closed. A frame that it drops leaves its user waiting
/// for ever.
package enum ServerMessage {
  /// What a socket's first frame is answered with.
  package static let welcome: JSONValue = ["success": true]

  /// The other answer to a first frame.
  package static func refusal(_ reason: String, of credentials: ClientMessage.Credentials) -> JSONValue {
    ["success": false, "error": credentials.isPython ? ["title": .string(reason)] : .string(reason)]
  }

  /// A message on a channel.
  package static func channelSend(_ id: Int, _ message: JSONValue) -> JSONValue {
    ["type": "channelSend", "channelId": .integer(id), "message": message]
  }

  /// The good end of a channel.
  package static func channelClose(_ id: Int) -> JSONValue {
    ["type": "channelClose", "channelId": .integer(id)]
  }

  /// The bad end of a channel, after which it is not closed.
  package static func channelError(_ id: Int, _ fault: SocketFault) -> JSONValue {
    ["type": "channelError", "channelId": .integer(id), "error": fault.json]
  }

  /// The answer to a call.
  ///
  /// - Parameter result: nil for none: the field is then left out.
  package static func rpcResult(_ id: Int, _ result: JSONValue?) -> JSONValue {
    let message: JSONValue = ["type": "rpcResult", "callId": .integer(id)]
    return result.map { message.adding(["result": $0]) } ?? message
  }

  /// The other answer to a call.
  package static func rpcError(_ id: Int, _ fault: SocketFault) -> JSONValue {
    ["type": "rpcError", "callId": .integer(id), "error": fault.json]
  }

  /// The answer to a subscription.
  package static func signalError(_ id: Int, _ fault: SocketFault) -> JSONValue {
    ["type": "signalError", "subscribeId": .integer(id), "error": fault.json]
  }

  /// What a client is told whose frame cannot be answered.
  package static func warning(_ text: String) -> JSONValue {
    ["type": "communicationWarning", "warning": .string(text)]
  }

  /// The answer to a client that wants to know whether the server is there.
  package static let keepAliveAck: JSONValue = ["type": "keepAliveAck"]
}
