public import GGUF

/// The dimensions and constants of a gpt-oss model, read from a GGUF file's metadata.
///
/// | property | GGUF key, after `gpt-oss.` | 20b | 120b |
/// | --- | --- | --- | --- |
/// | `layerCount` | `block_count` | 24 | 36 |
/// | `contextLength` | `context_length` | 131,072 | 131,072 |
/// | `hiddenSize` | `embedding_length` | 2,880 | 2,880 |
/// | `expertHiddenSize` | `expert_feed_forward_length` | 2,880 | 2,880 |
/// | `queryHeadCount` | `attention.head_count` | 64 | 64 |
/// | `keyValueHeadCount` | `attention.head_count_kv` | 8 | 8 |
/// | `headDimension` | `attention.key_length` | 64 | 64 |
/// | `slidingWindow` | `attention.sliding_window` | 128 | 128 |
/// | `normEpsilon` | `attention.layer_norm_rms_epsilon` | 1e-5 | 1e-5 |
/// | `expertCount` | `expert_count` | 32 | 128 |
/// | `expertsPerToken` | `expert_used_count` | 4 | 4 |
/// | `rope` | `rope.*` | θ 150,000, YaRN 32 × 4,096 | the same |
///
/// What no key states is a constant of the architecture (openai/gpt-oss, `torch/model.py`): that even
/// layers slide, the activation's α and limit, YaRN's β.
public struct Configuration: Sendable, Hashable {
  /// The value of `general.architecture` that this package runs.
  public static let architecture = "gpt-oss"

  /// Transformer blocks.
  public var layerCount: Int
  /// The most positions a sequence may have.
  public var contextLength: Int
  /// Elements of the residual stream.
  public var hiddenSize: Int
  /// Elements between an expert's up and down projections.
  public var expertHiddenSize: Int
  /// Heads of queries; a multiple of `keyValueHeadCount`.
  public var queryHeadCount: Int
  /// Heads of keys and values, each shared by `queryHeadCount / keyValueHeadCount` query heads.
  public var keyValueHeadCount: Int
  /// Elements of a head; even.
  public var headDimension: Int
  /// Positions that a token sees on a sliding layer, its own included; nil if no layer slides.
  public var slidingWindow: Int?
  /// What RMSNorm adds to the mean square.
  public var normEpsilon: Float
  /// Experts of a layer.
  public var expertCount: Int
  /// Experts that compute for one token.
  public var expertsPerToken: Int
  /// Rotary position embedding.
  public var rope: RotaryConfiguration

  /// The window of a layer: even layers slide, odd ones see everything.
  public func window(ofLayer layer: Int) -> Int? { layer % 2 == 0 ? slidingWindow : nil }
}

/// The parameters of the rotary embedding.
public struct RotaryConfiguration: Sendable, Hashable {
  /// θ, the base of the frequencies.
  public var theta: Double
  /// How much YaRN stretches the context; 1 for the plain embedding.
  public var scalingFactor: Double
  /// The context that the model was first trained with.
  public var originalContextLength: Int

  /// Parameters as a file states them; `scalingFactor` 1 for no scaling.
  public init(theta: Double, scalingFactor: Double, originalContextLength: Int) {
    self.theta = theta
    self.scalingFactor = scalingFactor
    self.originalContextLength = originalContextLength
  }
}

