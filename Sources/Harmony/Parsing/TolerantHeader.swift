/// Reads as much of a header as it can.
///
/// Role, recipient, channel and content type may come in any order, glued together, misspelled or
/// twice, with other text between them. It works on the spelling of tokens, so text that spells
/// `<|channel|>` counts as the marker: models do write it so.
struct TolerantHeader {
  /// What ended the header.
  enum Ending {
    /// `<|message|>`: all of it is header.
    case message
    /// Another marker: what is no part of a header is content, up to the end.
    case marker
    /// The end of the input: as `marker`, and the last word may be half a word.
    case input
  }

  private(set) var header = MessageHeader(author: Author(.assistant))
  /// Text that belongs to the message's content.
  private(set) var content = ""
  private(set) var repairs: [Repair.Kind] = []

  private var words: HeaderWords
  private let ending: Ending
  private let tools: KnownTools
  private let roleIsAnnounced: Bool
  private var expected = Place.role
  private var contentStart: Int?
  /// Words that are no part of a header.
  private var strayWords: [HeaderWords.Word] = []
  /// A plain word in the channel's place that is no channel of the format.
  private var unknownChannel: String?

  private enum Place {
    case role, anything, channel, recipient, contentType
  }

  /// Reads a header that begins with a role, unless that was announced.
  init(_ bytes: [UInt8], role: Role?, ending: Ending, tools: KnownTools) {
    words = HeaderWords(bytes)
    self.ending = ending
    self.tools = tools
    roleIsAnnounced = role != nil
    if let role { header.author = Author(role) }
    while contentStart == nil, let item = words.next() {
      switch item {
      case .marker(.channel):
        if expected == .channel { repairs.append(.strayMarker(.channel)) }
        if header.channel != nil { repairs.append(.repeatedChannel) }
        expected = .channel
      case .marker(.constrain): expected = .contentType
      case .marker(let marker): repairs.append(.strayMarker(marker))
      case .word(let word): take(word)
      }
    }
    finish()
  }

  private mutating func take(_ word: HeaderWords.Word) {
    let place = expected
    expected = .anything
    if ending == .input, word.range.upperBound == words.count, isBeginning(word.text, of: place) { return }
    if word.text.hasPrefix("to="), place != .recipient {
      if place == .role, !roleIsAnnounced { repairs.append(.missingRole) }
      return takeRecipient(word, from: word.range.lowerBound + 3)
    }
    switch place {
    case .role:
      let isTaken = roleIsAnnounced ? takeAnnouncedRole(word) : takeRole(word)
      if !isTaken { takeAny(word) }
    case .anything: takeAny(word)
    case .channel: takeChannel(word)
    case .recipient: takeRecipient(word, from: word.range.lowerBound)
    case .contentType: takeContentType(word)
    }
  }

  /// Whether a word at the end of the input may have become a part of the header.
  private func isBeginning(_ word: String, of place: Place) -> Bool {
    let possible: [String] =
      switch place {
      case .role: roleIsAnnounced ? [] : [Role.assistant.rawValue]
      case .channel: Channel.trained.map(\.rawValue)
      case .contentType: word.utf8.allSatisfy(\.isASCIILetterOrDigit) ? [word] : []
      case .anything: header.channel == nil && header.recipient == nil ? [] : ["to="] + Self.contentTypes
      case .recipient: []
      }
    return possible.contains { $0.hasPrefix(word) }
  }

  // MARK: Role

  /// The role that the prompt ended with may be repeated, or glued to what follows.
  private mutating func takeAnnouncedRole(_ word: HeaderWords.Word) -> Bool {
    word.text == header.author.role.rawValue || takeGluedAssistant(word)
  }

  private mutating func takeRole(_ word: HeaderWords.Word) -> Bool {
    let (name, rest) = word.text.splitOnce(at: ":")
    if let role = Role(rawValue: name) {
      header.author = Author(role, name: rest ?? (role == .tool ? name : nil))
      return true
    }
    if takeGluedAssistant(word) { return true }
    if Channel.trained.contains(Channel(rawValue: word.text)) {
      repairs.append(.missingRole)
      return false
    }
    if words.nextWordIsRecipient || tools.isInNamespace(word.text) {
      header.author = Author(.tool, name: word.text)
      return true
    }
    repairs.append(.unknownRole(word.text))
    guard tools.fullName(of: word.text) != nil else { return false }
    setRecipient(word.text)
    return true
  }

  /// Takes the role out of `assistantfinal` or `assistantto=…`.
  private mutating func takeGluedAssistant(_ word: HeaderWords.Word) -> Bool {
    let role = Role.assistant.rawValue
    guard word.text.hasPrefix(role), word.text != role else { return false }
    let rest = String(word.text.dropFirst(role.count))
    if Channel.trained.contains(where: { rest.hasPrefix($0.rawValue) }) {
      repairs.append(.missingChannelMarker)
      expected = .channel
    } else if !rest.hasPrefix("to=") {
      return false
    }
    words.offset = word.range.lowerBound + role.utf8.count
    return true
  }

  // MARK: Recipient

  private mutating func takeRecipient(_ word: HeaderWords.Word, from start: Int) {
    let end = words.endOfName(from: start)
    words.offset = end
    if start < end {
      setRecipient(words.text(start..<end))
    } else if end == words.count || words.isBoundary(at: end) {
      expected = .recipient
    }
  }

  /// Signs behind a name are no part of it, unless a tool's name ends in them.
  private mutating func setRecipient(_ name: String) {
    var name = name
    while tools.fullName(of: name) == nil, let last = name.last, ".:/-".contains(last) { name.removeLast() }
    guard !name.isEmpty else { return }
    if header.author.role == .assistant, name == Role.assistant.rawValue {
      repairs.append(.selfAddressed)
      return
    }
    if let earlier = header.recipient, earlier != name { repairs.append(.repeatedRecipient(earlier)) }
    header.recipient = name
  }

