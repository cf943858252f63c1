#if Server
  import NIOCore
  import Synchronization

  /// Notices that a client has gone while its answer is being computed, when nothing is read or written.
  ///
  /// A client that closes its side alone counts as gone: HTTP clients do not do that while they wait.
  final class DepartureHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    /// Whom to tell.
    let departure = Departure()

    func channelInactive(context: ChannelHandlerContext) {
      departure.happen()
      context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .inputClosed? = event as? ChannelEvent {
        departure.happen()
        context.close(promise: nil)
      }
      context.fireUserInboundEventTriggered(event)
    }
  }

  /// The end of a connection, and what is to be done then.
  final class Departure: Sendable {
    private let state = Mutex((hasHappened: false, action: (@Sendable () -> Void)?.none))

    /// Sets what is done when the client goes, at once if it has gone; nil for nothing.
    func onHappening(_ action: (@Sendable () -> Void)?) {
      let hasHappened = state.withLock { state in
        state.action = action
        return state.hasHappened
      }
      if hasHappened { action?() }
    }

    func happen() {
      state.withLock { state in
        state.hasHappened = true
        return state.action
      }?()
    }

    /// The departure that a connection's handler tells of.
    static func of(_ channel: any Channel) async throws -> Departure {
      try await channel.eventLoop.submit {
        try channel.pipeline.syncOperations.handler(type: DepartureHandler.self).departure
      }.get()
    }
  }
#endif
