/// A way to a server: the standard streams of a program, or HTTP.
protocol Transport: Sendable {
  /// Whether a request is cancelled by closing its connection, so that no notification is needed.
  func cancelsByClosing(_ version: ProtocolVersion?) -> Bool

  /// The first line of what came that was no message; nil if all was.
  var noise: String? { get }

  /// Begins. What happens is given to `receive`, from one thread at a time.
  ///
  /// - Throws: `MCPError` if the server cannot be started.
  func open(_ receive: @escaping @Sendable (TransportEvent) -> Void) throws(MCPError)

  /// Sends a message. What goes wrong is an event.
  func send(_ message: OutgoingMessage)

  /// Sends a message that the server has to have before the next one, and waits a little until it has.
  func deliver(_ message: OutgoingMessage) async

  /// Forgets a request.
  func cancel(_ id: Int)

  /// Asks an HTTP server that has a session for what it wants to say by itself.
  func listen(_ version: ProtocolVersion)

  /// Ends the connection and waits until nothing is left of it.
  func close() async
}

/// What happens on the way from a server.
enum TransportEvent: Sendable {
  case message(IncomingMessage)
  /// A request will have no answer.
  case failed(id: Int, MCPError)
  /// None of the requests under way will have an answer, but later ones may.
  case lost(MCPError)
  /// The connection is over.
  case closed(MCPError)
}

/// Bounds for what servers send.
enum MessageLimit {
  /// The most bytes of a message: of a line, an event or a body.
  static let bytes = 8 << 20
  /// The most bytes that wait to be read by a server.
  static let outgoingBytes = 32 << 20
}
