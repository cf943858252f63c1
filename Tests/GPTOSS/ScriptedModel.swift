import Dispatch
import GPTOSS
import GPTOSSKernels
import GPTOSSTokenizer
import Synchronization
import Testing

/// A model that writes what a test wants, token by token, through everything that a real one goes through.
final class ScriptedModel: Sendable {
  private let outputs: Mutex<[String]>
  private let halt = Mutex<(@Sendable () -> Void)?>(nil)
  private let tokenizer = Mutex<Tokenizer?>(nil)

  private init(_ outputs: [String]) { self.outputs = Mutex(outputs) }

  /// Loads the random model. Each generation writes the next of `outputs`, in which special tokens are
  /// spelled out. When there are no more, it writes what the random weights say.
  static func load(
    _ outputs: [String], precision: Precision = LoadOptions().precision, contextLength: Int? = nil,
    largestBatch: Int = LoadOptions().largestBatch
  ) async throws -> (model: LanguageModel, script: ScriptedModel) {
    let script = ScriptedModel(outputs)
    var options = LoadOptions(
      precision: precision, threads: 2, contextLength: contextLength, largestBatch: largestBatch)
    options.script = { _ in script.next() }
    let model = try await RandomModel.load(options)
    script.tokenizer.withLock { $0 = model.tokenizer }
    return (model, script)
  }

  func append(_ output: String) { outputs.withLock { $0.append(output) } }

  /// Runs `body` while the model stands still between two tokens of whatever it writes.
  func whileHalted(_ model: LanguageModel, _ body: () throws -> Void) async rethrows {
    let goOn = DispatchSemaphore(value: 0)
    defer { goOn.signal() }
    let (halted, continuation) = AsyncStream.makeStream(of: Void.self)
    halt.withLock {
      $0 = {
        continuation.yield()
        goOn.wait()
      }
    }
    // A generation that begins asks for its script, on the thread on which all others are computed.
    Task { for try await _ in model.generate(from: [0], options: GenerationOptions(maximumTokens: 1)) {} }
    for await _ in halted { break }
    try body()
  }

  private func next() -> [TokenID]? {
    let halt = halt.withLock { halt in
      defer { halt = nil }
      return halt
    }
    if let halt {
      halt()
      return nil
    }
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

extension ChatSession {
  /// What the model is to go on from as the session is now.
  func prompt(_ toolbox: Toolbox, _ options: ResponseOptions) throws -> TokenizedPrompt {
    let model = try #require(model as? LanguageModel)
    return try model.prompt(for: try #require(try request(toolbox, options, in: epoch)), opensAnswer: true)
  }
}
