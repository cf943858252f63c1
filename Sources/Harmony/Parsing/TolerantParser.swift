public import GPTOSSTokenizer

/// Reads what models really write.
///
/// It takes any tokens, keeps all text that a user should see and every call, goes on at the next marker
/// after a malformed part, and says what it repaired. Well-formed output gives the same messages as
/// ``ReferenceParser``, with one exception: OpenAI's library takes the `json` of `final json` for a
/// recipient; here it stays a content type.
///
/// The deltas of a message always add up to its content. At most one message gets a delta from one token, and
/// ``header`` is the header of that message, even when the same token ends it.
///
/// Give it the token that stopped the generation, too. Without that token, a call without arguments looks
/// like a header that was cut off.
public struct TolerantParser: StreamingParser {
  /// It never throws: it takes any tokens.
  public typealias Failure = Never

  /// A header that gets longer than this, in bytes, is content without its `<|message|>`.
  ///
  /// Names of tools are 64 characters at most in OpenAI's API, and the rest of a header is short.
  static let headerLimit = 512

  private let encoding: HarmonyEncoding
  private let tools: KnownTools

  /// Where in a message it stands.
  public private(set) var phase: ParserPhase
  /// The header of the message that is being read, or that the last token ended with a delta.
  public private(set) var header: MessageHeader?
  /// The content so far of the message that is being read.
  public private(set) var content = ""
  /// The text that the last token added to a message's content.
  public private(set) var delta: String?
  /// The messages that are complete.
  public private(set) var messages: [Message] = []
  /// What was repaired, in order.
  public private(set) var repairs: [Repair] = []

  private var tokenCount = 0
  private var announcedRole: Role?
  private var headerBytes: [UInt8] = []
  private var pending = PendingText()

  /// A parser for what follows a prompt.
  ///
  /// - Parameters:
  ///   - encoding: the format.
  ///   - role: the role with which the prompt ended; nil if the first token is `<|start|>`.
  ///   - tools: full names of the tools that can be called, such as `functions.get_weather`. With
  ///     them the parser can tell `functions.shelljson` from the tool `shell` called with JSON, and
  ///     a tool's name in the channel's place.
  public init(encoding: HarmonyEncoding, role: Role? = .assistant, tools: some Sequence<String> = []) {
    self.encoding = encoding
    self.tools = KnownTools(tools)
    announcedRole = role
    phase = role == nil ? .expectStart : .header
  }

  /// The role of the message that is being read or, before its header, the one that was announced.
  public var role: Role? { header?.author.role ?? announcedRole }

  /// Takes the next token.
  public mutating func process(_ token: TokenID) {
    defer { tokenCount += 1 }
    beginStep()
    switch encoding.symbol(of: token) {
    case .marker(let marker): process(marker)
    case .text(let bytes): process(bytes)
    case .special("<|endoftext|>"):
      note(.endOfText)
      process(.return)
    case .special: note(.strayToken(token))
    case .unknown: note(.unknownToken(token))
    }
  }

  /// Takes the end of the input: content becomes a message, a header without content does not.
  public mutating func finish() {
    beginStep()
    switch phase {
    case .expectStart: break
    case .header: closeHeader(at: nil)
    case .content: closeMessage()
    }
  }

  private mutating func beginStep() {
    delta = nil
    if phase != .content { header = nil }
  }

  // MARK: Tokens

  private mutating func process(_ marker: Marker) {
    switch (phase, marker) {
    case (.expectStart, .start):
      beginHeader(announcing: nil)
    case (.expectStart, .end), (.expectStart, .return), (.expectStart, .call):
      note(.strayMarker(marker))
    case (.expectStart, .message), (.expectStart, .channel), (.expectStart, .constrain):
      note(.missingStart)
      beginHeader(announcing: .assistant)
      process(marker)

    case (.header, .message):
      openMessage()
    case (.header, .end), (.header, .return), (.header, .call):
      closeHeader(at: marker)
    case (.header, .start):
      if headerIsBlank { note(.strayMarker(.start)) } else { closeHeader(at: .start) }
      beginHeader(announcing: nil)
    case (.header, .channel) where headerHasContent:
      closeHeader(at: .start)
      beginHeader(announcing: .assistant)
      append(marker)
    case (.header, .channel), (.header, .constrain):
      append(marker)

    case (.content, .end), (.content, .return), (.content, .call):
      if marker == .call, header?.recipient == nil { note(.callWithoutRecipient) }
      closeMessage()
    case (.content, .start):
      note(.missingEnd)
      closeMessage()
      beginHeader(announcing: nil)
    case (.content, .channel), (.content, .constrain):
      // Behind `<|message|>` at once, it goes on with the header that was left too early.
      if content.isEmpty, pending.isEmpty, headerBytes.count <= Self.headerLimit {
        reopenHeader(with: marker)
      } else if marker == .channel {
        note(.missingEnd)
        closeMessage()
        beginHeader(announcing: .assistant)
        append(marker)
      } else {
        note(.strayMarker(marker))
      }
    case (.content, .message):
      note(.strayMarker(marker))
    }
  }

