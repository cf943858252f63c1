public import GPTOSSTokenizer

/// The Harmony format over a vocabulary: conversations to tokens, and tokens to what parsers read.
///
///     let encoding = try HarmonyEncoding(tokenizer: tokenizer)
///     let prompt = try encoding.renderForCompletion(Conversation([Message(.user, "Hello")]))
///
/// It has no state: one encoding serves any number of threads.
public struct HarmonyEncoding: Sendable {
  /// What turns text into tokens.
  public let tokenizer: Tokenizer

  private let markerTokens: [Marker: TokenID]
  private let markers: [TokenID: Marker]
  /// Ids below this are ordinary text, which spares a look-up for nearly every token.
  private let firstSpecialToken: TokenID

  /// The format over this tokenizer's vocabulary.
  ///
  /// - Throws: ``HarmonyError/missingSpecialToken(_:)``.
  public init(tokenizer: Tokenizer) throws(HarmonyError) {
    self.tokenizer = tokenizer
    var markerTokens: [Marker: TokenID] = [:]
    for marker in Marker.allCases {
      guard let token = tokenizer.vocabulary.specialToken(marker.rawValue) else {
        throw .missingSpecialToken(marker)
      }
      markerTokens[marker] = token
    }
    self.markerTokens = markerTokens
    markers = Dictionary(uniqueKeysWithValues: markerTokens.map { ($1, $0) })
    firstSpecialToken = tokenizer.vocabulary.specialTokens.tokens.first?.id ?? 0
  }

  /// The token of a marker.
  public func token(of marker: Marker) -> TokenID {
    guard let token = markerTokens[marker] else {
      preconditionFailure("the initializer has found a token for every marker")
    }
    return token
  }

  /// The marker that a token is; nil for any other token.
  public func marker(of token: TokenID) -> Marker? { markers[token] }

  /// The tokens that end the assistant's turn: `<|return|>` and `<|call|>`.
  ///
  /// `<|end|>` only ends a message; the model goes on with the next.
  public var stopTokens: Set<TokenID> { [token(of: .return), token(of: .call)] }

  /// The tokens of rendered text and markers.
  ///
  /// Each piece of text is encoded by itself, and never becomes a special token.
  public func tokens(of segments: [Segment]) -> [TokenID] {
    var tokens: [TokenID] = []
    for segment in segments {
      switch segment {
      case .marker(let marker): tokens.append(token(of: marker))
      case .text(let text): tokens += tokenizer.encode(text)
      }
    }
    return tokens
  }

  /// The tokens of a conversation.
  ///
  /// - Throws: ``HarmonyError/toolWithoutName`` or ``HarmonyError/contentInWrongRole(content:role:)``.
  public func render(
    _ conversation: Conversation, history: History = .currentTurn
  ) throws(HarmonyError) -> [TokenID] {
    tokens(of: try Renderer(history: history).segments(of: conversation))
  }

  /// The tokens of a conversation and of the beginning of the next message.
  ///
  /// - Throws: as ``render(_:history:)``.
  public func renderForCompletion(
    _ conversation: Conversation, nextRole: Role = .assistant, history: History = .currentTurn
  ) throws(HarmonyError) -> [TokenID] {
    tokens(of: try Renderer(history: history).segmentsForCompletion(of: conversation, nextRole: nextRole))
  }

  /// The tokens of a conversation whose last answer ends with `<|return|>`.
  ///
  /// - Throws: as ``render(_:history:)``.
  public func renderForTraining(
    _ conversation: Conversation, history: History = .currentTurn
  ) throws(HarmonyError) -> [TokenID] {
    tokens(of: try Renderer(history: history).segmentsForTraining(of: conversation))
  }

  /// The tokens of one message.
  ///
  /// - Throws: as ``render(_:history:)``.
  public func render(_ message: Message, announcesFunctions: Bool = false) throws(HarmonyError) -> [TokenID] {
    tokens(of: try Renderer().segments(of: message, announcesFunctions: announcesFunctions))
  }

  /// What a token is to a parser.
  func symbol(of token: TokenID) -> Symbol {
    if token >= firstSpecialToken {
      if let marker = markers[token] { return .marker(marker) }
      if let name = tokenizer.vocabulary.specialTokenText(token) { return .special(name) }
    }
    return tokenizer.vocabulary.bytes(of: token).map(Symbol.text) ?? .unknown
  }
}

/// What a token is to a parser.
enum Symbol {
  /// A token that gives the conversation its shape.
  case marker(Marker)
  /// A special token that the format has no use for, by its name.
  case special(String)
  /// Ordinary text, perhaps half a character.
  case text([UInt8])
  /// An id that the vocabulary does not have.
  case unknown

  /// The bytes that the token is spelled with; nil when it is unknown.
  var bytes: [UInt8]? {
    switch self {
    case .marker(let marker): Array(marker.rawValue.utf8)
    case .special(let name): Array(name.utf8)
    case .text(let bytes): bytes
    case .unknown: nil
    }
  }
}
