import Foundation
import GPTOSSPlatform

/// What was typed before, oldest first; kept in a file that only its owner reads.
///
/// One entry is one line of the file: a line end within it is written `\n`, a backslash twice. Several
/// programs may add to the file at once.
package struct LineHistory {
  package private(set) var entries: [String] = []

  private let path: String?
  /// The number of entries that are remembered.
  package static let limit = 1000
  /// Longer entries, in bytes of UTF-8, are remembered only as long as the program runs.
  package static let longestEntry = 10_000

  /// An empty history that is kept nowhere.
  package init() { path = nil }

  /// The history that a file has; an empty one if there is no file yet.
  ///
  /// - Throws: `TerminalError.unreadable`, `.unwritableHistory`; `CancellationError`.
  package init(path: String) throws {
    self.path = path
    // Who wants no history links it to /dev/null.
    guard access(path, F_OK) == 0, specialFileKind(path) == nil else { return }
    let lines = try Input(path: path).readBytes().split(separator: UInt8(ascii: "\n"))
    entries = lines.suffix(Self.limit).map { Self.decoded(String(decoding: $0, as: UTF8.self)) }
    if lines.count > 2 * Self.limit { try shorten() }
  }

  /// Where a program's history is kept: below `XDG_STATE_HOME`, or what the XDG Base Directory Specification
  /// has in its place. Nil if there is no home folder.
  package static func defaultPath(program: String, environment: [String: String]) -> String? {
    // The specification wants paths that are not absolute ignored.
    func folder(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let state = folder("XDG_STATE_HOME") ?? folder("HOME").map { $0 + "/.local/state" }
    return state.map { "\($0)/\(program)/history" }
  }

  /// Adds an entry, unless it is the last one again.
  ///
  /// - Throws: `TerminalError.unwritableHistory`; the entry is remembered nevertheless.
  package mutating func add(_ entry: String) throws(TerminalError) {
    guard !entry.isEmpty, entry != entries.last else { return }
    entries.append(entry)
    if entries.count > Self.limit { entries.removeFirst() }
    guard let path, entry.utf8.count <= Self.longestEntry else { return }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do throws(SystemError) { try makePrivateFolder(folder) } catch { throw failure(path, error.code) }
    try write(Self.encoded(entry) + "\n", to: path, flags: O_APPEND)
  }

  /// Rewrites the file with the entries that are remembered.
  private func shorten() throws(TerminalError) {
    // What a link leads to is shortened, not the link.
    guard let path = path.map({ URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }) else { return }
    let temporary = "\(path).\(getpid())"
    try write(entries.map { Self.encoded($0) + "\n" }.joined(), to: temporary, flags: O_TRUNC)
    guard rename(temporary, path) == 0 else { throw failure(path) }
  }

  private func write(_ text: String, to path: String, flags: Int32) throws(TerminalError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    // For a file that others were allowed to read. What a link to /dev/null leads to stays as it is.
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    if status.st_mode & S_IFMT == S_IFREG, fchmod(descriptor, 0o600) != 0 { throw failure(path) }
    do throws(SystemError) { try writeAll(text, to: descriptor) } catch { throw failure(path, error.code) }
  }

  private func failure(_ path: String, _ code: Int32 = errno) -> TerminalError {
    .unwritableHistory(path: path, reason: systemMessage(code))
  }

  private static func encoded(_ entry: String) -> String {
    entry.replacingScalars(["\\": "\\\\", "\n": "\\n"])
  }

  private static func decoded(_ line: String) -> String {
    var entry = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in line.unicodeScalars {
      switch scalar {
      case "\\" where !isEscaped: isEscaped = true
      case "n" where isEscaped:
        entry.append("\n")
        isEscaped = false
      default:
        entry.append(scalar)
        isEscaped = false
      }
    }
    return String(entry)
  }
}