extension Configuration {
  /// Reads and checks the configuration.
  ///
  /// - Throws: `ModelError` for another architecture, a missing key or a value out of range.
  public init(_ metadata: GGUFMetadata) throws(ModelError) {
    let reader = MetadataReader(metadata: metadata)
    let architecture = try reader.string("general.architecture")
    guard architecture == Self.architecture else {
      throw ModelError.unsupportedArchitecture(architecture)
    }
    layerCount = try reader.count("block_count", 1...1_024)
    contextLength = try reader.count("context_length", 1...(1 << 30))
    hiddenSize = try reader.count("embedding_length")
    expertHiddenSize = try reader.count("expert_feed_forward_length")
    queryHeadCount = try reader.count("attention.head_count")
    keyValueHeadCount = try reader.count("attention.head_count_kv", 1...queryHeadCount)
    headDimension = try reader.count("attention.key_length", 2...65_536)
    let window = try reader.count("attention.sliding_window", 0...(1 << 30), default: 0)
    slidingWindow = window == 0 ? nil : window
    normEpsilon = Float(try reader.number("attention.layer_norm_rms_epsilon", 0...1))
    expertCount = try reader.count("expert_count", 1...65_536)
    expertsPerToken = try reader.count("expert_used_count", 1...expertCount)
    rope = try RotaryConfiguration(reader)
    try reader.require("attention.value_length", of: headDimension)
    // 120b has 4,608 experts in all, and 8 heads of 64.
    guard layerCount * expertCount <= 1 << 16 else {
      throw reader.invalid("expert_count", "\(expertCount), in each of \(layerCount) layers")
    }
    guard keyValueHeadCount * headDimension <= 1 << 18 else {
      throw reader.invalid(
        "attention.head_count_kv", "\(keyValueHeadCount), of \(headDimension) elements each")
    }
    guard headDimension % 2 == 0 else {
      throw reader.invalid(
        "attention.key_length", "\(headDimension), but rotary embedding needs an even number")
    }
    guard queryHeadCount % keyValueHeadCount == 0 else {
      throw reader.invalid(
        "attention.head_count", "\(queryHeadCount), no multiple of the \(keyValueHeadCount) key-value heads")
    }
  }
}

extension RotaryConfiguration {
  fileprivate init(_ reader: MetadataReader) throws(ModelError) {
    theta = try reader.number("rope.freq_base", 1.000_001...1e15)
    originalContextLength = 0
    scalingFactor = 1
    switch try reader.stringIfPresent("rope.scaling.type") {
    case nil, "none"?: break
    case "yarn"?:
      scalingFactor = try reader.number("rope.scaling.factor", 1...1e6)
      originalContextLength = try reader.count("rope.scaling.original_context_length", 1...(1 << 30))
    case let other?:
      throw reader.invalid("rope.scaling.type", "\"\(other)\"; this engine knows \"yarn\" and \"none\"")
    }
  }
}

/// Reads keys below `gpt-oss.` and checks their ranges.
private struct MetadataReader {
  let metadata: GGUFMetadata

  func key(_ name: String) -> String {
    name.hasPrefix("general.") ? name : "\(Configuration.architecture).\(name)"
  }

  func string(_ name: String) throws(ModelError) -> String {
    do { return try metadata.string(key(name)) } catch { throw .file(error) }
  }

  func stringIfPresent(_ name: String) throws(ModelError) -> String? {
    do { return try metadata.stringIfPresent(key(name)) } catch { throw .file(error) }
  }

  func count(
    _ name: String, _ range: ClosedRange<Int> = 1...1_048_576, default missing: Int? = nil
  ) throws(ModelError) -> Int {
    let value: Int
    do {
      if let missing {
        value = try metadata.integerIfPresent(key(name)) ?? missing
      } else {
        value = try metadata.integer(key(name))
      }
    } catch { throw .file(error) }
    guard range.contains(value) else { throw invalid(name, "\(value), outside \(range)") }
    return value
  }

  func number(_ name: String, _ range: ClosedRange<Double>) throws(ModelError) -> Double {
    let value: Double
    do { value = try metadata.double(key(name)) } catch { throw .file(error) }
    guard range.contains(value) else { throw invalid(name, "\(value), outside \(range)") }
    return value
  }

  /// A key that may be missing and must otherwise have this value.
  func require(_ name: String, of expected: Int) throws(ModelError) {
    let value = try count(name, 0...Int.max, default: expected)
    guard value == expected else { throw invalid(name, "\(value), expected \(expected)") }
  }

  func invalid(_ name: String, _ problem: String) -> ModelError {
    .invalidConfiguration(key: key(name), problem: problem)
  }
}
