#if Server
  import NIOCore
  import Synchronization

  /// Notices that a client goes away while its answer is computed, when nothing is read or written.
  ///
  /// A client that closes only its own side counts as gone: HTTP clients do not do that while they wait, and
  /// a closed connection looks the same until something is written to it. Hummingbird's
  /// `consumeWithInboundCloseHandler` notices it too, but it reads the connection to its end, so that no
  /// further request could follow.
  final class DepartureHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    private let state = Mutex((hasGone: false, action: (@Sendable () -> Void)?.none))

    /// Sets what is done when the client of a connection goes. It is done at once if the client has already
    /// gone.
    static func onDeparture(from channel: any Channel, _ action: @escaping @Sendable () -> Void) async {
      do {
        try await channel.pipeline.handler(type: DepartureHandler.self).get().onDeparture(action)
      } catch {
        // A connection that is closed has no handlers.
        action()
      }
    }

    private func onDeparture(_ action: @escaping @Sendable () -> Void) {
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
