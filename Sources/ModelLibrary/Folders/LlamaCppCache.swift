import GPTOSSJSON

// llama.cpp's cache: OWNER_REPO_FILE.gguf, each beside a JSON with its address. Newer versions use Hugging
// Face's cache.

extension Listing {
  /// Adds the models of a cache.
  mutating func addLlamaCppCache(_ root: String) {
    guard begin(root) else { return }
    let files = names(in: root).filter(\.isGGUFName).map { path -> (path: String, name: CachedName) in
      (path: "\(root)/\(path)", name: CachedName(path, information: jsonFile("\(root)/\(path).json")))
    }
    let names = Dictionary(files.map { ($0.path.fileName, $0.name) }, uniquingKeysWith: { first, _ in first })
    addFiles(files.map(\.path), source: .llamaCpp) {
      names[$0]?.repository ?? RepositoryName(owner: "", name: $0)
    }
  }
}

/// What a file of llama.cpp's cache is called on the Hub.
private struct CachedName {
  let repository: RepositoryName

  /// - Parameters:
  ///   - file: `OWNER_REPO_FILE.gguf`.
  ///   - information: what stands beside it, with the address that it came from as `url`.
  init(_ file: String, information: JSONValue?) {
    if let address = information?["url"]?.stringValue, let name = ModelName(address) {
      repository = RepositoryName(owner: name.owner, name: name.repository)
      return
    }
    // Any of the three may have an underscore of its own; most repositories of GGUF files end in -GGUF.
    guard let first = file.firstIndex(of: "_") else {
      repository = RepositoryName(owner: "", name: ModelName.stem(ofFile: file).stem)
      return
    }
    let rest = file[file.index(after: first)...]
    let marked = rest.range(ofFirst: "-GGUF_").map { rest[..<rest.index($0, offsetBy: 5)] }
    let name = marked ?? rest.prefix { $0 != "_" }
    repository = RepositoryName(owner: String(file[..<first]), name: String(name))
  }
}

extension Substring {
  /// Where a word begins, whatever its case.
  fileprivate func range(ofFirst word: String) -> Index? {
    indices.first { self[$0...].prefix(word.count).uppercased() == word.uppercased() }
  }
}
