#if Server
  import NIOCore
  import NIOWebSocket

  /// A WebSocket of a ``SocketSession``: messages in, messages out, pings, closes, and the end of clients that
  /// do not read.
  final class SocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = WebSocketFrame

    /// What a socket may take.
    struct Limits: Sendable {
      /// How long the first text may take.
      var opening: TimeAmount
      /// How long sent bytes may be left unread.
      var stall: TimeAmount
      /// How many bytes may be left unread when there is more to send.
      var unreadBytes = 8 << 20
    }

    /// How often the client is pinged: proxies close what is quiet, and the system notices a client that is gone.
    private static let pingTime = TimeAmount.seconds(20)

    private let intake: SocketIntake
    private let limits: Limits
    /// Among the sockets that may be open.
    private var place: SocketPlace?
    private let makeSession: (@escaping @Sendable (SocketSession.Output) -> Void) -> SocketSession
    private var session: SocketSession?
    private var timers: [RepeatedTask] = []

    /// Messages that the system has not taken yet, the oldest first.
    private var unread = CircularBuffer<(count: Int, since: NIODeadline)>()
    private var unreadBytes = 0
    /// Whether the client has said something; answers to pings are nothing.
    private var hasReceived = false
    private var isPaused = false
    private var wantsRead = false
    private var isClosing = false
    private var isStopping = false

    init(
      _ intake: SocketIntake, _ limits: Limits, _ place: SocketPlace,
      makeSession: @escaping (@escaping @Sendable (SocketSession.Output) -> Void) -> SocketSession
    ) {
      self.intake = intake
      self.limits = limits
      self.place = place
      self.makeSession = makeSession
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
      let loop = context.eventLoop
      let bound = NIOLoopBound((self, context), eventLoop: loop)
      session = makeSession { output in
        loop.execute {
          let (handler, context) = bound.value
          handler.handle(output, context)
        }
      }
      let opened = NIODeadline.now()
      let checkTime = TimeAmount.nanoseconds(limits.stall.nanoseconds / 4)
      timers = [
        loop.scheduleRepeatedTask(initialDelay: Self.pingTime, delay: Self.pingTime) { _ in
          let (handler, context) = bound.value
          handler.write(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()), context)
        },
        loop.scheduleRepeatedTask(initialDelay: checkTime, delay: checkTime) { _ in
          let (handler, context) = bound.value
          handler.checkTimes(context, opened: opened)
        },
      ]
    }

    func channelInactive(context: ChannelHandlerContext) {
      end()
      context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
      for timer in timers { timer.cancel() }
      timers = []
      isClosing = true
      session?.end()
      session = nil
      place = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      switch event {
      case is ChannelShouldQuiesceEvent:
        isStopping = true
        session?.stop()
        if session?.isIdle != false { close(.goingAway, "the server is being stopped", context) }
      case is SocketIntake.NoRoom: close(.unknown(1013), "no memory for this message now", context)
      case ChannelEvent.inputClosed: context.close(promise: nil)
      default: context.fireUserInboundEventTriggered(event)
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      switch error {
      // Its close has been sent already.
      case is NIOWebSocketError: isClosing = true
      case NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
        close(.messageTooLarge, "a message has at most 16 MB", context)
      case is NIOWebSocketFrameAggregator.Error: close(.protocolError, "\(error)", context)
      default: context.close(promise: nil)
      }
    }

    private func checkTimes(_ context: ChannelHandlerContext, opened: NIODeadline) {
      if let oldest = unread.first, NIODeadline.now() - oldest.since > limits.stall {
        context.close(promise: nil)
      } else if !hasReceived, NIODeadline.now() - opened > limits.opening {
        close(.policyViolation, "nothing was said", context)
      } else if !isPaused, let since = intake.stalled, NIODeadline.now() - since > limits.opening {
        close(.policyViolation, "a message did not go on", context)
      }
    }

    // MARK: From the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard !isClosing, let session else { return }
      let frame = Self.unwrapInboundIn(data)
      guard frame.maskKey != nil || frame.opcode == .text else {
        return close(.protocolError, "a client's frames have to be masked", context)
      }
      switch frame.opcode {
      case .text:
        hasReceived = true
        let bytes = Array(buffer: frame.unmaskedData)
        if !session.receive(bytes, hold: intake.takeHold()) { isPaused = true }
      case .ping:
        intake.drop(frame)
        write(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData), context)
      case .connectionClose:
        isClosing = true
        // The client's own code, as RFC 6455 wants it.
        var data = frame.unmaskedData
        let code = data.readSlice(length: min(2, data.readableBytes)) ?? ByteBuffer()
        writeLast(WebSocketFrame(fin: true, opcode: .connectionClose, data: code), context)
      case .pong: intake.drop(frame)
      default: close(.unacceptableData, "frames have to be text", context)
      }
    }

    func read(context: ChannelHandlerContext) {
      if isPaused { wantsRead = true } else { context.read() }
    }

    // MARK: To the client

    private func handle(_ output: SocketSession.Output, _ context: ChannelHandlerContext) {
      guard !isClosing else { return }
      switch output {
      case .frame(let text):
        write(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text)), context)
      case .close(let reason): close(.policyViolation, reason, context)
      case .ready:
        isPaused = false
        if wantsRead {
          wantsRead = false
          context.read()
        }
      case .idle: if isStopping { close(.goingAway, "the server is being stopped", context) }
      }
    }

    private func write(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
      guard !isClosing else { return }
      // What is made for a client that does not read would fill the memory.
      guard unreadBytes <= limits.unreadBytes else { return context.close(promise: nil) }
      let count = frame.length
      unread.append((count, .now()))
      unreadBytes += count
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      context.writeAndFlush(Self.wrapOutboundOut(frame)).whenComplete { _ in
        let handler = bound.value
        handler.unreadBytes -= count
        _ = handler.unread.popFirst()
      }
    }

    private func close(_ code: WebSocketErrorCode, _ reason: String, _ context: ChannelHandlerContext) {
      guard !isClosing else { return }
      isClosing = true
      var data = ByteBuffer()
      data.write(webSocketErrorCode: code)
      // A control frame has at most 125 bytes.
      data.writeString(String(decoding: reason.utf8.prefix(100), as: UTF8.self))
      writeLast(WebSocketFrame(fin: true, opcode: .connectionClose, data: data), context)
    }

    /// Ends the connection behind a frame.
    private func writeLast(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
      session?.end()
      let channel = context.channel
      context.writeAndFlush(Self.wrapOutboundOut(frame)).whenComplete { _ in
        channel.close(mode: .output, promise: nil)
        channel.closeAfterLingering()
      }
    }
  }
#endif
