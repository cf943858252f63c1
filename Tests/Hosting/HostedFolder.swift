import Foundation
import GPTOSS
import GPTOSSHosting
import GPTOSSModel
import GPTOSSModelLibrary
import GPTOSSSynthesis
import GPTOSSTokenizer

/// A library of small random models, `test/a`, `test/b` and so on, removed with the object.
final class HostedFolder: Sendable {
  static let names = ["test/a", "test/b", "test/c"]

  let root: String
  let library: ModelLibrary

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "hosting-\(UUID().uuidString)").path
    library = ModelLibrary(folders: ModelFolders(own: root), environment: [:])
    for (index, name) in Self.names.enumerated() {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(name)", withIntermediateDirectories: true)
      try SyntheticModel(shape: .tiny, vocabulary: .builtIn, seed: UInt64(index))
        .write(to: "\(root)/\(name)/\(name.suffix(1)).gguf")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// A host for these models.
  ///
  /// - Parameter room: how many models the memory is for; nil for all memory of the machine.
  func host(room: Int? = nil, idleTime: Duration = .seconds(3600)) throws -> ModelHost {
    var options = HostingOptions()
    options.load = Self.loadOptions
    options.idleTime = idleTime
    if let room { options.memoryLimit = try room * byteCount }
    return ModelHost(library: library, options: options)
  }

  static let loadOptions = LoadOptions(weights: .mapped, threads: 2, contextLength: 256)

  /// The memory that each of the models is estimated to take.
  var byteCount: Int {
    get throws {
      try library.memory(
        of: library.model(named: Self.names[0]), residency: .mapped, contextLength: 256
      ).total
    }
  }

  /// What a model answers to a prompt of this number when nothing else is there.
  func answersAlone(prompts: Int) async throws -> [String: [[TokenID]]] {
    var answers: [String: [[TokenID]]] = [:]
    for name in Self.names {
      for number in 0..<prompts {
        let model = try await LanguageModel.load(
          contentsOf: library.model(named: name).path, options: Self.loadOptions)
        answers[name, default: []].append(try await model.answer(number))
      }
    }
    return answers
  }
}

extension LanguageModel {
  /// Continues a prompt that has this number.
  func answer(_ number: Int) async throws -> [TokenID] {
    let prompt = (0..<20 + number).map { ($0 * 7 + number * 31) % 300 }
    var options = GenerationOptions(maximumTokens: 12)
    options.sampling.temperature = 0
    var tokens: [TokenID] = []
    for try await event in generate(from: prompt, options: options) {
      if case .token(let token) = event { tokens.append(token.id) }
    }
    return tokens
  }
}
