import ArgumentParser
import GGUF
import GPTOSS
import GPTOSSFixtures

/// Which model a command uses, however it is named.
protocol ModelChoice {
  /// The model's path.
  func path() throws(RunnerError) -> String
}

extension ModelChoice {
  /// Opens the file without loading the model.
  func file() throws -> GGUFFile { try GGUFFile(path: path()) }
}

/// A model named by `-m`; without it, the small model that comes with the package.
struct ModelOption: ParsableArguments, ModelChoice {
  @Option(name: [.customShort("m"), .long], help: "A GGUF file; the small model in the package if left out.")
  var model: String?

  func path() throws(RunnerError) -> String {
    if let model { return model }
    guard let path = FixtureModel.path else { throw .noDefaultModel(looked: FixtureModel.places) }
    return path
  }
}

/// A model named by the first argument.
struct ModelArgument: ParsableArguments, ModelChoice {
  @Argument(help: "The GGUF file; of a split model, any part.")
  var model: String

  func path() -> String { model }
}

/// Which vocabulary a command uses.
struct VocabularyOptions: ParsableArguments {
  @OptionGroup var model: ModelOption

  @Option(
    help: "A .tiktoken file in place of a model; Harmony's special tokens are added to its tokens.")
  var vocabulary: String?

  func validate() throws {
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
