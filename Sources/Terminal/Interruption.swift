import Dispatch
import Foundation
import Synchronization

/// Cancels the running command on the first Ctrl-C or SIGTERM, and ends the process on the second.
package struct Interruption {
  private static let substitute = Mutex<(any DispatchSourceSignal)?>(nil)

  /// Gives Ctrl-C another meaning from now on, even if the parent had it ignored: somebody sits at the
  /// terminal. Nil gives it the first one again.
  package static func redirect(_ action: (@Sendable () -> Void)?) {
    substitute.withLock { $0 = action.map { source(SIGINT, $0) } }
  }

  private static func source(
    _ number: Int32, _ action: @escaping @Sendable () -> Void
  ) -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: action)
    source.resume()
    return source
  }

  private let sources: [any DispatchSourceSignal]
  private let received: FirstSignal

  /// Starts to listen.
  package init(cancel: @escaping @Sendable () -> Void) {
    let received = FirstSignal()
    self.received = received
    sources = [SIGINT, SIGTERM].compactMap { number in
      // A signal that the parent had ignored (`nohup`, a job in the background) stays ignored.
      var inherited = sigaction()
      sigaction(number, nil, &inherited)
      guard !inherited.isIgnoring else { return nil }
      signal(number, SIG_IGN)
      return Self.source(number) {
        if number == SIGINT, Self.substitute.withLock({ $0 != nil }) { return }
        guard received.note(number) else {
          Terminal.restore()
          _exit(128 + number)
        }
        cancel()
      }
    }
  }

  /// 128 plus the number of the signal that came, as shells count; nil if none did.
  package var exitCode: Int32? { received.number.map { 128 + $0 } }
}

/// The signal that came first.
private final class FirstSignal: Sendable {
  private let first = Mutex<Int32?>(nil)

  var number: Int32? { first.withLock { $0 } }

  /// Remembers a signal; false if one came before.
  func note(_ signal: Int32) -> Bool {
    first.withLock { first in
      guard first == nil else { return false }
      first = signal
      return true
    }
  }
}

extension sigaction {
  /// Whether the signal is ignored.
  var isIgnoring: Bool {
    #if os(Linux)
      let handler = __sigaction_handler.sa_handler
    #else
      let handler = __sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
