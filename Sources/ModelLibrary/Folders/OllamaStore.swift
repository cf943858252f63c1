import GPTOSSJSON

// Ollama's store: manifests/HOST/NAMESPACE/MODEL/TAG, JSON whose layers name blobs/sha256-….

extension Listing {
  /// Adds the models of a store. Those in Ollama's own layout are there to be told that they do not run.
  mutating func addOllamaStore(_ root: String) {
    guard begin(root) else { return }
    let manifests = "\(root)/manifests"
    for host in folders(in: manifests) {
      for space in folders(in: "\(manifests)/\(host)") {
        for model in folders(in: "\(manifests)/\(host)/\(space)") {
          let folder = "\(manifests)/\(host)/\(space)/\(model)"
          for tag in names(in: folder) {
            guard let digest = modelLayer(jsonFile("\(folder)/\(tag)")) else { continue }
            let name = (host == "registry.ollama.ai" ? [] : [host]) + (space == "library" ? [] : [space])
            addBlob(
              "\(root)/blobs/\(digest.replacing(":", with: "-"))",
              named: (name + ["\(model):\(tag)"]).joined(separator: "/"))
          }
        }
      }
    }
  }

  private mutating func addBlob(_ path: String, named name: String) {
    let size = fileSize(path)
    add(
      LibraryModel(
        RepositoryName(owner: "", name: name), stem: name, source: .ollama, paths: [path],
        byteCount: size ?? 0, fault: size == nil ? .danglingLink(target: path) : nil))
  }

  /// The digest of the layer with the weights; nil if the manifest has none that can be a file's name.
  private func modelLayer(_ manifest: JSONValue?) -> String? {
    let layer = manifest?["layers"]?.arrayValue?.first {
      $0["mediaType"]?.stringValue == "application/vnd.ollama.image.model"
    }
    guard let digest = layer?["digest"]?.stringValue, ModelName.isSafe(digest) else { return nil }
    return digest
  }
}
