import Synchronization

/// What Ctrl-C stops: the current answer, if there is one.
final class StopSwitch: Sendable {
  private let action = Mutex<(@Sendable () -> Void)?>(nil)

  /// Says what is stopped from now on; nil for nothing.
  func set(_ action: (@Sendable () -> Void)?) {
    self.action.withLock { $0 = action }
  }

  /// Stops it; false if there was nothing to stop.
  func press() -> Bool {
    guard let action = action.withLock({ $0 }) else { return false }
    action()
    return true
  }
}
