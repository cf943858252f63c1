import GPTOSSPlatform

// Hugging Face's cache: models--OWNER--REPO/ with refs/main (a commit), snapshots/COMMIT/PATH → blobs/ETAG,
// and blobs/ETAG.incomplete while a download goes on.

extension Listing {
  /// Adds the models of a cache: of each repository those of the commit that `main` was, and those of other
  /// commits that it lacks or has in part.
  mutating func addHuggingFaceCache(_ root: String) {
    guard begin(root) else { return }
    for folder in folders(in: root) where folder.hasPrefix("models--") {
      let names = folder.dropFirst("models--".count).split(separator: "-", omittingEmptySubsequences: false)
      guard let repository = RepositoryName(cacheName: names) else { continue }
      let path = "\(root)/\(folder)"
      let snapshots = folders(in: "\(path)/snapshots")
      let main = reference("\(path)/refs/main")
      let commits = snapshots.filter { $0 == main } + snapshots.filter { $0 != main }
      let all = commits.flatMap { ggufFiles(in: "\(path)/snapshots/\($0)") }
      let files = (all.filter { fileSize($0) != nil } + all).firstOfEach(\.fileName)
      addFiles(files, source: .huggingFace) { _ in repository }
      if files.isEmpty { addIncomplete("\(path)/blobs", of: repository) }
    }
  }

  /// The GGUF files of a snapshot, which may be in folders one deep.
  private mutating func ggufFiles(in snapshot: String) -> [String] {
    var files: [String] = []
    for name in names(in: snapshot) {
      let path = "\(snapshot)/\(name)"
      if name.isGGUFName {
        files.append(path)
      } else if isFolder(path) {
        files += names(in: path).filter(\.isGGUFName).map { "\(path)/\($0)" }
      }
    }
    return files
  }

  /// A download that has not come to its end: it has no name yet but its hash.
  private mutating func addIncomplete(_ blobs: String, of repository: RepositoryName) {
    guard let name = names(in: blobs).first(where: { $0.hasSuffix(".incomplete") }) else { return }
    let path = "\(blobs)/\(name)"
    add(
      LibraryModel(
        repository, stem: repository.name, source: .huggingFace, paths: [path],
        byteCount: fileSize(path) ?? 0, fault: .unfinished))
  }

  /// The commit that a reference names; nil if it names none.
  private func reference(_ path: String) -> String? {
    guard let size = fileSize(path), size <= 1_024, let text = systemText(path) else { return nil }
    return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
  }
}

extension RepositoryName {
  /// The repository of `OWNER--REPO`, given in what stands between single hyphens; nil if it has no owner.
  fileprivate init?(cacheName words: [Substring]) {
    guard let gap = words.firstIndex(of: ""), gap > 0, gap + 1 < words.count else { return nil }
    owner = words[..<gap].joined(separator: "-")
    name = words[(gap + 1)...].joined(separator: "-")
  }
}
