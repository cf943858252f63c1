import GPTOSS
import GPTOSSTokenizer
import Synchronization

/// A model that writes what a test wants, token by token, through everything that a real one goes through.
final class ScriptedModel: Sendable {
  private let outputs: Mutex<[String]>
  private let tokenizer = Mutex<Tokenizer?>(nil)

  private init(_ outputs: [String]) { self.outputs = Mutex(outputs) }

  /// Loads the random model; each generation writes the next of `outputs`, in which special tokens are spelled out, and when
  /// there are no more what the random weights say.
  static func load(
    _ outputs: [String], contextLength: Int? = nil
  ) async throws -> (model: LanguageModel, script: ScriptedModel) {
    let script = ScriptedModel(outputs)
    var options = LoadOptions(threads: 2, contextLength: contextLength)
    options.script = { _ in script.next() }
    let model = try await RandomModel.load(options)
    script.tokenizer.withLock { $0 = model.tokenizer }
    return (model, script)
  }

  func append(_ output: String) { outputs.withLock { $0.append(output) } }

  private func next() -> [TokenID]? {
    let output = outputs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    return output.flatMap { output in
      tokenizer.withLock { $0?.encode(output, specialTokens: .allowAll) }
    }
  }
}

/// What a model writes, in Harmony.
enum Output {
  static func answer(_ text: String, analysis: String? = nil) -> String {
    (analysis.map { "<|channel|>analysis<|message|>\($0)<|end|><|start|>assistant" } ?? "")
      + "<|channel|>final<|message|>\(text)<|return|>"
  }

  static func call(_ name: String, _ arguments: String, analysis: String? = nil) -> String {
    (analysis.map { "<|channel|>analysis<|message|>\($0)<|end|><|start|>assistant" } ?? "")
      + "<|channel|>commentary to=functions.\(name) <|constrain|>json<|message|>\(arguments)<|call|>"
  }
}
