/// Makes out what it can of a header: role, recipient, channel and content type in any order, glued
/// together, misspelt or twice, with other text between them.
///
/// It works on the spelling of tokens, so text that spells `<|channel|>` counts as the marker: models
/// do write it so.
struct TolerantHeader {
  /// What ended the header.
  enum Ending {
    /// `<|message|>`: all of it is header.
    case message
    /// Something else: what is no part of a header is content, up to the end.
    case cutOff
  }

  private(set) var header = MessageHeader(author: Author(.assistant))
  /// The content of a header that was cut off.
  private(set) var content = ""
  private(set) var repairs: [Repair.Kind] = []

  private var words: HeaderWords
  private let ending: Ending
  private let tools: ToolNames
  private var expected: Expected
  private var contentStart: Int?
  /// Words that are no part of a header.
  private var strayWords: [HeaderWords.Word] = []
  /// A word in the channel's place that is not a channel of the format, if it is a plain word.
  private var unknownChannel: String?

  private enum Expected {
    case role, anything, channel, recipient, contentType
  }

  /// Reads a header.
  ///
  /// - Parameter role: the role that was announced; nil if the header has to name it.
  init(_ bytes: [UInt8], role: Role?, ending: Ending, tools: ToolNames) {
    words = HeaderWords(bytes)
    self.ending = ending
    self.tools = tools
    expected = .role
    if let role { header.author = Author(role) }
    let roleIsAnnounced = role != nil
    while contentStart == nil, let item = words.next() {
      switch item {
      case .marker(.channel):
        if header.channel != nil { repairs.append(.repeatedChannel) }
        expected = .channel
      case .marker(.constrain): expected = .contentType
      case .marker(let marker): repairs.append(.strayMarker(marker))
      case .word(let word): take(word, roleIsAnnounced: roleIsAnnounced)
      }
    }
    finish()
  }

