/// What a message of the assistant is for.
///
/// Any name is possible; the model was trained on three.
public struct Channel: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
  /// The name as it stands in a header.
  public let rawValue: String

  /// A channel with any name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// A channel with any name.
  public init(stringLiteral value: String) { self.init(rawValue: value) }

  /// The model's reasoning, and its calls of built-in tools.
  public static let analysis: Channel = "analysis"
  /// Calls of function tools, and preambles that the user sees.
  public static let commentary: Channel = "commentary"
  /// The answer.
  public static let final: Channel = "final"

  /// The three that the model was trained on.
  public static let trained: [Channel] = [.analysis, .commentary, .final]
}
