package import GPTOSSJSON

/// What a call of a tool gave, as text for the model.
package struct CallResult: Equatable, Sendable {
  package let text: String
  /// Whether the tool says that it failed.
  package let isError: Bool

  /// Reads the result of `tools/call`.
  ///
  /// Text and structured content stay as they are, links to resources become text, and what is no text is
  /// named in words.
  package init(_ result: JSONObject) {
    var parts = (result["content"]?.arrayValue ?? []).map(Self.text(of:))
    if let structured = result["structuredContent"], structured != .null, !Self.says(parts, structured) {
      parts.append(structured.text)
    }
    parts.removeAll(where: \.isEmpty)
    text = parts.isEmpty ? "The tool gave no output." : parts.joined(separator: "\n")
    isError = result["isError"]?.boolValue ?? false
  }

  private static func text(of block: JSONValue) -> String {
    func field(_ key: String) -> String? { block[key]?.stringValue }
    switch field("type") {
    case "text": return field("text") ?? ""
    case "image": return refusal("An image", field("mimeType"), field("data"))
    case "audio": return refusal("Sound", field("mimeType"), field("data"))
    case "resource_link":
      let facts = [field("title") ?? field("name"), field("description"), field("mimeType")]
      return "Resource \(field("uri") ?? "without an address")"
        + facts.compactMap { $0 }.map { ", \($0)" }.joined()
    case "resource":
      let resource = block["resource"]
      let address = resource?["uri"]?.stringValue ?? "without an address"
      if let text = resource?["text"]?.stringValue { return "Resource \(address):\n\(text)" }
      let type = resource?["mimeType"]?.stringValue
      return refusal("The resource \(address)", type, resource?["blob"]?.stringValue)
    case let type:
      return "[Content of the type \(type ?? "unknown") was returned. You cannot see it.]"
    }
  }

  /// Says what was returned that is no text; the model would otherwise describe what it has not seen.
  private static func refusal(_ what: String, _ type: String?, _ base64: String?) -> String {
    let size = base64.map { "\($0.utf8.count / 4 * 3) bytes" }
    let facts = [type, size].compactMap { $0 }.joined(separator: ", ")
    return "[\(what)\(facts.isEmpty ? "" : " (\(facts))") was returned. You cannot see or hear it.]"
  }

  /// Whether the text says all of the structured content: it is the same JSON, or the one value of it.
  private static func says(_ parts: [String], _ structured: JSONValue) -> Bool {
    let values = [structured] + (structured.objectValue?.entries.map(\.value).prefix(1) ?? [])
    let isWrapper = structured.objectValue?.entries.count == 1
    return parts.contains { part in
      if isWrapper, values.last?.stringValue == part { return true }
      do {
        let json = try JSONValue(parsing: part)
        return json == structured || isWrapper && json == values.last
      } catch { return false }
    }
  }
}

extension String {
  /// The text without its middle, and a note in its place that says how much is missing.
  ///
  /// - Parameter limit: the most bytes that are kept.
  package func cutInTheMiddle(limit: Int) -> String {
    guard utf8.count > limit else { return self }
    let head = prefix(bytes: limit / 2)
    let tail = suffix(bytes: limit - limit / 2)
    let missing = utf8.count - head.utf8.count - tail.utf8.count
    return "\(head)\n[… \(missing) of \(utf8.count) bytes were left out here …]\n\(tail)"
  }

  /// The longest beginning of whole characters with at most so many bytes.
  private func prefix(bytes: Int) -> Substring {
    var end = utf8.index(startIndex, offsetBy: bytes, limitedBy: endIndex) ?? endIndex
    while end > startIndex, end < endIndex, utf8[end].continuesCharacter { end = utf8.index(before: end) }
    return self[..<end]
  }

  /// The longest end of whole characters with at most so many bytes.
  private func suffix(bytes: Int) -> Substring {
    var start = utf8.index(endIndex, offsetBy: -bytes, limitedBy: startIndex) ?? startIndex
    while start < endIndex, utf8[start].continuesCharacter { start = utf8.index(after: start) }
    return self[start...]
  }
}

extension UInt8 {
  /// Whether the byte is one of a character's second to fourth in UTF-8.
  fileprivate var continuesCharacter: Bool { self & 0xC0 == 0x80 }
}
