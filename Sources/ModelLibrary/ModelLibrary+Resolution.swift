import GPTOSSPlatform

extension ModelLibrary {
  /// The model of a name.
  ///
  /// In this order, the first that fits: a path; the identifier of a loaded model; `PUBLISHER/NAME` as a
  /// folder of the library's own; an alias (`openai/gpt-oss-20b`, `gpt-oss-20b`, the same for 120b, and names
  /// of packaged models); `OWNER/REPO[:QUANT]`, or `OWNER/REPO/FILE.gguf`; the name of a file, with or
  /// without `.gguf`. Of several copies the first counts, in the order own folder, LM Studio, Hugging Face,
  /// llama.cpp, Ollama; one that is damaged only where there is no other.
  ///
  /// A path is what begins with `/`, `./` or `../`, what names a file that is there, and `FOLDER/FILE.gguf`.
  ///
  /// - Parameters:
  ///   - name: the name, in any case of letters.
  ///   - loaded: the model that is loaded under an identifier; nil for none.
  ///   - acceptsPaths: whether a path is a name; no for names that other people send.
  /// - Returns: where the model is. A path is not looked at: opening it says what is wrong with it.
  /// - Throws: `ModelLibraryError.notFound`; `.ambiguous` for a short name of different models; `.broken` for
  ///   a model that is there and incomplete.
  public func model(
    named name: String, loaded: (String) -> LibraryModel? = { _ in nil }, acceptsPaths: Bool = true
  ) throws(ModelLibraryError) -> LibraryModel {
    if acceptsPaths, Self.isPath(name) { return LibraryModel(path: name) }
    if let model = loaded(name) { return model }
    let models = models
    let candidates = try candidates(named: name, in: models)
    guard let model = candidates.first(where: { $0.fault == nil }) ?? candidates.first else {
      throw .notFound(name: name, download: downloadName(of: name))
    }
    if let fault = model.fault { throw .broken(name: name, path: model.path, fault) }
    return model
  }

  /// Whether a name is a path, and no name.
  static func isPath(_ name: String) -> Bool {
    if ["/", "./", "../"].contains(where: name.hasPrefix) || ["", ".", ".."].contains(name) { return true }
    // A file of the Hub has two names before its own.
    if name.isGGUFName, name.split(separator: "/").count == 2 { return true }
    // A folder may be called as a model is, and none can be opened.
    var status = stat()
    return stat(name, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }

  /// What `get` brings for a name; nil if it is no name of the Hub.
  func downloadName(of name: String) -> String? {
    if let alias = ModelAlias.named(name) { return alias.names[0] }
    return ModelName(name)?.description
  }

  /// The models that a name fits in the first way in which it fits any.
  func candidates(
    named name: String, in models: [LibraryModel]
  ) throws(ModelLibraryError) -> [LibraryModel] {
    let hubName = ModelName(name)
    // A folder of our own comes before an alias: who imported a model as openai/gpt-oss-20b means that one.
    if let hubName {
      let own = models.filter { $0.source == .own }
      let found = hubName.choose(from: own)
      if !found.isEmpty { return found }
    }
    if let alias = ModelAlias.named(name) {
      let found = models.filter(alias.matches)
      if !found.isEmpty { return found }
    }
    let packaged = models.filter { $0.source == .package && $0.name.lowercased() == name.lowercased() }
    if !packaged.isEmpty { return packaged }
    if let hubName {
      let found = hubName.choose(from: models)
      if !found.isEmpty { return found }
    }
    // Ollama's names have no owner, and a colon before the tag.
    let named = models.filter { $0.name.lowercased() == name.lowercased() }
    if !named.isEmpty { return named }
    return try Self.files(named: name, in: models)
  }

  /// The models whose file has this name.
  private static func files(
    named name: String, in models: [LibraryModel]
  ) throws(ModelLibraryError) -> [LibraryModel] {
    let stem = ModelName.stem(ofFile: name).stem.lowercased()
    let all = models.filter { $0.stem.lowercased() == stem && $0.source != .ollama }
    let intact = all.filter { $0.fault == nil }
    let found = intact.isEmpty ? all : intact
    if let first = found.first, found.contains(where: { !$0.isCopy(of: first) }) {
      throw .ambiguous(name: name, candidates: found.map(\.name).firstOfEach(\.self))
    }
    return found
  }
}

extension ModelName {
  /// The models of a list that the name fits; with several files in the repository, the best of them.
  func choose(from models: [LibraryModel]) -> [LibraryModel] {
    let found = models.filter { $0.repository.matches(owner, repository) }
    switch choice {
    case .any:
      guard
        let best = Self.preferred(found.filter { $0.fault == nil }, stem: \.stem)
          ?? Self.preferred(found, stem: \.stem)
      else { return [] }
      return found.filter { $0.stem == best.stem }
    case .quantization(let quantization):
      return found.filter { Self.isStem($0.stem, of: quantization) }
    case .file(let path):
      let file = path.split(separator: "/").last ?? ""
      return found.filter { $0.stem.lowercased() == Self.stem(ofFile: file).stem.lowercased() }
    }
  }
}

extension LibraryModel {
  /// A file that was named by its path.
  init(path: String) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    var status = stat()
    self.init(
      RepositoryName(owner: "", name: path), stem: ModelName.stem(ofFile: name).stem, source: .file,
      paths: [path], byteCount: stat(path, &status) == 0 ? Int(status.st_size) : 0)
  }
}
