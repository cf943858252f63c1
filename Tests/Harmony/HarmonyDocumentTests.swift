import Foundation
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSTokenizer
import Testing

/// Holds what Docs/Harmony.md says against the code: the examples are read from the page itself.
@Suite("Docs/Harmony.md") struct HarmonyDocumentTests {
  private let page: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    page = try String(contentsOf: root.appending(path: "Docs/Harmony.md"), encoding: .utf8)
  }

  // MARK: The conversation

  private static let weather = ToolDescription(
    name: "get_weather", description: "Current weather in a city.",
    parameters: [
      "type": "object",
      "properties": [
        "city": ["type": "string"],
        "unit": ["type": "string", "enum": ["celsius", "fahrenheit"], "default": "celsius"],
      ],
      "required": ["city"],
    ])

  private static let messages = [
    Message.system(SystemContent(reasoningEffort: .low, conversationStartDate: "2025-08-05")),
    .developer(DeveloperContent(instructions: "Be brief.", functions: [weather])),
    Message(.user, "Is it raining in Oslo?"),
    Message(.assistant, "Need the weather.", channel: .analysis),
    Message(
      .assistant, #"{"city":"Oslo"}"#, channel: .commentary, recipient: "functions.get_weather",
      contentType: "<|constrain|>json"),
    .toolResult(#"{"sky":"rain"}"#, from: "functions.get_weather"),
    Message(.assistant, "Yes, it is.", channel: .final),
  ]

  @Test("The texts of the conversation") func texts() throws {
    let segments = try Renderer(history: .everything).segments(of: Conversation(Self.messages))
    let texts = blocks("system") + blocks("developer")
    #expect(texts.count == 2)
    for text in texts { #expect(segments.contains(.text(text)), "\(text)") }

    let spelled = try blocks("tokens").map { try Self.tokens(in: $0).map(\.text).joined() }
    #expect(try spelled == Self.messages.dropFirst(2).map { try Self.spelling(of: $0) })
  }

  @Test("The page's lines of Swift render how the conversation begins", arguments: TestEncoding.all)
  func linesOfSwift(_ named: TestEncoding.Named) throws {
    let (tokenizer, weather) = (named.encoding.tokenizer, Self.weather)
    let encoding = try HarmonyEncoding(tokenizer: tokenizer)
    let tokens = try encoding.renderForCompletion(
      Conversation([
        .system(SystemContent(reasoningEffort: .low, conversationStartDate: "2025-08-05")),
        .developer(DeveloperContent(instructions: "Be brief.", functions: [weather])),
        Message(.user, "Is it raining in Oslo?"),
      ]))
    let all = try encoding.render(Conversation(Self.messages), history: .everything)
    #expect(all.starts(with: tokens) && all.count > tokens.count)
  }

  @Test(
    "The tokens of the conversation", .enabled(if: TestEncoding.real != nil, "\(TestEncoding.realIsMissing)"))
  func tokens() throws {
    let encoding = try #require(TestEncoding.real)
    let all = try encoding.render(Conversation(Self.messages), history: .everything)
    #expect(page.contains(": \(all.count) tokens in seven messages."))
    let parts = all.split(omittingEmptySubsequences: false) { $0 == encoding.token(of: .start) }.dropFirst()
      .map { [encoding.token(of: .start)] + $0 }
    #expect(page.contains("**system** message has \(parts[0].count) of them"))
    #expect(page.contains("**developer** message has \(parts[1].count) tokens"))
    let listed = try blocks("tokens").map { try Self.tokens(in: $0) }
    #expect(listed.map { $0.map(\.id) } == Array(parts.dropFirst(2)))
    for token in listed.joined() { #expect(try encoding.spelling(of: [token.id]) == token.text) }
    for row in try table("| token | id | meaning |") {
      let id = try #require(encoding.tokenizer.vocabulary.specialToken(Self.code(row[0])))
      #expect(row[1] == String(id))
    }
  }

  private static func spelling(of message: Message) throws -> String {
    try TestEncoding.small.spelling(of: try TestEncoding.small.render(message))
  }

  /// The ids and texts in a block: an id, white space, a text without spaces, and perhaps more.
  private static func tokens(in block: String) throws -> [(id: TokenID, text: String)] {
    try block.split(separator: "\n").map { line in
      let fields = line.split(separator: " ", maxSplits: 2)
      return (try #require(Int(fields[0])), fields[1].replacingOccurrences(of: "␣", with: " "))
    }
  }

  // MARK: The tables

  @Test("History") func history() throws {
    for row in try table("| conversation | `.currentTurn` | `.reference` |") {
      let messages = row[0].split(separator: " ").map { Self.message($0) }
      for (history, expected) in [(History.currentTurn, row[1]), (.reference, row[2])] {
        #expect(history.retained(of: messages).map(\.text).joined(separator: " ") == expected, "\(row)")
      }
    }
  }

  private static func message(_ letter: Substring) -> Message {
    switch letter {
    case "A": Message(.assistant, "A", channel: .analysis)
    case "C": Message(.assistant, "C", channel: .commentary, recipient: "functions.f")
    case "T": .toolResult("T", from: "functions.f")
    case "F": Message(.assistant, "F", channel: .final)
    default: Message(.user, "U")
    }
  }

  @Test("What real output looks like", arguments: TestEncoding.all)
  func outputs(_ named: TestEncoding.Named) throws {
    let rows = try table("| output | seen in | messages |")
    #expect(rows.count > 12)
    for row in rows {
      var parser = TolerantParser(encoding: named.encoding)
      _ = try parser.run(named.encoding.tokens(spelled: Self.code(row[0])))
      let summary = parser.messages.map(Self.summary).joined(separator: "; ")
      #expect(summary == (row[2].hasPrefix("none") ? "" : row[2]), "\(row[0]): \(parser.repairs)")
    }
  }

  /// *channel › recipient (content type): content*
  private static func summary(_ message: Message) -> String {
    let recipient = message.recipient.map { " › " + $0 } ?? ""
    let contentType = message.contentType.map { " (\($0))" } ?? ""
    let text = message.text.isEmpty ? "" : " " + message.text
    return (message.channel?.rawValue ?? "–") + recipient + contentType + ":" + text
  }

  @Test("Arguments") func arguments() throws {
    for row in try table("| content | arguments | repair |") {
      let content = row[0] == "(nothing)" ? "" : Self.code(row[0])
      let arguments = ToolCall(recipient: "functions.f", content: content).arguments
      #expect(arguments.map { JSONValue.object($0.object).text } ?? "none" == Self.code(row[1]), "\(row)")
      let repairs = (arguments?.repairs ?? []).map(Self.name)
      #expect(repairs.joined() == Self.code(row[2]), "\(row)")
    }
  }

  /// A repair as the program names it.
  private static func name(_ repair: ToolArguments.Repair) -> String {
    switch repair {
    case .empty: "empty"
    case .leadingText: "leadingText"
    case .trailingText: "trailingText"
    case .unwrappedArray: "unwrappedArray"
    case .unquoted: "unquoted"
    case .unwrappedCall: "unwrappedCall"
    case .unescapedControlCharacters: "unescapedControlCharacters"
    case .closed: "closed"
    }
  }

  // MARK: Reading the page

  /// The fenced blocks of this kind.
  private func blocks(_ kind: String) -> [String] {
    page.components(separatedBy: "```\(kind)\n").dropFirst().map { part in
      part.components(separatedBy: "\n```")[0]
    }
  }

  /// The rows of the table with this header, each a list of its cells.
  private func table(_ header: String) throws -> [[String]] {
    let lines = page.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: header), "no table \(header)")
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      let bar = "\u{1}"
      return line.dropFirst().dropLast().replacingOccurrences(of: "\\|", with: bar)
        .components(separatedBy: "|")
        .map { $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: bar, with: "|") }
    }
  }

  /// The text in a cell of code.
  private static func code(_ cell: String) -> String {
    cell.hasPrefix("`") && cell.hasSuffix("`") && cell.count > 1 ? String(cell.dropFirst().dropLast()) : cell
  }
}
