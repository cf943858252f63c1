/// Tokens that text alone never becomes: they stand for structure, and have an id and a name.
public struct SpecialTokens: Sendable {
  /// Names and ids, in order of id.
  public let tokens: [(text: String, id: TokenID)]

  /// A set of special tokens.
  ///
  /// - Parameter tokens: names and ids, in any order. The vocabulary they go into checks them.
  public init(_ tokens: [(text: String, id: TokenID)]) {
    self.tokens = tokens.sorted { $0.id < $1.id }
  }

  /// No special tokens.
  public static let none = SpecialTokens([])

  /// The special tokens of o200k_harmony, ids 199,998 to 201,088.
  ///
  /// As the reference library has them, which counts one past the model's vocabulary of 201,088: the
  /// last, `<|reserved_201088|>`, has no row in the model.
  ///
  /// - SeeAlso: openai/harmony v0.0.8, `src/tiktoken_ext/public_encodings.rs`.
  public static let o200kHarmony: SpecialTokens = {
    let named = [
      199_998: "<|startoftext|>", 199_999: "<|endoftext|>", 200_002: "<|return|>",
      200_003: "<|constrain|>", 200_005: "<|channel|>", 200_006: "<|start|>", 200_007: "<|end|>",
      200_008: "<|message|>", 200_012: "<|call|>",
    ]
    return SpecialTokens((199_998...201_088).map { id in (named[id] ?? "<|reserved_\(id)|>", id) })
  }()
}

/// What to make of text that spells a special token.
public enum SpecialTokenPolicy: Sendable {
  /// It is text like any other: what user content needs.
  case asText
  /// It becomes the special token.
  case allowAll
  /// These become special tokens, others stay text. Names that the vocabulary lacks have no effect.
  case allow(Set<String>)
}
