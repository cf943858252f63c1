#if Server
  import NIOCore
  import NIOWebSocket

  /// Counts a socket's bytes as they come, so that all of them stay within the memory for requests: a client may
  /// send a large message in small pieces and never end it.
  final class SocketIntake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Fired inbound when there is no room.
    struct NoRoom {}

    private let bodies: BodyBudget
    private var hold: BodyHold
    private var lastArrival = NIODeadline.now()

    init(_ bodies: BodyBudget) {
      self.bodies = bodies
      hold = bodies.hold()
    }

    /// The room of the message that has come.
    func takeHold() -> BodyHold {
      defer { hold = bodies.hold() }
      return hold
    }

    /// Gives back the room of a frame that is no part of a message.
    func drop(_ frame: WebSocketFrame) {
      // Two bytes of header and four of the mask.
      hold.release(frame.data.readableBytes + 6)
    }

    /// Since when nothing more has come of a message that has begun; nil if none has.
    var stalled: NIODeadline? { hold.byteCount > 0 ? lastArrival : nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      do throws(ServerError) {
        try hold.add(Self.unwrapInboundIn(data).readableBytes)
        lastArrival = .now()
        context.fireChannelRead(data)
      } catch {
        context.fireUserInboundEventTriggered(NoRoom())
      }
    }
  }
#endif
