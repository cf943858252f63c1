import ArgumentParser
import GGUF
import GPTOSS
import GPTOSSFixtures
import GPTOSSTokenizer

/// Which model a command uses.
struct ModelOption: ParsableArguments {
  @Option(name: [.customShort("m"), .long], help: "A GGUF file; the small model of the package if left out.")
  var model: String?

  /// The model's path.
  func path() throws(RunnerError) -> String {
    if let model { return model }
    guard let path = FixtureModel.path else { throw .noDefaultModel(looked: FixtureModel.places) }
    return path
  }
}

/// Which vocabulary a command uses.
struct VocabularyOptions: ParsableArguments {
  @OptionGroup var model: ModelOption

  @Option(help: "A .tiktoken file with Harmony's special tokens, in place of a model.")
  var vocabulary: String?

  func validate() throws {
    if model.model != nil, vocabulary != nil {
      throw ValidationError("Give either --model or --vocabulary.")
    }
  }

  /// Reads the vocabulary.
  func tokenizer() throws -> Tokenizer {
    if let vocabulary { return Tokenizer(vocabulary: try Vocabulary(tiktoken: vocabulary)) }
    let file = try GGUFFile(path: model.path())
    return Tokenizer(vocabulary: try Vocabulary.read(from: file.metadata))
  }
}
