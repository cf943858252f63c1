/// Short names of OpenAI's models, which stand for an MXFP4 file from ggml-org or LM Studio's community.
struct ModelAlias: Sendable {
  /// The names, the one of the guides first.
  let names: [String]
  /// What `get` brings.
  let download: ModelName
  /// The repository's name, whoever publishes it.
  private let repository: String

  static let publishers = ["ggml-org", "lmstudio-community"]

  static let all = ["20b", "120b"].map { size in
    let repository = "gpt-oss-\(size)-GGUF"
    return ModelAlias(
      names: ["openai/gpt-oss-\(size)", "gpt-oss-\(size)"],
      download: ModelName(publishers[0], repository, .quantization("MXFP4")), repository: repository)
  }

  /// The alias of a name; nil if it is none.
  static func named(_ name: String) -> ModelAlias? { all.first { $0.names.contains(name.lowercased()) } }

  /// Whether a model is what the alias stands for.
  func matches(_ model: LibraryModel) -> Bool {
    model.source != .ollama && model.quantization?.hasPrefix("MXFP4") == true
      && Self.publishers.contains { model.repository.matches($0, repository) }
  }
}
