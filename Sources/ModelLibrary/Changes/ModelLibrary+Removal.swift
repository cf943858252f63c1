import GPTOSSPlatform

extension ModelLibrary {
  /// Removes a model from the library's own folder, an unfinished download too. What other programs have is
  /// never removed. Of an imported model that is a link, the link is removed.
  ///
  /// - Parameter name: the model's name.
  /// - Returns: the files that are gone.
  /// - Throws: `ModelLibraryError.notFound`; `.notOwn` for another program's; `.ambiguous` if the name fits
  ///   several; `.busy` while it is being downloaded; `.unwritable`.
  @discardableResult
  public func remove(named name: String) throws(ModelLibraryError) -> [String] {
    let model = try ownModel(named: name)
    var files = model.paths
    // What of its parts has arrived in part.
    let folder = model.path.folder
    // What lies behind a link to another program's folder is that program's.
    guard !isLink(folder), !isLink(folder.folder) else {
      throw .unwritable(path: folder, reason: "it is a link to another folder; remove the link itself")
    }
    var listing = Listing()
    for file in listing.names(in: folder) where file.hasSuffix(PartialFile.suffix) {
      let stem = ModelName.stem(ofFile: file.dropLast(PartialFile.suffix.count)).stem
      let path = "\(folder)/\(file)"
      if stem == model.stem, !files.contains(path) { files.append(path) }
    }
    let partials = files.filter { $0.hasSuffix(PartialFile.suffix) }
    if let path = partials.first(where: PartialFile.isLocked) { throw .busy(path: path) }
    for path in files + partials.map(PartialFile.note) where unlink(path) != 0 && errno != ENOENT {
      throw .unwritable(path: path, reason: systemMessage(errno))
    }
    // The folders go once they are empty, and stay otherwise.
    rmdir(folder)
    rmdir(folder.folder)
    return files
  }

  private func ownModel(named name: String) throws(ModelLibraryError) -> LibraryModel {
    let models = models
    let own = models.filter { $0.source == .own }
    let named = own.filter { $0.name.lowercased() == name.lowercased() }
    if named.count > 1 { throw .ambiguous(name: name, candidates: named.map(\.path)) }
    if let model = named.first { return model }
    // Among several files, `model(named:)` may choose; what removes them may not.
    if let hubName = ModelName(name), hubName.choice == .any {
      let found = own.filter { $0.repository.matches(hubName.owner, hubName.repository) }
      if found.count > 1 { throw .ambiguous(name: name, candidates: found.map(\.name)) }
    }
    let candidates = try candidates(named: name, in: models)
    let fitting = candidates.filter { $0.source == .own }
    if fitting.count > 1 { throw .ambiguous(name: name, candidates: fitting.map(\.name)) }
    if let model = fitting.first { return model }
    guard let model = candidates.first else {
      throw .notFound(name: name, download: downloadName(of: name))
    }
    throw .notOwn(name: model.name, path: model.path, model.source)
  }
}

private func isLink(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
}
