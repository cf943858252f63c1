import Synchronization

/// The warning that this build is far slower than it should be, given once.
package final class BuildWarning: Sendable {
  /// The warning of this process.
  static let ofProcess = BuildWarning(isDebugBuild: isDebugBuild)

  private static let isDebugBuild: Bool = {
    #if DEBUG
      true
    #else
      false
    #endif
  }()

  private let isDue: Atomic<Bool>

  /// - Parameter isDebugBuild: whether there is something to warn of.
  package init(isDebugBuild: Bool) { isDue = Atomic(isDebugBuild) }

  /// Gives the warning if there is one, and has not been given.
  package func give(to log: (String) -> Void) {
    guard isDue.exchange(false, ordering: .relaxed) else { return }
    log(
      "this is a debug build, in which a model runs some 300 times slower; build in release: "
        + "swift build -c release")
  }
}
