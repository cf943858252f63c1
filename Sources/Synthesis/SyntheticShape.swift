/// The dimensions of a synthetic model, named as in `Configuration`.
public struct SyntheticShape: Sendable, Hashable {
  /// What the file says that it is.
  public var name: String
  /// Transformer blocks.
  public var layerCount: Int
  /// Experts of a layer.
  public var expertCount: Int
  /// Experts that compute for one token.
  public var expertsPerToken: Int
  /// Elements of the residual stream.
  public var hiddenSize: Int
  /// Elements between an expert's up and down projections.
  public var expertHiddenSize: Int
  /// Heads of queries.
  public var queryHeadCount: Int
  /// Heads of keys and values.
  public var keyValueHeadCount: Int
  /// Elements of a head.
  public var headDimension: Int
  /// Positions that a token sees on even layers, its own included.
  public var slidingWindow: Int
  /// Rows of embedding and output; a smaller vocabulary is filled up, nil leaves it as it is.
  public var vocabularySize: Int?

  /// gpt-oss-20b: 20.9 billion weights.
  public static let gptOSS20B = SyntheticShape(
    name: "20b", layerCount: 24, expertCount: 32, expertsPerToken: 4, hiddenSize: 2880,
    expertHiddenSize: 2880,
    queryHeadCount: 64, keyValueHeadCount: 8, headDimension: 64, slidingWindow: 128, vocabularySize: 201_088)

  /// gpt-oss-120b: 116.8 billion weights.
  public static let gptOSS120B = SyntheticShape(
    name: "120b", layerCount: 36, expertCount: 128, expertsPerToken: 4, hiddenSize: 2880,
    expertHiddenSize: 2880,
    queryHeadCount: 64, keyValueHeadCount: 8, headDimension: 64, slidingWindow: 128, vocabularySize: 201_088)

  /// Every feature of the real ones in 7.8 million weights, with the built-in vocabulary.
  public static let small = SyntheticShape(
    name: "small", layerCount: 4, expertCount: 8, expertsPerToken: 4, hiddenSize: 256, expertHiddenSize: 256,
    queryHeadCount: 8, keyValueHeadCount: 2, headDimension: 64, slidingWindow: 16, vocabularySize: nil)

  /// The smallest that still has every feature: 196 thousand weights, with the built-in vocabulary.
  public static let tiny = SyntheticShape(
    name: "tiny", layerCount: 2, expertCount: 4, expertsPerToken: 2, hiddenSize: 64, expertHiddenSize: 64,
    queryHeadCount: 4, keyValueHeadCount: 2, headDimension: 32, slidingWindow: 8, vocabularySize: nil)
}
