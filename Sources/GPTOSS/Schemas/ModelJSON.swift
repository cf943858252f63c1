import Foundation
package import GPTOSSJSON

/// Swift values in the JSON that models write and read.
///
/// Dates are ISO 8601, with or without fractions of a second; data is Base64; a `Decimal` keeps its digits.
package enum ModelJSON {
  /// A value from JSON.
  ///
  /// - Parameter schema: the schema that the JSON is meant to fit, for what a fault says is allowed.
  package static func decode<T: Decodable>(
    _ type: T.Type, from json: JSONValue, schema: JSONValue? = nil
  ) throws(ValueFault) -> T {
    if let value = json as? T { return value }
    if let object = json.objectValue, let value = object as? T { return value }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom(date)
    do {
      return try decoder.decode(type, from: Data(json.text.utf8))
    } catch {
      throw ValueFault(error, in: json, schema: schema)
    }
  }

  /// A value from JSON text.
  package static func decode<T: Decodable>(
    _ type: T.Type, from text: String, schema: JSONValue? = nil
  ) throws(ValueFault) -> T {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: text)
    } catch {
      throw ValueFault(path: "", problem: .notJSON("\(error)"))
    }
    return try decode(type, from: json, schema: schema)
  }

  /// What a model reads: a string as it is, anything else as JSON, the same text for the same value.
  ///
  /// - Parameter isQuoted: whether strings are JSON, too.
  package static func text(of value: any Encodable, isQuoted: Bool = false) throws -> String {
    switch value {
    case let text as String where !isQuoted: return text
    case let json as JSONValue: return json.text
    case let object as JSONObject: return JSONValue.object(object).text
    default:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      encoder.dateEncodingStrategy = .iso8601
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
  }

  @Sendable private static func date(_ decoder: any Decoder) throws -> Date {
    let text = try decoder.singleValueContainer().decode(String.self)
    // On some systems this style reads fractions only if told to, and then insists on them.
    for hasFraction in [false, true] {
      if let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction).parse(text) {
        return date
      }
    }
    let context = DecodingError.Context(
      codingPath: decoder.codingPath, debugDescription: "not a date such as 2025-08-05T12:00:00Z")
    throw DecodingError.dataCorrupted(context)
  }
}
