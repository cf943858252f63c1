// The library's own folder and LM Studio's: PUBLISHER/NAME/FILE.gguf.

extension Listing {
  /// Adds the models of a folder that is laid out `PUBLISHER/NAME/FILE.gguf`.
  mutating func addPublishers(in root: String, source: ModelSource) {
    guard begin(root) else { return }
    for publisher in folders(in: root) {
      for name in folders(in: "\(root)/\(publisher)") {
        let folder = "\(root)/\(publisher)/\(name)"
        let repository = RepositoryName(owner: publisher, name: name)
        let names = names(in: folder)
        addFiles(names.filter(\.isGGUFName).map { "\(folder)/\($0)" }, source: source) { _ in repository }
        for name in names where source == .own && name.hasSuffix(PartialFile.suffix) {
          addPartial("\(folder)/\(name)", of: repository)
        }
      }
    }
  }

  /// Adds a file that is being downloaded, or whose download was stopped.
  private mutating func addPartial(_ path: String, of repository: RepositoryName) {
    let file = String(path.fileName.dropLast(PartialFile.suffix.count))
    // Other writers' files have other names before their end, and are not ours to speak of.
    guard file.isGGUFName else { return }
    let (stem, part) = ModelName.stem(ofFile: file)
    // Parts that are complete, or the first one that is not, stand for all.
    guard
      part == nil
        || !models.contains(where: {
          $0.source == .own && $0.repository == repository && $0.stem == stem
        })
    else { return }
    add(
      LibraryModel(
        repository, stem: stem, source: .own, paths: [path], byteCount: PartialFile.arrivedByteCount(path),
        fault: .unfinished))
  }
}
