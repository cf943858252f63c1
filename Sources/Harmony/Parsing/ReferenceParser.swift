public import GPTOSSTokenizer

/// Reads tokens exactly as OpenAI's library does (openai/harmony v0.0.8, `StreamableParser`): the
/// same messages, the same deltas, and an error where it has one.
///
/// Some of that may surprise:
///
/// - Within content, a special token that does not end the message is text.
/// - A header that a stop token ends is an error when strict, and is read as content otherwise.
/// - After an unknown token id, the rest of the message is one U+FFFD.
/// - A character that the end of a message cuts in half is in the message, but in no delta.
public struct ReferenceParser: StreamingParser {
  /// The reference library's two modes.
  public enum Strictness: Sendable, Hashable {
    /// `strict=True`
    case strict
    /// `strict=False`: a stop token in a header makes what stands there content.
    case permissive
  }

  private let encoding: HarmonyEncoding
  private let strictness: Strictness

  /// Where in a message it stands.
  public private(set) var phase: ParserPhase
  /// The header of the message whose content is being read.
  public private(set) var header: MessageHeader?
  /// The content so far.
  public private(set) var content = ""
  /// The text that the last token added to a message's content.
  public private(set) var delta: String?
  /// The messages that are complete.
  public private(set) var messages: [Message] = []

  private var announcedRole: Role?
  private var headerBytes: [UInt8] = []
  private var pending = PendingText()
  /// Whether the header or the content has a token that the vocabulary does not know.
  private var hasUnknownToken = false

  /// A parser for what follows a prompt.
  ///
  /// - Parameters:
  ///   - encoding: the format.
  ///   - role: the role with which the prompt ended; nil if the first token is `<|start|>`.
  ///   - strictness: which of the reference library's modes.
  public init(encoding: HarmonyEncoding, role: Role?, strictness: Strictness = .strict) {
    self.encoding = encoding
    self.strictness = strictness
    announcedRole = role
    phase = role == nil ? .expectStart : .header
  }

  /// The role of the message whose content is being read, or else the one that was announced.
  public var role: Role? { header?.author.role ?? announcedRole }

  /// Takes the next token.
  ///
  /// - Throws: ``HarmonyError/unexpectedToken(_:)`` and the errors of headers.
  public mutating func process(_ token: TokenID) throws(HarmonyError) {
    let symbol = encoding.symbol(of: token)
    switch (phase, symbol) {
    case (.expectStart, .marker(.start)):
      phase = .header
    case (.expectStart, _):
      throw .unexpectedToken(token)
    case (.header, .marker(.message)):
      try openMessage()
    case (.header, .marker(let marker)) where marker.endsMessage && strictness == .permissive:
      try closeHeader()
    case (.header, _):
      if let bytes = symbol.bytes { headerBytes += bytes } else { hasUnknownToken = true }
    case (.content, .marker(let marker)) where marker.endsMessage:
      closeMessage()
    case (.content, _):
      append(symbol)
    }
  }

  /// Takes the end of the input.
  ///
  /// - Throws: ``HarmonyError/unexpectedEnd`` within a header.
  public mutating func finish() throws(HarmonyError) {
    switch phase {
    case .expectStart: break
    case .header: throw .unexpectedEnd
    case .content: closeMessage()
    }
  }

  private mutating func openMessage() throws(HarmonyError) {
    phase = .expectStart
    defer { clearHeader() }
    header = try ReferenceHeader.parse(decodedHeader(), role: announcedRole)
    announcedRole = nil
    phase = .content
  }

  /// A header that a stop token ended: nothing, or a message whose content it is.
  private mutating func closeHeader() throws(HarmonyError) {
    if let announcedRole, hasUnknownToken || !headerBytes.isEmpty {
      let (header, text) = try ReferenceHeader.parseWithoutMessageToken(decodedHeader(), role: announcedRole)
      messages.append(Message(header, text: text))
    }
    clearHeader()
    announcedRole = nil
    phase = .expectStart
  }

  private func decodedHeader() throws(HarmonyError) -> String {
    guard !hasUnknownToken, let text = String(validating: headerBytes, as: UTF8.self) else {
      throw .undecodableHeader
    }
    return text
  }

  private mutating func clearHeader() {
    headerBytes = []
    hasUnknownToken = false
  }

  private mutating func append(_ symbol: Symbol) {
    delta = nil
    guard !hasUnknownToken, let bytes = symbol.bytes else {
      hasUnknownToken = true
      return
    }
    let text = pending.takeToFirstError(adding: bytes.span)
    guard !text.isEmpty else { return }
    content += text
    delta = text
  }

  private mutating func closeMessage() {
    if hasUnknownToken { content += "\u{FFFD}" }
    content += pending.finish()
    if let header { messages.append(Message(header, text: content)) }
    header = nil
    content = ""
    hasUnknownToken = false
    delta = nil
    phase = .expectStart
  }
}
