/// The names by which clients may call the loaded model.
public struct ModelNames: Sendable, Equatable {
  /// The name that the server itself uses.
  public let id: String
  /// All names, ``id`` first.
  public let all: [String]

  /// What the names of Anthropic's models begin with. They mean the loaded model, whichever it is: a program
  /// written for them may ask for another model in the background, by a name that it has no setting for.
  static let anthropicPrefix = "claude-"

  /// Names of a model.
  ///
  /// A model may be called by its file's name with and without `.gguf`, by the name in the file, and by
  /// OpenAI's name for its size: a program written for `openai/gpt-oss-20b` runs unchanged.
  ///
  /// - Parameters:
  ///   - path: the model's file.
  ///   - name: `general.name` of the file.
  ///   - layerCount: 36 layers or more make a 120b, fewer a 20b.
  ///   - id: a name to use in place of the file's.
  public init(path: String, name: String, layerCount: Int, id: String? = nil) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let stem = file.hasSuffix(".gguf") ? String(file.dropLast(".gguf".count)) : file
    let size = layerCount >= 36 ? "gpt-oss-120b" : "gpt-oss-20b"
    self.id = id ?? stem
    var all: [String] = []
    for candidate in [self.id, stem, file, name, size, "openai/\(size)"] where !all.contains(candidate) {
      all.append(candidate)
    }
    self.all = all
  }

  /// Names of a model that has no file here.
  public init(id: String, others: [String] = []) {
    self.id = id
    all = [id] + others.filter { $0 != id }
  }

  /// Checks a request's `model`.
  ///
  /// - Throws: ``ServerError/unknownModel(_:download:)``.
  package func check(_ name: String) throws(ServerError) {
    guard all.contains(name) || name.hasPrefix(Self.anthropicPrefix) else { throw .unknownModel(name) }
  }
}
