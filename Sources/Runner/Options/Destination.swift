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
  /// - Parameter sources: files that the work reads, which are never replaced.
  /// - Throws: `RunnerError.isNoFile`, `.isSource`, `.fileExists`; what finding the sources throws.
  func check(reading sources: @autoclosure () throws -> [String] = []) throws {
    if let kind = specialFileKind(path) { throw RunnerError.isNoFile(path, kind: kind) }
    if try sources().contains(where: { isSameFile(path, $0) }) { throw RunnerError.isSource(path) }
    if !isOverwriting, access(path, F_OK) == 0 { throw RunnerError.fileExists(path) }
  }

  /// Begins the file, which gets its name when it is finished: so what it cannot be written to is told before
  /// the work.
  ///
  /// - Throws: `GGUFError`.
  func begin() throws(GGUFError) -> OutputFile {
    do { return try OutputFile(path, isOverwriting: isOverwriting) } catch {
      throw GGUFError(path: path, reason: error)
    }
  }

  /// Makes a text the whole of the file.
  ///
  /// - Throws: `GGUFError`, also where meanwhile there is a file that it may not replace.
  func finish(_ file: consuming OutputFile, _ text: String) throws(GGUFError) {
    do throws(GGUFError.Reason) {
      try file.write(Array(text.utf8).span.bytes)
      try file.commit()
    } catch { throw GGUFError(path: path, reason: error) }
  }
}
