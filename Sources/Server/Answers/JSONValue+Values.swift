import Foundation
import GPTOSSJSON

extension JSONValue {
  /// An integer.
  static func integer(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

  /// The time in seconds since 1970.
  static var now: JSONValue { .integer(Int(Date().timeIntervalSince1970)) }

  /// A text, or null.
  static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

  /// A number; the smallest `Double` in place of −∞, which JSON does not have.
  static func decimal(_ value: Double) -> JSONValue {
    .number(JSONNumber(value.isFinite ? value : -Double.greatestFiniteMagnitude))
  }

  /// The object with more entries at its end.
  func adding(_ entries: KeyValuePairs<String, JSONValue>) -> JSONValue { adding(each: entries) }

  /// The object with those of another at its end.
  func adding(_ more: JSONObject) -> JSONValue { adding(each: more.entries) }

  private func adding(each entries: some Sequence<JSONObject.Entry>) -> JSONValue {
    guard case .object(var object) = self else { return self }
    object.add(entries)
    return .object(object)
  }
}

extension JSONValue {
  /// The value as JSON text of ASCII, as a header can have it.
  var asciiText: String {
    var result = ""
    for unit in text.utf16 {
      if unit < 0x7F {
        result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      } else {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }
}
