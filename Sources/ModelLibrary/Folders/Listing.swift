import GPTOSSPlatform

/// Models as they are found, folder by folder.
///
/// Folders belong to other programs: what is in them is taken as it comes, in bounded amounts, and never
/// changed. Links are followed, at the depths where models are, so that no loop is walked.
struct Listing {
  private(set) var models: [LibraryModel] = []
  private(set) var problems: [ModelLibraryError] = []
  /// Folders that were read, so that a folder with two names counts once.
  private var seen: Set<FileIdentity> = []

  /// No folder of models has more entries; the rest of a larger one is not looked at.
  private static let entryLimit = 20_000

  mutating func add(_ model: LibraryModel) { models.append(model) }

  /// Adds a model that comes with the program.
  mutating func add(_ path: String, named name: String) {
    guard let size = fileSize(path) else { return }
    models.append(
      LibraryModel(
        RepositoryName(owner: "", name: name), stem: name, source: .package, paths: [path], byteCount: size))
  }

  /// Whether a folder has not been read yet.
  mutating func begin(_ folder: String) -> Bool {
    guard let identity = FileIdentity(folder) else { return true }
    return seen.insert(identity).inserted
  }

  /// The names in a folder, sorted, those that begin with a point left out; none where there is no folder.
  /// One that cannot be read is noted, and one with names that are not UTF-8, by which nothing can be opened.
  mutating func names(in folder: String) -> [String] {
    errno = 0
    guard let directory = opendir(folder) else {
      if errno != ENOENT {
        problems.append(.unreadableFolder(path: folder, reason: systemMessage(errno)))
      }
      return []
    }
    defer { closedir(directory) }
    var names: [String] = []
    var unreadable: String?
    var count = 0
    while count < Self.entryLimit, let entry = readdir(directory) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 }.map(\.self) }
      if bytes.first == UInt8(ascii: ".") { continue }
      count += 1
      if let name = String(validating: bytes, as: UTF8.self) {
        names.append(name)
      } else {
        unreadable = unreadable ?? Self.spelling(bytes)
      }
    }
    if let unreadable { problems.append(.unreadableNames(folder: folder, first: unreadable)) }
    return names.sorted()
  }

  /// A name that is not UTF-8, each byte that is not ASCII as `\xE9`.
  private static func spelling(_ bytes: [UInt8]) -> String {
    bytes.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "\\x\(String($0, radix: 16, uppercase: true))" }
      .joined()
  }

  /// The folders in a folder.
  mutating func folders(in folder: String) -> [String] {
    names(in: folder).filter { isFolder("\(folder)/\($0)") }
  }

  /// Adds the models of a folder's files, parts of one brought together.
  ///
  /// - Parameter origin: the repository of a file by its name.
  mutating func addFiles(_ paths: [String], source: ModelSource, origin: (String) -> RepositoryName) {
    var parts: [String: [Int: String]] = [:]
    for path in paths {
      let file = path.fileName
      let (stem, part) = ModelName.stem(ofFile: file)
      guard let part else {
        models.append(model([path], stem: stem, source: source, origin(file)))
        continue
      }
      parts["\(path.folder)/\(stem)\u{0}\(part.count)", default: [:]][part.number] = path
    }
    for (_, found) in parts.sorted(by: { $0.key < $1.key }) {
      let paths = found.sorted { $0.key < $1.key }.map(\.value)
      let file = paths[0].fileName
      let (stem, part) = ModelName.stem(ofFile: file)
      // A name can say that there are 99,999 parts: they are counted only as far as a line goes.
      let missing = (1...(part?.count ?? 1)).lazy.filter { found[$0] == nil }.prefix(8)
        .map { ModelName.partName(stem: stem, $0, of: part?.count ?? 1) }
      models.append(
        model(
          paths, stem: stem, source: source, origin(file),
          fault: missing.isEmpty ? nil : .missingParts(Array(missing))))
    }
  }

  private func model(
    _ paths: [String], stem: String, source: ModelSource, _ repository: RepositoryName,
    fault: ModelFault? = nil
  ) -> LibraryModel {
    // llama.cpp's cache has the repository in front.
    let prefix = "\(repository.owner)_\(repository.name)_"
    let isPrefixed = source == .llamaCpp && stem.lowercased().hasPrefix(prefix.lowercased())
    return LibraryModel(
      repository, stem: isPrefixed ? String(stem.dropFirst(prefix.count)) : stem, source: source,
      paths: paths, byteCount: paths.reduce(0) { $0 + (fileSize($1) ?? 0) },
      fault: paths.lazy.compactMap(linkFault).first ?? fault)
  }

  /// The models, each with the shortest name that finds it, and its aliases.
  func named() -> [LibraryModel] {
    let files = Dictionary(grouping: models) { "\($0.repository)".lowercased() }
      .mapValues { Set($0.map { $0.stem.lowercased() }) }
    var models = models
    for (index, model) in models.enumerated() where model.source != .ollama {
      let siblings = files["\(model.repository)".lowercased()] ?? []
      guard siblings.count > 1 else { continue }
      if let quantization = model.quantization,
        siblings.filter({ ModelName.isStem($0, of: quantization) }).count == 1
      {
        models[index].name += ":\(quantization)"
      } else {
        models[index].name += "/\(model.stem).gguf"
      }
    }
    for alias in ModelAlias.all {
      let fitting = models.indices.filter { alias.matches(models[$0]) }
      if let index = fitting.first(where: { models[$0].fault == nil }) ?? fitting.first {
        models[index].aliases = alias.names
      }
    }
    return models
  }
}

/// What is wrong with a file before it is opened.
private func linkFault(_ path: String) -> ModelFault? {
  var status = stat()
  if stat(path, &status) == 0 {
    return access(path, R_OK) == 0 ? nil : .unreadable(reason: systemMessage(errno))
  }
  let code = errno
  guard code == ENOENT else { return .unreadable(reason: systemMessage(code)) }
  var target = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = max(0, readlink(path, &target, target.count))
  let bytes = target.prefix(count).map { UInt8(bitPattern: $0) }
  return .danglingLink(target: String(decoding: bytes, as: UTF8.self))
}

/// A file whatever its name.
struct FileIdentity: Hashable {
  private let device: UInt64
  private let number: UInt64

  /// Nil if there is no file.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(status.st_ino)
  }
}

/// The size of a regular file, links followed; nil if there is none.
func fileSize(_ path: String) -> Int? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  return Int(status.st_size)
}

/// Whether a path leads to a folder, links followed.
func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

extension Sequence {
  /// The first element of each name, in their order.
  package func firstOfEach(_ name: (Element) -> String) -> [Element] {
    var seen: Set<String> = []
    return filter { seen.insert(name($0)).inserted }
  }
}

extension String {
  /// What follows the last `/`.
  var fileName: String { split(separator: "/").last.map(String.init) ?? self }
  /// What precedes the last `/`.
  var folder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "." }
  /// Whether this is the name of a GGUF file.
  var isGGUFName: Bool { lowercased().hasSuffix(".gguf") }
}