  private mutating func take(_ word: HeaderWords.Word, roleIsAnnounced: Bool) {
    let place = expected
    expected = .anything
    if word.text.hasPrefix("to="), place != .recipient {
      if place == .role, !roleIsAnnounced { repairs.append(.missingRole) }
      takeRecipient(word, from: word.range.lowerBound + 3)
      return
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
    if tools.isTool(word.text) || words.nextWordIsRecipient {
      header.author = Author(.tool, name: word.text)
      return true
    }
    if takeGluedAssistant(word) { return true }
    if Channel.trained.contains(Channel(rawValue: word.text)) {
      repairs.append(.missingRole)
    } else {
      repairs.append(.unknownRole(word.text))
    }
    return false
  }

  /// `assistantfinal`, `assistantto=…`
  private mutating func takeGluedAssistant(_ word: HeaderWords.Word) -> Bool {
    let role = Role.assistant.rawValue
    guard word.text.hasPrefix(role), word.text != role else { return false }
    let rest = String(word.text.dropFirst(role.count))
    guard rest.hasPrefix("to=") || Channel.trained.contains(where: { rest.hasPrefix($0.rawValue) }) else {
      return false
    }
    if !rest.hasPrefix("to=") {
      repairs.append(.missingChannelMarker)
      expected = .channel
    }
    words.offset = word.range.lowerBound + role.utf8.count
    return true
  }

  // MARK: Recipient

  private mutating func takeRecipient(_ word: HeaderWords.Word, from start: Int) {
    let end = words.endOfName(from: start)
    words.offset = end
    guard start < end else {
      if end == words.count || words.isBoundary(at: end) { expected = .recipient }
      return
    }
    setRecipient(words.text(start..<end))
  }

  private mutating func setRecipient(_ name: String) {
    var name = name[...]
    while let last = name.last, ".:/-".contains(last) { name.removeLast() }
    if header.author.role == .assistant, name == Role.assistant.rawValue {
      repairs.append(.selfAddressed)
      return
    }
    if let earlier = header.recipient, earlier != name { repairs.append(.repeatedRecipient(earlier)) }
    header.recipient = String(name)
  }

  /// Puts right a name that has its content type glued to it or lacks its namespace.
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
      if ending == .message, word.text.utf8.allSatisfy(\.isASCIILetterOrDigit) {
        unknownChannel = word.text
      } else {
        setAside(word)
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
    let isKnown = name == "json" || name == "code"
    guard !name.isEmpty, isKnown || ending == .message else { return takeAny(word) }
    header.contentType = Marker.constrain.rawValue + name
    words.offset = end
  }

  // MARK: Words without a place

  private mutating func takeAny(_ word: HeaderWords.Word) {
    let channel = Channel(rawValue: word.text)
    if header.channel == nil, Channel.trained.contains(channel),
      ending == .message || words.nextWordIsRecipient
    {
      repairs.append(.missingChannelMarker)
      header.channel = channel
    } else if header.contentType == nil, header.recipient != nil,
      let length = Self.contentTypeLength(word.text)
    {
      header.contentType = String(word.text.prefix(length))
      words.offset = word.range.lowerBound + length
    } else if header.recipient == nil, header.channel != nil, tools.isTool(word.text) {
      setRecipient(word.text)
    } else {
      setAside(word)
    }
  }

  /// The length of `json` or `code` at the start, alone or with an object glued to it.
  private static func contentTypeLength(_ word: String) -> Int? {
    for name in ["json", "code"] where word.hasPrefix(name) {
      let rest = word.dropFirst(name.count)
      if rest.isEmpty || rest.hasPrefix("{") || rest.hasPrefix("[") { return name.count }
    }
    return nil
  }

  private mutating func setAside(_ word: HeaderWords.Word) {
    switch ending {
    case .message: strayWords.append(word)
    case .cutOff: contentStart = word.range.lowerBound
    }
  }

  // MARK: The end

  private mutating func finish() {
    if header.channel == nil, let unknownChannel, strayWords.isEmpty {
      header.channel = Channel(rawValue: unknownChannel)
    }
    // One last word behind a recipient is its content type, whatever it is.
    if header.contentType == nil, header.recipient != nil, strayWords.count == 1,
      strayWords[0].range.upperBound == words.endOfLastWord,
      strayWords[0].text.utf8.contains(where: \.isASCIILetterOrDigit)
    {
      header.contentType = strayWords.removeLast().text
    }
    completeRecipient()
    if !strayWords.isEmpty {
      repairs.append(.ignoredHeaderText(strayWords.map(\.text).joined(separator: " ")))
    }
    if let contentStart { takeContent(from: contentStart) }
  }

  private mutating func takeContent(from start: Int) {
    var text = words.text(start..<words.count)
    for marker in [Marker.channel, .constrain] { text = text.replacingBytes(of: marker.rawValue, with: "") }
    let isNoise = text.utf8.allSatisfy { !$0.isASCIILetterOrDigit && $0 < 0x80 }
    if header.channel == nil, header.recipient == nil, isNoise {
      repairs.append(.ignoredHeaderText(text))
    } else {
      content = text
    }
  }
}

/// Recognises channels of the format in what a model wrote for one.
enum ChannelSpelling {
  struct Match {
    let channel: Channel
    /// How many bytes of the word belong to it.
    let length: Int
    let isExact: Bool
  }

  /// A channel with noise around it (`––commentary`, `commentary?commentary?`, `finalx`), with
  /// something glued to it (`commentaryto=…`, `commentaryjson`), or cut short (`comment`).
  static func match(_ word: String) -> Match? {
    let noise = word.utf8.prefix { !$0.isASCIILetter }.count
    let body = String(decoding: word.utf8.dropFirst(noise), as: UTF8.self)
    for channel in Channel.trained where body.hasPrefix(channel.rawValue) {
      let rest = String(body.dropFirst(channel.rawValue.count))
      if rest.isEmpty { return Match(channel: channel, length: word.utf8.count, isExact: noise == 0) }
      if rest.hasPrefix("to=") || rest == "json" || rest == "code" {
        return Match(channel: channel, length: noise + channel.rawValue.utf8.count, isExact: false)
      }
      if isNoise(rest) { return Match(channel: channel, length: word.utf8.count, isExact: false) }
    }
    let letters = body.prefix { $0.utf8.allSatisfy(\.isASCIILetter) }
    if letters.count >= 4, let channel = Channel.trained.first(where: { $0.rawValue.hasPrefix(letters) }) {
      let rest = body.dropFirst(letters.count)
      if !rest.utf8.contains(where: \.isASCIILetterOrDigit) {
        return Match(channel: channel, length: word.utf8.count, isExact: false)
      }
    }
    return nil
  }

  /// At most two letters, or the name of a channel over and over, whatever stands between.
  private static func isNoise(_ rest: String) -> Bool {
    var letters = String(decoding: rest.utf8.filter(\.isASCIILetter), as: UTF8.self)[...]
    while let channel = Channel.trained.first(where: { letters.hasPrefix($0.rawValue) }) {
      letters = letters.dropFirst(channel.rawValue.count)
    }
    return letters.utf8.count <= 2
  }
}
