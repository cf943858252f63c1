import Foundation
import GPTOSSModelLibrary

/// The folders of one test, removed with it: those of all programs, in a folder of its own.
final class ModelTree {
  let root: String
  let folders: ModelFolders

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "models-\(UUID().uuidString)").path
    folders = ModelFolders(
      own: "\(root)/own", lmStudio: ["\(root)/lmstudio"], huggingFace: ["\(root)/hub"],
      llamaCpp: ["\(root)/llama"], ollama: ["\(root)/ollama"])
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  var library: ModelLibrary { ModelLibrary(folders: folders, environment: [:]) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// Writes a file, and the folders above it.
  @discardableResult
  func write(_ name: String, _ text: String = "GGUF") throws -> String {
    let path = path(name)
    try makeFolder(of: path)
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  /// Makes a symbolic link, whose target need not be there.
  func link(_ name: String, to target: String) throws {
    try makeFolder(of: path(name))
    try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
  }

  /// Copies the smallest model that runs.
  @discardableResult
  func copyTinyModel(_ name: String) throws -> String {
    try makeFolder(of: path(name))
    try FileManager.default.copyItem(atPath: Self.tinyModel, toPath: path(name))
    return path(name)
  }

  static let tinyModel = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/random-tiny.gguf").standardizedFileURL.path

  private func makeFolder(of path: String) throws {
    let folder = URL(filePath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }
}
