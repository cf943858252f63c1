import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform

/// Which program this is: what `gptoss --version` prints.
package struct Version {
  /// The version that README's package dependency names.
  package static let number = packageVersion

  /// The commit of the sources; nil if it is not known.
  private let commit: String?

  /// - Parameter commit: the commit of the sources; nil if it is not known.
  package init(commit: String?) { self.commit = commit }

  /// The running program's.
  static var current: Version { Version(commit: SourceCommit.archived ?? SourceCommit.checkedOut) }
}

extension Version: CustomStringConvertible {
  /// Lines for people.
  package var description: String {
    """
    gptoss \(Self.number)\(commit.map { " (commit \($0))" } ?? "")
    Swift \(Self.swift)
    kernels \(Self.kernels)
    """
  }

  /// The compiler's version.
  private static var swift: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  private static var kernels: String {
    do { return try KernelSetName.chosen().rawValue } catch { return "none: \(error)" }
  }
}
