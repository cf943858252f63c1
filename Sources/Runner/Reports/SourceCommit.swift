import Foundation
import GPTOSSPlatform

/// The commit that the program was built from, as far as it is known.
///
/// No step of the build asks git: SwiftPM evaluates a manifest once and remembers what it said, whatever is
/// committed later, and a plugin would be built by everybody who depends on the package.
package enum SourceCommit {
  /// The commit of sources that came as an archive: `git archive`, and the web sites that use it, write it
  /// here (`export-subst` in .gitattributes).
  static let archived = hash("$Format:%H$")

  /// The commit that was checked out in the folder of the sources when the program was linked or installed.
  /// Nil if the folder has gone or is no checkout.
  static var checkedOut: String? {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
    let root = sources.appending(path: "../../..").standardizedFileURL.path
    var status = stat()
    guard let executable = Bundle.main.executablePath, stat(executable, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec.tv_sec
    #else
      let time = status.st_mtim.tv_sec
    #endif
    return commit(of: root, at: time)
  }

  /// The commit that was checked out in a folder at a time, in seconds since 1970: git logs each change.
  package static func commit(of folder: String, at time: Int) -> String? {
    // A work tree beside the repository has a file that says where its own data is.
    let link = systemText("\(folder)/.git").flatMap { text -> String? in
      guard text.hasPrefix("gitdir: ") else { return nil }
      let path = text.dropFirst("gitdir: ".count).prefix { $0 != "\n" }
      return path.hasPrefix("/") ? String(path) : "\(folder)/\(path)"
    }
    let log = systemText("\(link ?? "\(folder)/.git")/logs/HEAD") ?? ""
    let line = log.split(separator: "\n").last { line in
      // "old new name <address> seconds zone\tmessage"
      let entry = line.prefix { $0 != "\t" }.split(separator: " ")
      return entry.dropLast().last.flatMap { Int($0) }.map { $0 <= time } ?? false
    }
    return line?.split(separator: " ").dropFirst().first.flatMap { hash(String($0)) }
  }

  /// The text if it is a commit's hash: SHA-1 or SHA-256.
  private static func hash(_ text: String) -> String? {
    [40, 64].contains(text.count) && text.allSatisfy(\.isHexDigit) ? text : nil
  }
}
