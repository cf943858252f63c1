import GPTOSSHarmony
package import GPTOSSTokenizer

/// Where a prompt parts from one that is remembered, which goes on with something else there.
///
///     4,096 of 9,000 tokens reused; token 4,097 differs: the date in the system message
///
/// What stands before the difference is reused as far as a message ends there (Docs/Sessions.md).
public struct PromptDifference: Sendable, Hashable {
  /// The first token that differs, counted from 0.
  public var position: Int
  /// Where that is in the conversation, such as `the date in the system message`; nil for plain text.
  public var place: String?
  /// Whether it is the same token, but was read in another precision: what the model wrote itself is read more
  /// finely than the same text from elsewhere (``LoadOptions/precision``).
  public var isOtherPrecision: Bool

  /// A difference at this position.
  public init(position: Int, place: String? = nil, isOtherPrecision: Bool = false) {
    self.position = position
    self.place = place
    self.isOtherPrecision = isOtherPrecision
  }

  /// - Returns: nil if the prompt is only longer than what is remembered.
  init?(_ parting: PromptParting, _ prompt: TokenizedPrompt, _ vocabulary: Vocabulary) {
    guard parting.isDifferent else { return nil }
    self.init(
      position: parting.position, place: prompt.place(of: parting.position, vocabulary),
      isOtherPrecision: parting.isOtherPrecision)
  }
}

extension GenerationStatistics {
  /// Why no more of the prompt was reused, in a line; nil if nothing differed.
  public var cacheMiss: String? {
    difference.map { difference in
      let what = difference.isOtherPrecision ? "was read in another precision" : "differs"
      let place = difference.place.map { ": \($0)" } ?? ""
      return "\(cachedTokens.grouped) of \(promptTokens.grouped) tokens reused; "
        + "token \((difference.position + 1).grouped) \(what)\(place)"
    }
  }
}

/// What is known about a prompt before it is read.
struct PromptReuse {
  /// Tokens that came from the cache folder.
  var recalledTokens: Int
  var difference: PromptDifference?
}

extension TokenizedPrompt {
  /// Where in the conversation a token stands; nil for a prompt without messages.
  package func place(of position: Int, _ vocabulary: Vocabulary) -> String? {
    guard !messages.isEmpty else { return nil }
    guard let number = messages.firstIndex(where: { $0.position > position }) else {
      return "the opening of the answer"
    }
    let (role, end) = (messages[number].role, messages[number].position)
    guard role == .system || role == .developer else { return "message \(number + 1), role \(role.rawValue)" }
    let start = number == 0 ? 0 : messages[number - 1].position
    let before = text(start..<position, vocabulary)
    let section = PromptSection(
      of: before.utf8.count, in: before + text(position..<end, vocabulary), role: role)
    return "\(section.map { "\($0.rawValue) in " } ?? "")the \(role.rawValue) message"
  }

  private func text(_ positions: Range<Int>, _ vocabulary: Vocabulary) -> String {
    String(decoding: positions.flatMap { vocabulary.bytes(of: tokens[$0]) ?? [] }, as: UTF8.self)
  }
}

/// The parts of a system or developer message, by how their lines begin (Docs/Harmony.md).
enum PromptSection: String, CaseIterable {
  case knowledgeCutoff = "the knowledge cutoff"
  case date = "the date"
  case reasoning = "the reasoning effort"
  case channels = "the channels"
  case instructions = "the instructions"
  case tools = "the tools"
  case responseFormats = "the response formats"

  private var beginning: String {
    switch self {
    case .knowledgeCutoff: "Knowledge cutoff:"
    case .date: "Current date:"
    case .reasoning: "Reasoning:"
    case .channels: "# Valid channels"
    case .instructions: "# Instructions"
    case .tools: "# Tools"
    case .responseFormats: "# Response Formats"
    }
  }

  /// Whose messages have the part.
  private var roles: [Role] {
    switch self {
    case .knowledgeCutoff, .date, .reasoning, .channels: [.system]
    case .instructions, .responseFormats: [.developer]
    case .tools: [.system, .developer]
    }
  }

  /// Whether the part goes on in the lines that follow.
  private var hasLines: Bool {
    switch self {
    case .knowledgeCutoff, .date, .reasoning: false
    case .channels, .instructions, .tools, .responseFormats: true
    }
  }

  /// The part that a place of a message's text belongs to; nil for what stands before all parts.
  init?(of byteOffset: Int, in text: String, role: Role) {
    let known = Self.allCases.filter { $0.roles.contains(role) }
    var section: PromptSection?
    var end = 0
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      // A message's first line has its header before it.
      let content = String(Substring(line)).split(separator: Marker.message.rawValue).last ?? ""
      let begun = known.first { content.hasPrefix($0.beginning) }
      if begun != nil || section?.hasLines != true { section = begun }
      end += line.count + 1
      if byteOffset < end { break }
    }
    guard let section else { return nil }
    self = section
  }
}

extension Int {
  /// The number with a comma before each three digits.
  var grouped: String {
    let digits = Array(String(magnitude))
    let text = digits.enumerated().map { place, digit in
      place > 0 && (digits.count - place) % 3 == 0 ? ",\(digit)" : "\(digit)"
    }.joined()
    return self < 0 ? "-\(text)" : text
  }
}
