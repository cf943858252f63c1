package import GPTOSS
import GPTOSSPlatform

/// An answer that is given in order to be looked at.
package struct TracedAnswer {
  /// What is generated at most, unless something else is asked for.
  package static let defaultMaximumTokens = 256
  /// A longer prompt is no part of a command that is to be copied.
  private static let longestWord = 400

  private let prompt: String
  private let reasoning: ReasoningEffort?
  private let maximumTokens: Int
  private let sampling: SamplingOptions

  /// - Parameters:
  ///   - prompt: what the person said.
  ///   - reasoning: how much to reason; medium if nil.
  package init(
    prompt: String, reasoning: ReasoningEffort?, maximumTokens: Int = Self.defaultMaximumTokens,
    sampling: SamplingOptions
  ) {
    self.prompt = prompt
    self.reasoning = reasoning
    self.maximumTokens = maximumTokens
    self.sampling = sampling
  }

  /// Lets a model answer, as `generate` does, and reads the answer again.
  func trace(_ model: LanguageModel, options: TraceOptions) async throws -> Trace {
    let conversation = Conversation([
      .system(SystemContent(reasoningEffort: reasoning ?? .medium)), Message(.user, prompt),
    ])
    var responseOptions = ResponseOptions(maximumTokens: maximumTokens)
    responseOptions.sampling = sampling
    var answer: Response?
    for try await event in model.respond(to: conversation, options: responseOptions) {
      if case .finished(let response) = event { answer = response }
    }
    try Task.checkCancellation()
    guard let answer else { throw CancellationError() }
    return try await model.trace(
      of: conversation, response: answer, responseOptions: responseOptions, options: options)
  }

  /// The command that takes tokens of this answer apart, but for `--position`.
  ///
  /// A prompt that is long, has several lines or hides something comes from a file.
  ///
  /// - Parameters:
  ///   - seed: what the answer was drawn with; nil if it is not known.
  ///   - others: the options beside those of an answer, as arguments.
  package func explainCommand(seed: UInt64?, _ others: [String]) -> String {
    var sampling = sampling
    sampling.seed = seed ?? sampling.seed
    let isWord = prompt != "-" && prompt.utf8.count <= Self.longestWord && prompt.inert == prompt
    let arguments =
      ["--prompt", isWord ? prompt : "-"] + others
      + (reasoning.map { ["--reasoning", $0.rawValue] } ?? [])
      + (maximumTokens == Self.defaultMaximumTokens ? [] : ["--max-tokens", "\(maximumTokens)"])
      + sampling.arguments
    return "gptoss explain \(arguments.shellCommand)" + (isWord ? "" : " < prompt.txt")
  }
}
