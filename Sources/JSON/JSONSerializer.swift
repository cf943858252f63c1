extension JSONValue {
  /// The value as JSON text without white space, its keys in order and its numbers as written.
  ///
  /// Only quotes, backslashes and control characters are escaped.
  public var text: String { serialized(numberText: \.text) }

  /// ``text`` with numbers as the reference library writes them.
  package var referenceText: String { serialized(numberText: \.referenceText) }

  private func serialized(numberText: (JSONNumber) -> String) -> String {
    var text = ""
    write(to: &text, numberText: numberText)
    return text
  }

  private func write(to text: inout String, numberText: (JSONNumber) -> String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let number): text += numberText(number)
    case .string(let string): Self.write(string, to: &text)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text, numberText: numberText)
      }
      text += "]"
    case .object(let object):
      text += "{"
      for (index, entry) in object.entries.enumerated() {
        if index > 0 { text += "," }
        Self.write(entry.key, to: &text)
        text += ":"
        entry.value.write(to: &text, numberText: numberText)
      }
      text += "}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    var plain = string.utf8[...]
    while let index = plain.firstIndex(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
      text += string[plain.startIndex..<index]
      text += escape(plain[index])
      plain = plain[plain.index(after: index)...]
    }
    text += string[plain.startIndex...]
    text += "\""
  }

  /// The escape for a byte that a JSON string cannot hold as it is: a quote, a backslash or a control
  /// character.
  package static func escape(_ byte: UInt8) -> String {
    switch byte {
    case 0x22: return "\\\""
    case 0x5C: return "\\\\"
    case 0x08: return "\\b"
    case 0x0C: return "\\f"
    case 0x0A: return "\\n"
    case 0x0D: return "\\r"
    case 0x09: return "\\t"
    default:
      let digits = String(byte, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value as JSON text.
  public var description: String { text }
}

extension JSONObject: CustomStringConvertible {
  /// The object as JSON text.
  public var description: String { JSONValue.object(self).text }
}

extension JSONNumber: CustomStringConvertible {
  /// The number as it was written.
  public var description: String { text }
}
