import Foundation

/// Finds the small model that comes with the package.
///
/// Not through `Bundle.module`: it ends the process where the build folder has gone, as after an installation.
package enum FixtureModel {
  /// The name of the file.
  package static let fileName = "assistant.gguf"

  /// The folders in which the file is looked for, in order: beside the executable, where an installation has it,
  /// and the build's resources.
  package static var places: [String] {
    guard let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return [] }
    let folder = executable.deletingLastPathComponent()
    let bundle = "gpt-oss-swift_GPTOSSFixtures"
    #if os(Linux)
      let resources = ["\(bundle).resources"]
    #else
      let resources = ["\(bundle).bundle", "\(bundle).bundle/Contents/Resources"]
    #endif
    return ([".", "../share/gptoss"] + resources).map { folder.appending(path: $0).standardizedFileURL.path }
  }

  /// The file's path; nil if it is in none of the ``places``.
  package static var path: String? {
    places.map { "\($0)/\(fileName)" }.first(where: FileManager.default.fileExists)
  }
}
