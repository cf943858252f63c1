import GPTOSSPlatform

/// A file to be created below a folder and nowhere else.
///
/// Each folder on the way is opened from the one above it without following symbolic links, so that
/// none can be exchanged for a link in between.
struct NewFile {
  /// Why a file is not created, in words for a model.
  enum Refusal: Error, CustomStringConvertible {
    case exists
    case badName(String)
    case absolutePath
    case parentFolder
    case noFolder(String)
    case link(String)
    case system(String)

    var description: String {
      switch self {
      case .exists: "File already exists."
      case .badName(let problem): "The name \(problem)."
      case .absolutePath: "Only paths relative to the current folder are allowed, without a leading /."
      case .parentFolder: "Only files below the current folder are allowed; the path must not contain \"..\"."
      case .noFolder(let folder): "There is no folder \(folder); use an existing one."
      case .link(let path): "\(path) is a symbolic link; links are not followed."
      case .system(let reason): "The file cannot be created: \(reason)."
      }
    }
  }

  private let root: String
  private let folders: [String]
  private let name: String

  /// - Throws: `Refusal` for a text that is no path, and for a path that leaves the folder.
  init(_ path: String, root: String) throws(Refusal) {
    if path.isEmpty { throw .badName("is empty") }
    if path.inert != path { throw .badName("has control characters") }
    // By scalars: with a mark behind it a slash is another character, but for the file system it is a slash.
    let scalars = path.unicodeScalars
    if scalars.first == "/" { throw .absolutePath }
    let parts = scalars.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.contains("..") { throw .parentFolder }
    guard let name = parts.last, !name.isEmpty, name != "." else { throw .badName("is a folder's") }
    self.root = root
    self.name = name
    folders = parts.dropLast().filter { !$0.isEmpty && $0 != "." }
  }

  /// - Throws: `Refusal` if the file exists, or its folder does not.
  func checkIsAbsent() throws(Refusal) {
    let folder = try openFolder()
    defer { close(folder) }
    if faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 { throw .exists }
    if errno != ENOENT { throw .system(Self.reason) }
  }

  /// Creates the file with a text; if that fails midway, no file stays.
  ///
  /// - Throws: `Refusal`.
  func write(_ text: String) throws(Refusal) {
    let folder = try openFolder()
    defer { close(folder) }
    let file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw errno == EEXIST ? .exists : .system(Self.reason) }
    defer { close(file) }
    do throws(SystemError) { try writeAll(text, to: file) } catch {
      unlinkat(folder, name, 0)
      throw .system(systemMessage(error.code))
    }
  }

  private func openFolder() throws(Refusal) -> Int32 {
    var folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw .system(Self.reason) }
    for (index, part) in folders.enumerated() {
      let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let problem = errno
      var target: CChar = 0
      let isLink = next < 0 && readlinkat(folder, part, &target, 1) >= 0
      close(folder)
      guard next >= 0 else {
        let path = folders[...index].joined(separator: "/")
        if isLink { throw .link(path) }
        throw problem == ENOENT || problem == ENOTDIR
          ? .noFolder(path) : .system(systemMessage(problem))
      }
      folder = next
    }
    return folder
  }

  private static var reason: String { systemMessage(errno) }
}
