import GPTOSSJSON

/// Reads a header's text by the reference library's rules (openai/harmony v0.0.8).
///
/// It works on the spelling of tokens, so text that spells `<|channel|>` counts as the marker.
enum ReferenceHeader {
  /// The header of a message whose `<|message|>` has come.
  ///
  /// It has to name its role, unless that was announced.
  static func parse(_ text: String, role: Role?) throws(HarmonyError) -> MessageHeader {
    var (header, words) = try parseWords(text, role: role)
    let count = words.count
    guard let last = words.popLast() else { return header }
    if let recipient = recipient(in: last) {
      header.recipient = recipient
    } else if count == 1 {
      header.recipient = String(last)
    } else {
      header.contentType = String(last)
      header.recipient = words.popLast().map { recipient(in: $0) ?? String($0) }
    }
    guard words.isEmpty else { throw .unexpectedHeaderText(words.joined(separator: " ")) }
    return header
  }

  /// The header of a message that a stop token ended without `<|message|>`, and its content, which
  /// is what stands behind role and channel.
  static func parseWithoutMessageToken(
    _ text: String, role: Role
  ) throws(HarmonyError) -> (header: MessageHeader, content: String) {
    let (header, words) = try parseWords(text, role: role)
    return (header, words.joined(separator: " "))
  }

  /// Takes out channel and role; the rest is words.
  private static func parseWords(
    _ text: String, role: Role?
  ) throws(HarmonyError) -> (MessageHeader, [Substring]) {
    var text = text
    let channel = try takeChannel(from: &text)
    text = text.trimmingWhitespace()
    let constrain = Marker.constrain.rawValue
    if text.containsBytes(of: constrain) {
      text = text.replacingBytes(of: constrain, with: " " + constrain).trimmingWhitespace()
    }
    var words = text.splitAtASCIIWhitespace()

    var author = Author(role ?? .tool)
    if role == nil {
      guard let first = words.first else { throw .missingRole }
      if let named = Role(rawValue: String(first)) {
        author.role = named
      } else {
        guard words.count > 1 || first.utf8.starts(with: "to=".utf8) else {
          throw .unknownRole(String(first))
        }
        words.removeFirst()
      }
      if author.role == .tool { author.name = String(first) }
    }
    if let first = words.first, first.hasSameBytes(as: author.role.rawValue) { words.removeFirst() }
    return (MessageHeader(author: author, channel: channel.map(Channel.init(rawValue:))), words)
  }

  /// The name between `<|channel|>` and the next white space or `<`.
  private static func takeChannel(from text: inout String) throws(HarmonyError) -> String? {
    guard let marker = text.firstRange(ofBytes: Marker.channel.rawValue) else { return nil }
    let scalars = text.unicodeScalars
    let end =
      scalars[marker.upperBound...].firstIndex { $0.properties.isWhitespace || $0 == "<" } ?? scalars.endIndex
    let channel = String(text[marker.upperBound..<end])
    guard !channel.isEmpty else { throw .emptyChannel }
    text.removeSubrange(marker.lowerBound..<end)
    return channel
  }

  private static func recipient(in word: Substring) -> String? {
    word.utf8.starts(with: "to=".utf8) ? String(decoding: word.utf8.dropFirst(3), as: UTF8.self) : nil
  }
}
