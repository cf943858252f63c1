import ArgumentParser
import GGUF
import GPTOSSPlatform

/// The file that a command writes, and whether it may take the place of another.
struct Destination {
  let path: String
  let isOverwriting: Bool

  /// What `--force` does.
  static let forceHelp: ArgumentHelp = "Replace the file if it exists."

  /// Refuses what is no path, for an option or argument of this name.
  ///
  /// - Throws: `ValidationError`.
  func validate(_ name: String) throws(ValidationError) {
    if path.isEmpty { throw ValidationError("\(name) is empty; give the path of the file to write.") }
    if path == "-" {
      throw ValidationError(
        "\(name) has to be a file: nothing is written to standard output. For a file named -, give ./-.")
    }
  }

  /// Refuses what the file could not be written to, before the work that leads to it.
  ///
  /// - Parameter source: a file that the work reads, which is never replaced.
  /// - Throws: `RunnerError.isNoFile`, `.isSource`, `.fileExists`.
  func check(reading source: String? = nil) throws(RunnerError) {
    if let source, isSameFile(path, source) { throw .isSource(path) }
    if let kind = specialFileKind(path) { throw .isNoFile(path, kind: kind) }
    if !isOverwriting, access(path, F_OK) == 0 { throw .fileExists(path) }
  }

  /// Writes a text as the whole file, which gets its name when it is complete.
  ///
  /// - Throws: `GGUFError` if it cannot be written, or may not take another's place.
  func write(_ text: String) throws(GGUFError) {
    do throws(GGUFError.Reason) {
      var file = try OutputFile(path, isOverwriting: isOverwriting)
      try file.write(Array(text.utf8).span.bytes)
      try file.commit()
    } catch { throw GGUFError(path: path, reason: error) }
  }
}
