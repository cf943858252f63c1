#if Server
  import GPTOSSJSON
  import HummingbirdCore
  import NIOCore
  import NIOHTTP1
  import NIOWebSocket
  import Synchronization

  /// Turns connections into sockets of LM Studio's protocol, when a request asks for one (RFC 6455).
  struct SocketUpgrade: Sendable {
    /// The most sockets at a time.
    private static let socketLimit = 64
    /// The largest message, and the most frames that it may come in.
    private static let messageLimit = 16 << 20
    private static let fragmentLimit = 1 << 14

    let service: SocketService
    let gate: Gate
    let bodies: BodyBudget
    let limits: SocketHandler.Limits
    private let sockets = SocketCount()

    init(_ service: SocketService, _ gate: Gate, _ bodies: BodyBudget, _ limits: SocketHandler.Limits) {
      self.service = service
      self.gate = gate
      self.bodies = bodies
      self.limits = limits
    }

    /// A socket that a request asks for.
    struct Request {
      let namespace: SocketNamespace
      let head: HTTPRequestHead
      /// Whether the request shows the server's key.
      let isTrusted: Bool
      fileprivate let place: SocketPlace
    }

    /// The socket that a request asks for; nil if it asks for none.
    ///
    /// - Throws: ``ServerError`` if the client may not have it.
    func request(_ head: HTTPRequestHead) throws(ServerError) -> Request? {
      guard let namespace = SocketNamespace(path: head.uri.prefix { $0 != "?" }), head.method == .GET,
        head.version == .http1_1, head.headers.lists("websocket", in: "upgrade"),
        head.headers.lists("upgrade", in: "connection")
      else { return nil }
      guard head.headers["sec-websocket-key"].count == 1, head.headers["sec-websocket-version"] == ["13"]
      else {
        throw .malformedMessage("a WebSocket needs one 'Sec-WebSocket-Key' and 'Sec-WebSocket-Version: 13'")
      }
      let isTrusted = try gate.admitsSocket(
        Gate.Visitor(
          path: namespace.path, authorization: head.headers.first(name: "authorization"),
          apiKey: head.headers.first(name: "x-api-key"), origin: head.headers.first(name: "origin"),
          host: head.headers.first(name: "host")))
      // lmstudio-python shows no key in its first frame either, and would only learn there that it needs one.
      let isPython = head.headers.first(name: "user-agent")?.hasPrefix("python-httpx") == true
      guard isTrusted || service.takesKeyInFirstFrame && !isPython else { throw .unauthorized }
      guard let place = SocketPlace(sockets, limit: Self.socketLimit) else {
        throw .tooManySockets(limit: Self.socketLimit)
      }
      return Request(namespace: namespace, head: head, isTrusted: isTrusted, place: place)
    }

    /// Answers a request and makes its connection a socket.
    ///
    /// - Parameters:
    ///   - context: that of the guard, which is removed with everything else that speaks HTTP.
    ///   - guardian: the guard.
    func perform(_ request: Request, _ context: ChannelHandlerContext, _ guardian: RequestGuard) {
      let upgrader = NIOWebSocketServerUpgrader(
        shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
        upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
      let bound = NIOLoopBound((context, guardian), eventLoop: context.eventLoop)
      upgrader.buildUpgradeResponse(
        channel: context.channel, upgradeRequest: request.head, initialResponseHeaders: HTTPHeaders()
      ).whenComplete { headers in
        let (context, guardian) = bound.value
        do {
          try self.upgrade(request, headers.get(), context, guardian)
        } catch {
          context.close(promise: nil)
        }
      }
    }

    private func upgrade(
      _ request: Request, _ headers: HTTPHeaders, _ context: ChannelHandlerContext, _ guardian: RequestGuard
    ) throws {
      let channel = context.channel
      let pipeline = channel.pipeline.syncOperations
      let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
      context.writeAndFlush(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
      let intake = SocketIntake(bodies)
      let exchange = Exchange(of: channel)
      let handler = SocketHandler(intake, limits, request.place) { output in
        SocketSession(
          request.namespace, of: service, client: exchange.record.client, isTrusted: request.isTrusted,
          output: output)
      }
      var last: any ChannelHandler = guardian
      let handlers: [any ChannelHandler] = [
        intake, WebSocketFrameEncoder(),
        ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: Self.messageLimit)),
        WebSocketProtocolErrorHandler(),
        NIOWebSocketFrameAggregator(
          minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: Self.fragmentLimit,
          maxAccumulatedFrameSize: Self.messageLimit), handler,
      ]
      for handler in handlers {
        try pipeline.addHandler(handler, position: .after(last))
        last = handler
      }
      // Hummingbird still waits for a request at the end of the pipeline, and gets to know when the connection
      // is closed.
      pipeline.removeHandler(try pipeline.handler(type: HTTPConnectionStateHandler.self), promise: nil)
      pipeline.removeHandler(try pipeline.handler(type: DepartureHandler.self), promise: nil)
      pipeline.removeHandler(guardian, promise: nil)
      pipeline.removeHandler(
        try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self), promise: nil)
      pipeline.removeHandler(try pipeline.handler(type: HTTPResponseEncoder.self), promise: nil)
    }
  }

  extension HTTPHeaders {
    /// Whether the lists of a field have a word, in capitals or not.
    fileprivate func lists(_ word: String, in name: String) -> Bool {
      self[canonicalForm: name].contains { $0.lowercased() == word }
    }
  }

  /// How many sockets are open.
  final class SocketCount: Sendable {
    fileprivate let count = Mutex(0)
  }

  /// A socket's place among those that may be open; given back when nothing refers to it.
  final class SocketPlace: Sendable {
    private let sockets: SocketCount

    /// nil if all places are taken.
    fileprivate init?(_ sockets: SocketCount, limit: Int) {
      let isFree = sockets.count.withLock { count in
        guard count < limit else { return false }
        count += 1
        return true
      }
      guard isFree else { return nil }
      self.sockets = sockets
    }

    deinit { sockets.count.withLock { $0 -= 1 } }
  }
#endif
