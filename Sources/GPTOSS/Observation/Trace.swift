public import GPTOSSModel
public import GPTOSSSampling
public import GPTOSSTokenizer

/// What happened inside a model while it read a text, token by token and layer by layer.
///
///     let trace = try await model.trace(of: model.tokenizer.encode("Once upon a time"))
///     for layer in trace.layers { print(layer.experts(of: 3), layer.weights(of: 3)) }
///
/// Made by `LanguageModel.trace(of:options:)` and its kin. The text is read as a generation reads it, so
/// that all numbers are those of the answer: a trace does not depend on how the tokens were grouped into
/// passes.
public struct Trace: Sendable {
  /// What the model is.
  public let model: ModelInformation
  /// Its dimensions.
  public let configuration: Configuration
  /// How many tokens the vocabulary has.
  public let vocabularyCount: Int
  /// The tokens, those of the prompt first.
  public internal(set) var tokens: [Token]
  /// The layers, the first one first.
  public internal(set) var layers: [TracedLayer]
  /// The options that the answer was sampled with, seed included; nil if nothing was sampled, or if it is not
  /// known.
  public internal(set) var sampling: SamplingOptions?
  /// The texts of all tokens that the trace names, U+FFFD for bytes that are no character by themselves.
  public internal(set) var texts: [TokenID: String]

  /// One token of the text.
  public struct Token: Sendable {
    /// The token.
    public let id: TokenID
    /// The text that it completes; empty while a character is unfinished.
    public internal(set) var text: String
    /// What the token is part of.
    public internal(set) var channel: Channel
    /// Whether the model generated it; the beginning of an answer, `<|start|>assistant`, is given to it.
    public let isGenerated: Bool
    /// Whether it was read as finely as what the model generates.
    let isReadFinely: Bool
    /// ln of the probability that the model gave it; nil for the first token, which nothing predicts.
    public internal(set) var logProbability: Double?
    /// What else could have come in its place: the likeliest tokens, best first; none for the first token.
    public internal(set) var alternatives: [TokenLogProbability] = []
    /// How the sampler chose it; nil for a token that was not sampled, or if it is not known how.
    public internal(set) var sampling: SamplingSteps?
    /// What each layer would have said in its place, from the first layer to the last; empty if it was not
    /// asked for.
    public internal(set) var lens: [LensReading] = []
  }

  /// What a layer's residual stream says of the next token, if the rest of the model is left out.
  public struct LensReading: Sendable {
    /// ln of the probability of the token that did come.
    public let logProbability: Double
    /// How many tokens were likelier.
    public let rank: Int
    /// The likeliest tokens, best first.
    public let best: [TokenLogProbability]
  }

  /// What a token is part of.
  public enum Channel: String, Sendable, CaseIterable {
    /// Text outside of any conversation.
    case text
    /// Markers and headers, which give a conversation its shape.
    case format
    /// The platform's message.
    case system
    /// The app's message.
    case developer
    /// What the person said.
    case user
    /// What a tool answered.
    case tool
    /// The model's reasoning.
    case analysis
    /// Calls of tools, and what the model says between them.
    case commentary
    /// The model's answer.
    case final
  }
}

/// What is recorded, besides what every trace has.
public struct TraceOptions: Sendable {
  /// Whose place the logit lens is read for.
  public enum Lens: String, Sendable, CaseIterable {
    /// No token.
    case none
    /// The tokens of the answer.
    case answer
    /// Every token but the first. Each costs one output matrix per layer: at 20b a tenth of a second.
    case all
  }

  /// Whose place the logit lens is read for.
  public var lens: Lens
  /// How many of the likeliest tokens are named in each place, at least 0. With 0 a text whose lens is not
  /// read has no ``Trace/Token/logProbability`` either: then its logits are not computed.
  public var alternativeCount: Int
  /// The most tokens that are traced; a longer text is an error. No trace holds more than 65,536.
  public var tokenLimit: Int
  /// Receives how many of the tokens have been read.
  public var progress: @Sendable (_ read: Int, _ total: Int) -> Void

  /// Options.
  public init(
    lens: Lens = .answer, alternativeCount: Int = 8, tokenLimit: Int = 1 << 16,
    progress: @escaping @Sendable (_ read: Int, _ total: Int) -> Void = { _, _ in }
  ) {
    precondition(alternativeCount >= 0)
    self.lens = lens
    self.alternativeCount = alternativeCount
    self.tokenLimit = tokenLimit
    self.progress = progress
  }
}
