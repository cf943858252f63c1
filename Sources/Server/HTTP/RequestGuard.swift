#if Server
  import GPTOSSJSON
  import HTTPTypes
  import Hummingbird
  import HummingbirdCore
  import Logging
  import NIOCore
  import NIOHTTP1

  /// Stands between a connection and everything that answers requests, whatever it is: the router, or an
  /// upgrade to another protocol.
  ///
  /// It refuses messages that are not HTTP's or are for somebody else (``MessageHead``), after the answers to
  /// those before them, and closes the connection behind them. It answers in the client's version of HTTP,
  /// and says `100 Continue` when the body is wanted.
  final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Written outbound when a request's body is wanted.
    struct BodyIsWanted: Sendable {}

    private let rule: HostRule
    private let report: ExchangeReport
    private let sockets: SocketUpgrade?

    /// A request that was passed on, and what its answer has to be like.
    private struct Passed {
      var version: HTTPVersion
      var isLast: Bool
      var awaitsContinue: Bool
    }
    /// The requests without a complete answer, in their order.
    private var passed: [Passed] = []
    /// Whether the body of the last request is still to come.
    private var isReading = false
    /// Whether the answer to the first of `passed` has begun.
    private var isAnswering = false
    /// What comes after the answers to `passed`; nothing more is read then.
    private var refusal: Refusal?
    /// Whether the last answer has been written.
    private var isOver = false
    /// A socket that the connection becomes at the end of the request for it.
    private var socket: SocketUpgrade.Request?

    private struct Refusal {
      var error: ServerError
      var head: HTTPRequestHead?
      /// Whether somebody else tells the log.
      var isTold = false
      var start = ContinuousClock.now
    }

    /// - Parameter sockets: nil for a server that has none.
    init(rule: HostRule, report: ExchangeReport, sockets: SocketUpgrade? = nil) {
      self.rule = rule
      self.report = report
      self.sockets = sockets
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard refusal == nil, !isOver else { return }
      switch Self.unwrapInboundIn(data) {
      case .head(let head):
        // What follows the last request counts for nothing.
        guard passed.last?.isLast != true else { return }
        do throws(ServerError) {
          let message = MessageHead(head)
          try message.check(rule)
          if passed.isEmpty, let socket = try sockets?.request(head) {
            self.socket = socket
            return
          }
          passed.append(
            Passed(
              version: head.version, isLast: head.isLast, awaitsContinue: message.awaitsContinue))
          isReading = true
          context.fireChannelRead(data)
        } catch {
          refuse(Refusal(error: error, head: head), context)
        }
      case .body: if isReading { context.fireChannelRead(data) }
      case .end:
        if let socket {
          isOver = true
          self.socket = nil
          sockets?.perform(socket, context, self)
        }
        guard isReading else { return }
        isReading = false
        context.fireChannelRead(data)
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      guard let fault = error as? HTTPParserError else { return context.fireErrorCaught(error) }
      guard refusal == nil, !isOver else { return }
      let refusal = Refusal(error: ServerError(fault), isTold: isReading)
      guard isReading else { return refuse(refusal, context) }
      isReading = false
      // Whoever reads the body has to know.
      context.fireErrorCaught(error)
      if passed.isEmpty {
        finish(context)
      } else if passed.count == 1, isAnswering {
        passed[0].isLast = true
      } else {
        passed.removeLast()
        refuse(refusal, context)
      }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      // The request that this answers has been refused meanwhile.
      guard !isOver, let first = passed.first else {
        promise?.succeed()
        return
      }
      switch Self.unwrapOutboundIn(data) {
      case .head(let head) where head.status.code < 200: context.write(data, promise: promise)
      case .head(var head):
        isAnswering = true
        if first.version == .http1_0 { head.version = .http1_0 }
        // A client that has not sent its body may do so still, or not at all.
        if first.isLast || first.awaitsContinue {
          passed[0].isLast = true
          head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
      case .body: context.write(data, promise: promise)
      case .end:
        context.write(data, promise: promise)
        isAnswering = false
        passed.removeFirst()
        if first.isLast {
          finish(context)
        } else if passed.isEmpty, let refusal {
          write(refusal, context)
        }
      }
    }

    func triggerUserOutboundEvent(
      context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
      guard event is BodyIsWanted else {
        return context.triggerUserOutboundEvent(event, promise: promise)
      }
      if !passed.isEmpty, passed[0].awaitsContinue, !isAnswering {
        passed[0].awaitsContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(Self.wrapOutboundOut(.head(head)), promise: nil)
      }
      promise?.succeed()
    }

    private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
      self.refusal = refusal
      if passed.isEmpty { write(refusal, context) }
    }

    private func write(_ refusal: Refusal, _ context: ChannelHandlerContext) {
      let exchange = Exchange(of: context.channel)
      let path = refusal.head.map { String($0.uri.prefix { $0 != "?" }) } ?? ""
      exchange.note {
        $0.method = refusal.head?.method.rawValue ?? ""
        $0.path = path
        $0.error = refusal.error
      }
      let body = ByteBuffer(string: refusal.error.json(forPath: path, requestID: exchange.record.id).text)
      let headers: HTTPHeaders = [
        "content-type": "application/json", "content-length": String(body.readableBytes),
        "x-request-id": exchange.record.id, "connection": "close",
      ]
      let head = HTTPResponseHead(
        version: .http1_1, status: HTTPResponseStatus(statusCode: refusal.error.status), headers: headers)
      context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
      if refusal.head?.method != .HEAD {
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      }
      context.write(Self.wrapOutboundOut(.end(nil)), promise: nil)
      if !refusal.isTold { report.end(exchange, status: refusal.error.status, since: refusal.start) }
      finish(context)
    }

    /// Ends the connection behind what has been written.
    private func finish(_ context: ChannelHandlerContext) {
      isOver = true
      context.flush()
      context.close(mode: .output, promise: nil)
      context.channel.closeAfterLingering()
    }
  }

  /// Hummingbird's HTTP/1 with a ``RequestGuard`` on every connection.
  struct GuardedChannel: ServerChildChannel, HTTPChannelHandler {
    let base: HTTP1Channel
    let makeGuard: @Sendable () -> RequestGuard

    var responder: Responder { base.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
      base.setup(channel: channel, logger: logger).flatMapThrowing { value in
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(makeGuard(), position: .after(decoder))
        return value
      }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
      await base.handle(value: value, logger: logger)
    }
  }

  extension MessageHead {
    init(_ head: HTTPRequestHead) {
      self.init(
        isVersion10: head.version == .http1_0, target: head.uri, hosts: head.headers["host"],
        transferCodings: head.headers["transfer-encoding"], contentLengths: head.headers["content-length"],
        expectations: head.headers["expect"])
    }
  }

  extension HTTPRequestHead {
    /// Whether no other request follows on its connection. NIO reads none behind one that asks for another
    /// protocol, even if that is not granted.
    fileprivate var isLast: Bool { version == .http1_0 || !isKeepAlive || headers.contains(name: "upgrade") }
  }

  extension ServerError {
    /// The error for a message that is not HTTP's.
    init(_ fault: HTTPParserError) {
      switch fault {
      case .headerOverflow: self = .malformedMessage("its head or trailers are too large")
      case .invalidEOFState: self = .malformedMessage("it ends too early")
      default: self = .malformedMessage("\(fault)")
      }
    }
  }
#endif
