#if Server
  import NIOCore
  import Synchronization

  /// Notices that a client has gone while its answer is being computed, when nothing is read or written.
  ///
  /// A client that closes its side alone counts as gone: HTTP clients do not do that while they wait, and the end of
  /// a connection looks the same at first. Hummingbird's `consumeWithInboundCloseHandler` notices it too, but reads the
  /// connection to its end and so gives up keep-alive.
  final class DepartureHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    private let state = Mutex((hasGone: false, action: (@Sendable () -> Void)?.none))

    /// The handler of a connection.
    static func of(_ channel: any Channel) async throws -> DepartureHandler {
      try await channel.pipeline.handler(type: DepartureHandler.self).get()
    }

    /// Sets what is done when the client goes, at once if it has gone.
    func onDeparture(_ action: @escaping @Sendable () -> Void) {
      let hasGone = state.withLock { state in
        state.action = action
        return state.hasGone
      }
      if hasGone { action() }
    }

    func channelInactive(context: ChannelHandlerContext) {
      noteDeparture()
      context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .inputClosed? = event as? ChannelEvent {
        noteDeparture()
        context.close(promise: nil)
      }
      context.fireUserInboundEventTriggered(event)
    }

    private func noteDeparture() {
      state.withLock { state in
        state.hasGone = true
        return state.action
      }?()
    }
  }
#endif
