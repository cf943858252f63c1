import Foundation

extension String {
  /// The path with a leading `~` replaced by the home folder: `HOME`, as in a shell, before what the system
  /// knows of the user.
  package var expandingTilde: String { expandingTilde(ProcessInfo.processInfo.environment) }

  /// The same in an environment.
  package func expandingTilde(_ environment: [String: String]) -> String {
    if self == "~" || hasPrefix("~/"), let home = environment["HOME"], home.hasPrefix("/") {
      return home + dropFirst()
    }
    return NSString(string: self).expandingTildeInPath
  }
}
