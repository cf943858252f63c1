import GPTOSSJSON
import GPTOSSPlatform

/// What a conversation has besides text: the model reads text only.
enum OtherContent {
  /// It is an error. What a user shows the model has to be seen.
  case refused
  /// It is named in the text. What tools gave and the model said stays readable beside it.
  case named
}

extension JSONField {
  /// The text of a message's content: a string, or a list of parts of text.
  ///
  /// The parts of a message are joined without anything in between.
  func contentText(_ other: OtherContent = .refused) throws -> String {
    if let text = value.stringValue { return text }
    guard value.arrayValue != nil else { throw wrongType("string or array") }
    return try elements().map { try $0.partText(other) }.joined()
  }

  /// The text of a tool's result: as ``contentText(_:)``, or the JSON of an object.
  func resultText() throws -> String {
    value.objectValue == nil ? try contentText(.named) : value.text
  }

  /// The text of a part of a message's content.
  func partText(_ other: OtherContent) throws -> String {
    if let text = value.stringValue { return text }
    let type = try required("type")
    switch (try type.string(), other) {
    case ("text", _), ("input_text", _), ("output_text", _), ("reasoning_text", _), ("summary_text", _):
      return try required("text").string()
    case ("refusal", _): return try required("refusal").string()
    case (let name, .refused):
      throw ServerError.unsupported(
        parameter: type.path, what: "parts of type '\(name)'; the model reads text only")
    case (let name, .named): return "[\(name.shortened(to: 64)) left out: the model reads text only]"
    }
  }
}

extension JSONValue {
  /// The longest text that ``summary(without:)`` gives, in bytes, without its ending.
  private static let summaryLimit = 4096
  /// The longest text without spaces that is not taken for data.
  private static let wordLimit = 256

  /// The value's JSON for a model to read: without nulls, without data such as pictures in base64, and cut
  /// where it gets long. nil if nothing is left.
  ///
  /// - Parameter keys: members of the object itself that are left out, too.
  func summary(without keys: Set<String>) -> String? {
    guard case .object(let object) = self else { return readable.text.cut(at: Self.summaryLimit) }
    let entries = object.entries.filter { !keys.contains($0.key) && $0.value != .null }
    if entries.isEmpty { return nil }
    let kept = JSONObject(entries.map { (key: $0.key, value: $0.value.readable) })
    return JSONValue.object(kept).text.cut(at: Self.summaryLimit)
  }

  private var readable: JSONValue {
    switch self {
    case .string(let text):
      let isData = text.utf8.count > Self.wordLimit && !text.utf8.contains { $0 == 0x20 || $0 == 0x0A }
      return .string(isData ? "[\(text.utf8.count) bytes left out]" : text)
    case .array(let elements): return .array(elements.map(\.readable))
    case .object(let object):
      return .object(JSONObject(object.entries.map { (key: $0.key, value: $0.value.readable) }))
    default: return self
    }
  }
}

extension String {
  /// The text up to a number of bytes, whole characters only, and how much follows.
  fileprivate func cut(at limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var kept = Array(utf8.prefix(limit))
    // The last character may be cut; it is left out, whole or not.
    while let byte = kept.popLast(), byte & 0xC0 == 0x80 {}
    return "\(String(decoding: kept, as: UTF8.self))… [\(utf8.count - kept.count) more bytes]"
  }
}
