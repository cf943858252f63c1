import Foundation
import GPTOSS

/// The random model of Fixtures: two layers, two of four experts per token, a vocabulary of 352.
enum TinyModel {
  static var path: String {
    URL(filePath: #filePath).appending(path: "../../../Fixtures/random-tiny.gguf").standardized.path
  }

  /// Loads it without the memory of earlier prompts.
  static func load() async throws -> LanguageModel {
    try await LanguageModel.load(contentsOf: path, options: LoadOptions(cacheByteLimit: 0))
  }
}
