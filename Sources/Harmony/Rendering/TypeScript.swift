import GPTOSSJSON

/// Writes JSON schemas as TypeScript types, the form in which the model was shown tools.
///
/// The output equals that of the reference library (openai/harmony v0.0.8) for any schema, also where that
/// library does not know a keyword: `anyOf`, `allOf`, `$ref` and `const` are `any`. A key whose value has the
/// wrong type is ignored.
enum TypeScript {
  /// The type for a schema; lines after the first begin with the indent.
  static func type(of schema: JSONValue, indent: String = "") -> String {
    if let variants = schema["oneOf"]?.arrayValue { return union(of: variants, indent: indent) }
    if let names = schema["type"]?.arrayValue?.compactMap(\.stringValue), !names.isEmpty {
      return names.map { $0 == "integer" ? "number" : $0 }.joined(separator: " | ")
    }
    switch schema["type"]?.stringValue {
    case "object": return object(schema, indent: indent)
    case "string": return enumeration(schema["enum"]) ?? "string"
    case "number", "integer": return "number"
    case "boolean": return "boolean"
    case "array": return schema["items"].map { type(of: $0, indent: indent) + "[]" } ?? "Array<any>"
    default: return "any"
    }
  }

  private static func enumeration(_ values: JSONValue?) -> String? {
    guard let texts = values?.arrayValue?.compactMap(\.stringValue), !texts.isEmpty else { return nil }
    return texts.map { "\"\($0)\"" }.joined(separator: " | ")
  }

  /// The variants of a `oneOf` that is not a property's, each on a line of its own.
  private static func union(of variants: [JSONValue], indent: String) -> String {
    var text = ""
    for variant in variants {
      text += "\n\(indent) | " + nullableType(of: variant, indent: indent + "   ")
      var comments: [String] = []
      if let description = variant["description"]?.stringValue { comments.append(description) }
      if let value = variant["default"] {
        let isPlainText = value.stringValue != nil && !isEnumeration(variant)
        comments.append("default: " + (isPlainText ? defaultText(value, in: variant) : value.referenceText))
      }
      text += trailing(comments)
    }
    return text
  }

  private static func object(_ schema: JSONValue, indent: String) -> String {
    var text = ""
    if let description = schema["description"]?.stringValue { text += "\(indent)// \(description)\n" }
    text += "{\n"
    let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    let requiredKeys = Set(required.map(ExactString.init))
    for (key, property) in schema["properties"]?.objectValue?.entries ?? [] {
      let label = key + (requiredKeys.contains(ExactString(key)) ? "" : "?")
      text += leadingComments(of: property, indent: indent)
      if let variants = property["oneOf"]?.arrayValue {
        text += unionProperty(label, property, variants: variants, indent: indent)
      } else {
        text += "\(indent)\(label): " + nullableType(of: property, indent: indent + "    ") + ","
        if property["oneOf"] == nil, let value = property["default"] {
          text += " // default: " + defaultText(value, in: property)
        }
        text += "\n"
      }
    }
    return text + indent + "}"
  }

  /// Title, description and examples above a property.
  private static func leadingComments(of property: JSONValue, indent: String) -> String {
    var text = ""
    if let title = property["title"]?.stringValue { text += "\(indent)// \(title)\n\(indent)//\n" }
    if property["oneOf"] == nil, let description = property["description"]?.stringValue {
      text += "\(indent)// \(description)\n"
    }
    if let examples = property["examples"]?.arrayValue, !examples.isEmpty {
      text += "\(indent)// Examples:\n"
      for example in examples.compactMap(\.stringValue) { text += "\(indent)// - \"\(example)\"\n" }
    }
    return text
  }

  /// A property that is one of several types.
  ///
  /// A description that the property and its first variant share is written once.
  private static func unionProperty(
    _ label: String, _ property: JSONValue, variants: [JSONValue], indent: String
  ) -> String {
    var text = ""
    let description = property["description"]?.stringValue
    var isDescribedAbove = false
    if let description {
      let first = variants.first?["description"]?.stringValue
      isDescribedAbove = first.map { !$0.hasSameBytes(as: description) } ?? true
    }
    if let description, isDescribedAbove { text += "\(indent)// \(description)\n" }
    if let value = property["default"] {
      text += "\(indent)// default: " + defaultText(value, in: property) + "\n"
    }
    text += "\(indent)\(label):\n"
    for (index, variant) in variants.enumerated() {
      text += "\(indent) | " + nullableType(of: variant, indent: indent + "   ")
      var comments: [String] = []
      if !(index == 0 && isDescribedAbove), let own = variant["description"]?.stringValue,
        description.map({ !own.hasSameBytes(as: $0) }) ?? true
      {
        comments.append(own)
      }
      if let value = variant["default"] { comments.append("default: " + defaultText(value, in: variant)) }
      text += trailing(comments) + "\n"
    }
    return text + "\(indent),\n"
  }

  private static func nullableType(of schema: JSONValue, indent: String) -> String {
    let type = type(of: schema, indent: indent)
    let isNullable = schema["nullable"]?.boolValue == true
    return isNullable && !type.containsBytes(of: "null") ? type + " | null" : type
  }

  /// A default in a comment: quoted text, the bare word of an enumeration, or JSON.
  private static func defaultText(_ value: JSONValue, in schema: JSONValue) -> String {
    guard let text = value.stringValue else { return value.referenceText }
    return isEnumeration(schema) ? text : "\"\(text)\""
  }

  private static func isEnumeration(_ schema: JSONValue) -> Bool {
    schema["enum"]?.arrayValue?.isEmpty == false
  }

  private static func trailing(_ comments: [String]) -> String {
    comments.isEmpty ? "" : " // " + comments.joined(separator: " ")
  }
}
