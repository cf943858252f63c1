import GPTOSSTerminal
import Synchronization

/// What Ctrl-C stops: the current answer, if there is one.
final class StopSwitch: Sendable {
  private let action = Mutex<(@Sendable () -> Void)?>(nil)

  /// Takes over Ctrl-C.
  func listen() {
    Interruption.redirect { [self] in
      if let action = action.withLock({ $0 }) {
        action()
      } else if !Terminal.canEditLines {
        // Where lines are edited, Ctrl-C at the prompt is a key.
        ChatLines.showHint()
      }
    }
  }

  /// Gives Ctrl-C back: it ends the program.
  func stopListening() { Interruption.redirect(nil) }

  /// Says what is stopped from now on; nil for nothing.
  func setAction(_ action: (@Sendable () -> Void)?) {
    self.action.withLock { $0 = action }
  }
}
