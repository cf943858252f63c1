public import Foundation
public import GPTOSSJSON

extension MCPElicitation {
  /// The most fields and choices of a form.
  private static let limit = 100

  /// Reads the schema of a form, which is flat.
  ///
  /// - Returns: nil for a schema that is no form.
  init?(server: String, message: String, schema: JSONValue) {
    let properties = schema["properties"]?.objectValue?.entries ?? []
    let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    guard properties.count <= Self.limit else { return nil }
    var fields: [Field] = []
    for (name, property) in properties {
      guard let kind = Kind(property) else { return nil }
      fields.append(
        Field(
          name: name, title: property["title"]?.stringValue ?? name,
          description: property["description"]?.stringValue ?? "", kind: kind,
          isRequired: required.contains(name), defaultValue: property["default"]))
    }
    (self.server, self.message, self.fields) = (server, message, fields)
  }
}

extension MCPElicitation.Kind {
  fileprivate init?(_ schema: JSONValue) {
    func count(_ key: String, _ otherwise: Int) -> Int { max(0, schema[key]?.intValue ?? otherwise) }
    func number(_ key: String, _ otherwise: Double) -> Double {
      if case .number(let number)? = schema[key] { number.doubleValue } else { otherwise }
    }
    switch schema["type"]?.stringValue {
    case "string":
      if let choices = Self.choices(schema) {
        self = .choice(choices)
      } else {
        let shortest = count("minLength", 0)
        self = .text(length: shortest...max(shortest, count("maxLength", 10_000)))
      }
    case "number", "integer":
      let lowest = number("minimum", -Double.greatestFiniteMagnitude)
      let range = lowest...max(lowest, number("maximum", .greatestFiniteMagnitude))
      self = .number(range, isInteger: schema["type"] == "integer")
    case "boolean": self = .flag
    case "array":
      guard let items = schema["items"], let choices = Self.choices(items) else { return nil }
      let fewest = min(count("minItems", 0), choices.count)
      self = .choices(choices, count: fewest...max(fewest, count("maxItems", choices.count)))
    default: return nil
    }
  }

  /// The values of an `enum`, or of constants with titles.
  private static func choices(_ schema: JSONValue) -> [(value: String, title: String)]? {
    if let values = schema["enum"]?.arrayValue?.prefix(100).compactMap(\.stringValue), !values.isEmpty {
      let names = schema["enumNames"]?.arrayValue?.compactMap(\.stringValue) ?? []
      return values.enumerated().map { ($1, $0 < names.count ? names[$0] : $1) }
    }
    let variants = (schema["oneOf"] ?? schema["anyOf"])?.arrayValue?.prefix(100) ?? []
    let choices = variants.compactMap { variant in
      variant["const"]?.stringValue.map { (value: $0, title: variant["title"]?.stringValue ?? $0) }
    }
    return choices.isEmpty ? nil : choices
  }
}

extension MCPElicitation.Field {
  /// The value that a person means with a text.
  ///
  /// - Returns: the value, nil for none where none is needed; or what is wrong.
  public func value(of text: String) -> Result<JSONValue?, MCPElicitationFault> {
    let text = text.trimmed
    if text.isEmpty {
      if let defaultValue { return .success(defaultValue) }
      return isRequired ? .failure(.isRequired) : .success(nil)
    }
    switch kind {
    case .text(let length):
      return length.contains(text.count) ? .success(.string(text)) : .failure(.length(length))
    case .number(let range, let isInteger):
      guard let number = Double(text), number.isFinite, range.contains(number),
        !isInteger || number.rounded() == number
      else { return .failure(.number(range, isInteger: isInteger)) }
      return .success(Int(text).map { .number(JSONNumber($0)) } ?? .number(JSONNumber(number)))
    case .flag:
      switch text.lowercased() {
      case "y", "yes", "true": return .success(true)
      case "n", "no", "false": return .success(false)
      default: return .failure(.flag)
      }
    case .choice(let choices):
      return Self.choose(text, choices).map { .success(.string($0)) } ?? .failure(.choice)
    case .choices(let choices, let count):
      let words = text.split(separator: ",").map { String($0).trimmed }
      let values = words.compactMap { Self.choose($0, choices) }
      guard values.count == words.count, count.contains(values.count) else { return .failure(.choice) }
      return .success(.array(values.map { .string($0) }))
    }
  }

  /// A choice by its number from 1 on, its value or its title.
  private static func choose(_ text: String, _ choices: [(value: String, title: String)]) -> String? {
    if let exact = choices.first(where: { $0.value == text || $0.title == text }) { return exact.value }
    guard let number = Int(text), choices.indices.contains(number - 1) else { return nil }
    return choices[number - 1].value
  }
}

/// Why a text is no value of a field.
public enum MCPElicitationFault: Error, Equatable, Sendable {
  /// There has to be a value.
  case isRequired
  /// The text has fewer or more characters.
  case length(ClosedRange<Int>)
  /// It is no number, or none between the two.
  case number(ClosedRange<Double>, isInteger: Bool)
  /// It is neither yes nor no.
  case flag
  /// It is none of the choices, or they are too few or too many.
  case choice
}

extension MCPElicitationFault: CustomStringConvertible {
  /// What belongs here.
  public var description: String {
    switch self {
    case .isRequired: "a value is needed"
    case .length(let range): "the text has to have \(range.lowerBound) to \(range.upperBound) characters"
    case .number(let range, let isInteger):
      "a \(isInteger ? "whole number" : "number") is needed"
        + (range.lowerBound > -.greatestFiniteMagnitude ? ", at least \(range.lowerBound)" : "")
        + (range.upperBound < .greatestFiniteMagnitude ? ", at most \(range.upperBound)" : "")
    case .flag: "yes or no is needed"
    case .choice: "give the numbers of choices, separated by commas if there may be several"
    }
  }
}

extension MCPElicitationFault: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

extension String {
  /// The text without white space around it.
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
