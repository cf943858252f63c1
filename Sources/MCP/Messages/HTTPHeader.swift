import Foundation
package import GPTOSSJSON

/// A header of an HTTP request.
package struct HTTPHeader: Equatable, Sendable {
  package let name: String
  package let value: String

  /// A header whose value comes from a message and may be any text: what headers cannot hold is Base64
  /// between `=?base64?` and `?=`.
  package init(_ name: String, encoding text: String) {
    let isPlain = text.utf8.allSatisfy { 0x20...0x7E ~= $0 || $0 == 0x09 }
    let isPadded = text.first?.isWhitespace ?? false || text.last?.isWhitespace ?? false
    let looksEncoded = text.hasPrefix("=?base64?") && text.hasSuffix("?=")
    self.init(
      name,
      isPlain && !isPadded && !looksEncoded ? text : "=?base64?\(Data(text.utf8).base64EncodedString())?=")
  }

  init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

/// The arguments of a tool that go into headers, as `x-mcp-header` in its schema says.
package struct HeaderParameters: Equatable, Sendable {
  private struct Parameter: Equatable {
    let header: String
    let path: [String]
  }

  private var parameters: [Parameter] = []
  private static let keyword = "x-mcp-header"
  private static let primitives: Set<String> = ["string", "integer", "boolean"]

  /// - Returns: nil if the schema uses the keyword in a way that the protocol forbids.
  package init?(schema: JSONValue) {
    guard collect(schema, path: []) else { return nil }
    let names = parameters.map { $0.header.lowercased() }
    guard Set(names).count == names.count, Self.count(in: schema) == names.count else { return nil }
  }

  /// Finds what can be reached by names of properties alone.
  private mutating func collect(_ schema: JSONValue, path: [String]) -> Bool {
    for (key, property) in schema["properties"]?.objectValue?.entries ?? [] {
      let path = path + [key]
      if let header = property[Self.keyword] {
        guard let name = header.stringValue, name.isFieldName,
          Self.primitives.contains(property["type"]?.stringValue ?? "")
        else { return false }
        parameters.append(Parameter(header: name, path: path))
      }
      guard collect(property, path: path) else { return false }
    }
    return true
  }

  /// How often the keyword stands anywhere, names of properties aside.
  private static func count(in schema: JSONValue) -> Int {
    switch schema {
    case .array(let elements): elements.reduce(0) { $0 + count(in: $1) }
    case .object(let object):
      object.entries.reduce(0) { total, entry in
        switch entry.key {
        case keyword: total + 1
        case "properties", "$defs", "definitions":
          total + (entry.value.objectValue?.entries.reduce(0) { $0 + count(in: $1.value) } ?? 0)
        case "default", "const", "enum", "examples": total
        default: total + count(in: entry.value)
        }
      }
    default: 0
    }
  }

  /// The headers of a call.
  package func headers(for arguments: JSONObject) -> [HTTPHeader] {
    parameters.compactMap { parameter in
      var value: JSONValue? = .object(arguments)
      for key in parameter.path { value = value?[key] }
      let text: String? =
        switch value {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
      return text.map { HTTPHeader("Mcp-Param-\(parameter.header)", encoding: $0) }
    }
  }
}

extension String {
  /// Whether the text may name a header (`token` in RFC 9110, section 5.6.2).
  package var isFieldName: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// Whether the text may be the value of a header: visible ASCII, spaces and tabs.
  package var isFieldValue: Bool { utf8.allSatisfy { 0x20...0x7E ~= $0 || $0 == 0x09 } }
}
