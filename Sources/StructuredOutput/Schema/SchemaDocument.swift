import GPTOSSJSON

/// A JSON schema taken apart: every subschema that was asked for has a number.
struct SchemaDocument {
  private let root: JSONValue
  private var values: [JSONValue] = []
  private var paths: [String] = []
  private var idOfPath: [String: SchemaID] = [:]
  private var keywords: [SchemaKeywords?] = []

  /// The whole schema's number.
  static let rootID: SchemaID = 0

  init(_ root: JSONValue) {
    self.root = root
    _ = id(of: root, at: "#")
  }

  func path(of id: SchemaID) -> String { paths[id] }

  mutating func id(of value: JSONValue, at path: String) -> SchemaID {
    if let id = idOfPath[path] { return id }
    let id = values.count
    values.append(value)
    paths.append(path)
    keywords.append(nil)
    idOfPath[path] = id
    return id
  }

  /// The keywords of a schema.
  mutating func keywords(of id: SchemaID) throws(StructuredOutputError) -> SchemaKeywords {
    if let known = keywords[id] { return known }
    let reader = KeywordReader(path: paths[id])
    let result: SchemaKeywords
    switch values[id] {
    case .bool(let allowsAnything):
      result = SchemaKeywords(path: paths[id], allowsNothing: !allowsAnything)
    case .object(let object): result = try reader.read(object, &self)
    default: throw .notASchema(path: paths[id])
    }
    keywords[id] = result
    return result
  }

  /// The schema that a `$ref` names: a JSON pointer into the document, or an anchor in `$defs`.
  mutating func resolve(_ reference: String, from path: String) throws(StructuredOutputError) -> SchemaID {
    let unresolved = StructuredOutputError.unresolvedReference(path: path, reference: reference)
    guard reference.utf8.first == UInt8(ascii: "#") else { throw unresolved }
    let pointer = reference.dropFirst()
    guard pointer.isEmpty || pointer.utf8.first == UInt8(ascii: "/") else {
      guard let (value, path) = anchor(String(pointer)) else { throw unresolved }
      return id(of: value, at: path)
    }
    var value = root
    var path = "#"
    for escaped in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      guard let name = Self.unescape(escaped) else { throw unresolved }
      switch value {
      case .object(let object):
        guard let member = object[name] else { throw unresolved }
        value = member
      case .array(let elements):
        guard let index = Int(name), elements.indices.contains(index) else { throw unresolved }
        value = elements[index]
      default: throw unresolved
      }
      path += "/" + Self.escape(name)
    }
    return id(of: value, at: path)
  }

  private func anchor(_ name: String) -> (value: JSONValue, path: String)? {
    for keyword in ["$defs", "definitions"] {
      for (key, value) in root[keyword]?.objectValue?.entries ?? [] where value["$anchor"] == .string(name) {
        return (value, "#/\(keyword)/\(Self.escape(key))")
      }
    }
    return nil
  }

  /// A name as it stands in a JSON pointer.
  static func escape(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A name from a pointer in a URL: percent signs first, then `~1` and `~0`.
  private static func unescape(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        let digits = rest.prefix(2)
        guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
          return nil
        }
        rest = rest.dropFirst(2)
        bytes.append(value)
      } else {
        bytes.append(byte)
      }
    }
    var name: [UInt8] = []
    var unescaped = bytes[...]
    while let byte = unescaped.popFirst() {
      guard byte == UInt8(ascii: "~") else {
        name.append(byte)
        continue
      }
      switch unescaped.popFirst() {
      case UInt8(ascii: "0"): name.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): name.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return String(validating: name, as: UTF8.self)
  }
}
