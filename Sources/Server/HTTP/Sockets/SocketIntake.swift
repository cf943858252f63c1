#if Server
  import NIOCore

  /// Counts a socket's bytes as they come, so that all of them stay within the memory for requests: a client may
  /// send a large message in small pieces and never end it.
  final class SocketIntake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Fired inbound when there is no room.
    struct NoRoom {}

    private let bodies: BodyBudget
    private var hold: BodyHold

    init(_ bodies: BodyBudget) {
      self.bodies = bodies
      hold = bodies.hold()
    }

    /// The room of the message that has come.
    func takeHold() -> BodyHold {
      defer { hold = bodies.hold() }
      return hold
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      do throws(ServerError) {
        try hold.add(Self.unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
      } catch {
        context.fireUserInboundEventTriggered(NoRoom())
      }
    }
  }
#endif