  private mutating func process(_ bytes: [UInt8]) {
    switch phase {
    case .expectStart:
      guard !bytes.allSatisfy(\.isASCIIWhitespace) else { return }
      note(.missingStart)
      beginHeader(announcing: .assistant)
      headerBytes = bytes
    case .header:
      headerBytes += bytes
      let cutCount = UTF8Sequence.cutSuffix(of: headerBytes.span)
      if headerBytes.count - cutCount > Self.headerLimit { openMessageFromHeader(cutting: cutCount) }
    case .content:
      add(pending.take(adding: bytes.span))
    }
  }

  // MARK: Headers

  private mutating func beginHeader(announcing role: Role?) {
    phase = .header
    if delta == nil { header = nil }
    announcedRole = role
    headerBytes = []
  }

  private mutating func append(_ marker: Marker) {
    guard headerBytes.count <= Self.headerLimit else { return note(.strayMarker(marker)) }
    headerBytes += Array(marker.rawValue.utf8)
  }

  private var headerIsBlank: Bool { headerBytes.allSatisfy(\.isASCIIWhitespace) }

  /// Whether a header without `<|message|>` holds text of its own, more than a word.
  private var headerHasContent: Bool {
    scan(ending: .marker).content.utf8.split(whereSeparator: \.isASCIIWhitespace).count > 1
  }

  private func scan(ending: TolerantHeader.Ending) -> TolerantHeader {
    TolerantHeader(headerBytes, role: announcedRole, ending: ending, tools: tools)
  }

  /// `<|message|>` has come.
  private mutating func openMessage() {
    open(scan(ending: .message))
  }

  /// The header has become too long to be one. Half a character at its end waits for the rest.
  private mutating func openMessageFromHeader(cutting count: Int) {
    let half = Array(headerBytes.suffix(count))
    headerBytes.removeLast(count)
    open(scan(ending: .marker))
    note(.missingMessage)
    add(pending.take(adding: half.span))
  }

  private mutating func open(_ scanned: TolerantHeader) {
    scanned.repairs.forEach { note($0) }
    header = scanned.header
    phase = .content
    add(scanned.content)
  }

  /// A marker has come that ends the message, or nil for the end of the input: what stands in the
  /// header is content.
  private mutating func closeHeader(at marker: Marker?) {
    let scanned = scan(ending: marker == nil ? .input : .marker)
    let isCall = scanned.header.recipient != nil && marker.map(\.endsMessage) ?? false
    if !scanned.content.isEmpty || isCall {
      open(scanned)
      note(.missingMessage)
      closeMessage()
    } else if !headerIsBlank {
      note(.droppedHeader(String(decoding: headerBytes, as: UTF8.self)))
    } else if let marker {
      note(.strayMarker(marker))
    }
    headerBytes = []
    announcedRole = nil
    phase = .expectStart
  }

  private mutating func reopenHeader(with marker: Marker) {
    note(.strayMarker(.message))
    header = nil
    phase = .header
    append(marker)
  }

  // MARK: Content

  private mutating func add(_ text: String) {
    guard !text.isEmpty else { return }
    content += text
    delta = (delta ?? "") + text
  }

  private mutating func closeMessage() {
    add(pending.finish())
    if let header { messages.append(Message(header, text: content)) }
    if delta == nil { header = nil }
    announcedRole = nil
    headerBytes = []
    content = ""
    phase = .expectStart
  }

  private mutating func note(_ kind: Repair.Kind) {
    repairs.append(Repair(kind: kind, tokenIndex: tokenCount))
  }
}
