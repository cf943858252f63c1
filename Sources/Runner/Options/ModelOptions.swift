import ArgumentParser
import GGUF
import GPTOSS
import GPTOSSFixtures
import GPTOSSModelLibrary

extension ModelLibrary {
  /// This user's models, and the small one that comes with the package.
  static var ofUser: ModelLibrary {
    ModelLibrary(packaged: FixtureModel.path.map { ["assistant": $0] } ?? [:])
  }
}

/// Which model a command uses, however it is named.
protocol ModelChoice {
  /// The model's path.
  func path() throws -> String
}

extension ModelChoice {
  /// Opens the file without loading the model.
  func file() throws -> GGUFFile { try GGUFFile(path: path()) }

  /// All files that the model is in.
  func files() throws -> [String] { try file().partPaths }
}

/// A model named by `-m`; without it, the small model that comes with the package.
struct ModelOption: ParsableArguments, ModelChoice {
  @Option(
    name: [.customShort("m"), .long],
    help: """
      A model's name (gptoss ls lists them) or a GGUF file, any part of a split one. If left out, the small \
      model in the package.
      """,
    completion: .file(extensions: ["gguf"]))
  var model: String?

  /// The option as arguments, if it was given.
  var arguments: [String] { model.map { ["--model", $0] } ?? [] }

  func validate() throws {
    try checkPath("--model", model)
  }

  func path() throws -> String {
    if let model { return try ModelLibrary.ofUser.model(named: model).path }
    return try Self.packagedPath()
  }

  /// The path of the small model.
  static func packagedPath() throws -> String {
    guard let path = FixtureModel.path else { throw RunnerError.noDefaultModel(looked: FixtureModel.places) }
    return path
  }
}

/// A model named by the first argument, or as in other commands.
struct ModelArgument: ParsableArguments, ModelChoice {
  @OptionGroup var option: ModelOption

  @Argument(help: "The same as --model.", completion: .file(extensions: ["gguf"]))
  var name: String?

  /// The name that was given; nil if none was.
  var given: String? { name ?? option.model }

  func validate() throws {
    try checkPath("The model's name", name)
    if name != nil, option.model != nil {
      throw ValidationError("Name the model once: as an argument or with --model.")
    }
  }

  func path() throws -> String {
    if let name { try ModelLibrary.ofUser.model(named: name).path } else { try option.path() }
  }
}

/// Which vocabulary a command uses.
struct VocabularyOptions: ParsableArguments {
  @OptionGroup var model: ModelOption

  @Option(
    help: "A .tiktoken file in place of a model; Harmony's special tokens are added to its tokens.",
    completion: .file(extensions: ["tiktoken"]))
  var vocabulary: String?

  func validate() throws {
    try checkPath("--vocabulary", vocabulary)
    if model.model != nil, vocabulary != nil {
      throw ValidationError("Give either --model or --vocabulary.")
    }
  }

  /// Reads the vocabulary.
  func tokenizer() throws -> Tokenizer {
    if let vocabulary { return Tokenizer(vocabulary: try Vocabulary(tiktoken: vocabulary)) }
    return Tokenizer(vocabulary: try Vocabulary(metadata: model.file().metadata))
  }
}
