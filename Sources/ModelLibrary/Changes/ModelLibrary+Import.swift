import Foundation
import GGUF
import GPTOSSPlatform

extension ModelLibrary {
  /// How a file comes into the library's folder.
  public enum ImportMethod: String, Sendable, CaseIterable {
    /// A second name of the file, or, from another file system, a symbolic link to it.
    case link
    /// A copy of it.
    case copy
  }

  /// Puts a file into the library's own folder, of a split model all parts.
  ///
  /// - Parameters:
  ///   - path: a GGUF file; of a split model any part.
  ///   - name: what it is to be called, `PUBLISHER/NAME`; nil for `local/` and the file's name.
  ///   - method: how.
  ///   - isForced: whether a model that does not run here is taken all the same.
  ///   - progress: receives the share of a copy that is done, 0 to 1; what it throws ends the copy.
  /// - Returns: the model under its new name.
  /// - Throws: `ModelLibraryError.broken` for a file that is damaged or will not run, `.invalidName`,
  ///   `.exists`, `.unwritable`; what `progress` throws.
  public func importFile(
    _ path: String, as name: String? = nil, method: ImportMethod = .link, isForced: Bool = false,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> LibraryModel {
    let file: GGUFFile
    do { file = try GGUFFile(path: path) } catch {
      throw ModelLibraryError.broken(name: path.fileName, path: path, .file(error))
    }
    if !isForced, let fault = ModelFault.of(file) {
      throw ModelLibraryError.broken(name: path.fileName, path: path, fault)
    }
    let name = name ?? "local/\(Self.word(ModelName.stem(ofFile: path.fileName).stem))"
    guard let target = ModelName(name), target.choice == .any else {
      throw ModelLibraryError.invalidName(name)
    }
    let folder = "\(folders.own)/\(target.owner)/\(target.repository)"
    do { try makePrivateFolder(folder) } catch {
      throw ModelLibraryError.unwritable(path: folder, reason: error.description)
    }
    let total = file.partPaths.reduce(0) { $0 + (fileSize($1) ?? 0) }
    var done = 0
    let destinations = file.partPaths.map { path in
      // A name that begins with a point is not listed.
      let name = path.fileName.drop { $0 == "." }
      let isUsable = !name.isEmpty && name.lowercased() != "gguf"
      return
        "\(folder)/\(isUsable ? String(name) : target.repository)\(String(name).isGGUFName ? "" : ".gguf")"
    }
    if let path = destinations.first(where: { access($0, F_OK) == 0 }) {
      throw ModelLibraryError.exists(path: path)
    }
    var arrived: [String] = []
    do {
      for (source, destination) in zip(file.partPaths, destinations) {
        switch method {
        case .link: try Self.link(source, to: destination)
        case .copy:
          try Self.copy(source, to: destination) { count in
            done += count
            try progress(Double(done) / Double(max(total, 1)))
          }
        }
        arrived.append(destination)
      }
    } catch {
      // Some of the parts are no model.
      arrived.forEach { unlink($0) }
      throw error
    }
    guard let model = models.first(where: { destinations.contains($0.path) }) else {
      throw ModelLibraryError.notFound(name: name, download: nil)
    }
    return model
  }

  /// A file's name as a repository's: what the Hub does not allow becomes a hyphen.
  private static func word(_ stem: String) -> String {
    let word = String(stem.map { ModelName.isRepositoryPart("\($0)") || $0 == "." ? $0 : "-" }.prefix(96))
    return ModelName.isRepositoryPart(word) ? word : "model"
  }

  private static func link(_ source: String, to destination: String) throws(ModelLibraryError) {
    guard let absolute = realpath(source, nil) else {
      throw .unwritable(path: destination, reason: systemMessage(errno))
    }
    defer { free(absolute) }
    // On another file system a file has no second name, and somebody else's may not get one.
    if Foundation.link(absolute, destination) == 0 || errno != EEXIST && symlink(absolute, destination) == 0 {
      return
    }
    throw errno == EEXIST
      ? .exists(path: destination) : .unwritable(path: destination, reason: systemMessage(errno))
  }

  private static func copy(
    _ source: String, to destination: String, progress: (Int) throws -> Void
  ) throws {
    let descriptor = open(source, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ModelLibraryError.broken(
        name: source.fileName, path: source, .unreadable(reason: systemMessage(errno)))
    }
    defer { close(descriptor) }
    do {
      var output = try OutputFile(destination, isOverwriting: false)
      var piece = [UInt8](repeating: 0, count: 4 << 20)
      while true {
        let count = read(descriptor, &piece, piece.count)
        if count < 0 { throw GGUFError.Reason.system(operation: "read", code: errno) }
        if count == 0 { break }
        try output.write(piece.span.extracting(first: count).bytes)
        try progress(count)
      }
      try output.commit()
    } catch let reason as GGUFError.Reason {
      switch reason {
      case .alreadyExists: throw ModelLibraryError.exists(path: destination)
      case .system(_, let code):
        throw ModelLibraryError.unwritable(path: destination, reason: systemMessage(code))
      default: throw ModelLibraryError.unwritable(path: destination, reason: reason.summary)
      }
    }
  }
}