  // MARK: Channel

  private mutating func takeChannel(_ word: HeaderWords.Word) {
    if let match = ChannelSpelling.match(word.text) {
      if !match.isExact { repairs.append(.malformedChannel(word.text)) }
      header.channel = match.channel
      words.offset = word.range.lowerBound + match.length
    } else if header.recipient == nil, tools.isTool(word.text) {
      repairs.append(.toolAsChannel(word.text))
      setRecipient(word.text)
    } else {
      repairs.append(.unknownChannel(word.text))
      switch ending {
      case .message where word.text.utf8.allSatisfy(\.isASCIILetterOrDigit): unknownChannel = word.text
      case .message: break
      case .marker, .input: contentStart = word.range.lowerBound
      }
    }
  }

  // MARK: Content type

  private mutating func takeContentType(_ word: HeaderWords.Word) {
    if header.channel == nil, Channel.trained.contains(Channel(rawValue: word.text)) {
      repairs.append(.malformedContentType(word.text))
      header.channel = Channel(rawValue: word.text)
      return
    }
    let end = words.endOfName(from: word.range.lowerBound)
    let name = words.text(word.range.lowerBound..<end)
    guard !name.isEmpty, Self.contentTypes.contains(name) || ending == .message else { return takeAny(word) }
    header.contentType = Marker.constrain.rawValue + name
    words.offset = end
  }

  /// The content types that models write without `<|constrain|>`.
  private static let contentTypes = ["json", "code"]

  /// The length of a content type at the start of a word, alone or with its object glued to it.
  private static func contentTypeLength(_ word: String) -> Int? {
    for name in contentTypes where word.hasPrefix(name) {
      let rest = word.dropFirst(name.count)
      if rest.isEmpty || rest.hasPrefix("{") || rest.hasPrefix("[") { return name.count }
    }
    return nil
  }

  // MARK: Words without a place

  private mutating func takeAny(_ word: HeaderWords.Word) {
    let channel = Channel(rawValue: word.text)
    if header.channel == nil, Channel.trained.contains(channel),
      ending == .message || words.nextWordIsRecipient
    {
      repairs.append(.missingChannelMarker)
      header.channel = channel
    } else if header.contentType == nil, header.recipient != nil || ending == .message,
      let length = Self.contentTypeLength(word.text)
    {
      header.contentType = String(word.text.prefix(length))
      words.offset = word.range.lowerBound + length
    } else if header.recipient == nil, header.channel != nil, tools.isTool(word.text) {
      setRecipient(word.text)
    } else if ending == .message {
      strayWords.append(word)
    } else {
      contentStart = word.range.lowerBound
    }
  }

  // MARK: The end

  private mutating func finish() {
    if header.channel == nil, let unknownChannel, strayWords.isEmpty {
      header.channel = Channel(rawValue: unknownChannel)
    }
    takeLoneWord()
    completeRecipient()
    if let contentStart {
      takeContent(from: contentStart)
    } else if let first = strayWords.first {
      takeStrayWords(from: first.range.lowerBound)
    }
  }

  /// One word behind a recipient is its content type, whatever it is; one before a content type, or
  /// one that cannot be prose, is the recipient.
  private mutating func takeLoneWord() {
    guard strayWords.count == 1, let word = strayWords.first, words.isName(word) else { return }
    if header.recipient != nil {
      guard header.contentType == nil, word.range.upperBound == words.endOfLastWord else { return }
      header.contentType = word.text
    } else {
      let looksLikeName = header.contentType != nil || word.text.contains("_")
      guard looksLikeName, header.channel == .commentary || header.channel == .analysis else { return }
      setRecipient(word.text)
    }
    strayWords = []
  }

  /// Repairs a name that has its content type glued to it or lacks its namespace.
  private mutating func completeRecipient() {
    guard let name = header.recipient else { return }
    if let full = tools.fullName(of: name) {
      if full != name { repairs.append(.missingNamespace(name)) }
      header.recipient = full
      return
    }
    let suffix = "json"
    guard header.contentType == nil, name.hasSuffix(suffix) else { return }
    let stem = String(name.dropLast(suffix.count))
    guard let last = stem.utf8.last, last.isASCIILetterOrDigit else { return }
    guard let full = tools.isEmpty ? stem : tools.fullName(of: stem) else { return }
    repairs.append(.gluedContentType)
    header.recipient = full
    header.contentType = suffix
  }

  private mutating func takeContent(from start: Int) {
    let text = words.text(start..<words.count).withoutHeaderMarkers
    let isNoise = text.utf8.allSatisfy { !$0.isASCIILetterOrDigit && $0 < 0x80 }
    if header.channel == nil, header.recipient == nil, isNoise { return }
    content = text
  }

  /// Prose before `<|message|>` in a message that the user sees is content that came too early.
  private mutating func takeStrayWords(from start: Int) {
    let text = strayWords.map(\.text).joined(separator: " ")
    let isProse = strayWords.filter { $0.text.utf8.contains(where: \.isASCIILetter) }.count > 1
    if isProse, header.purpose == .answer || header.purpose == .preamble {
      repairs.append(.textBeforeMessage(text))
      content = words.text(start..<words.count).withoutHeaderMarkers + " "
    } else {
      repairs.append(.ignoredHeaderText(text))
    }
  }
}

extension String {
  fileprivate var withoutHeaderMarkers: String {
    replacingBytes(of: Marker.channel.rawValue, with: "").replacingBytes(
      of: Marker.constrain.rawValue, with: "")
  }
}
