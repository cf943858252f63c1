public import Foundation
import GPTOSSJSON

/// Why JSON that a model wrote is not the value that was wanted.
public struct ValueFault: Error, Sendable, Equatable {
  /// Where: `items[2].size`; empty for the whole.
  public var path: String
  /// What is wrong.
  public var problem: Problem

  /// What can be wrong with a value.
  public enum Problem: Sendable, Equatable {
    /// The text is not JSON, with the parser's reason.
    case notJSON(String)
    /// It must be there and is not.
    case missing
    /// It is of another type.
    case wrongType(expected: String, actual: String)
    /// It is none of these.
    case notAllowed([String])
    /// It cannot be what it is meant to be, with the decoder's reason.
    case invalid(String)
  }

  /// A fault at a path.
  public init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }
}

extension ValueFault: CustomStringConvertible {
  /// What is wrong and where, for people and models to read.
  public var description: String {
    let place = path.isEmpty ? "the value" : "\"\(path)\""
    return switch problem {
    case .notJSON(let reason): "not valid JSON: \(reason)"
    case .missing: "\(place) is missing"
    case .wrongType(let expected, let actual): "\(place) must be \(expected), not \(actual)"
    case .notAllowed(let values): "\(place) must be one of \(values.joined(separator: ", "))"
    case .invalid(let reason): "\(place) is invalid: \(reason)"
    }
  }
}

extension ValueFault: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

extension ValueFault {
  /// What an error of `JSONDecoder` says about this JSON.
  init(_ error: any Error, in json: JSONValue, schema: JSONValue?) {
    guard let error = error as? DecodingError else {
      self.init(path: "", problem: .invalid("\(error)"))
      return
    }
    switch error {
    case .keyNotFound(let key, let context):
      self.init(path: Self.text(of: context.codingPath + [key]), problem: .missing)
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      let actual = Self.value(at: context.codingPath, in: json)?.typeNameWithArticle
      self.init(
        context, schema,
        .wrongType(expected: Self.name(of: type), actual: actual ?? "missing"))
    case .dataCorrupted(let context):
      self.init(context, schema, .invalid(context.debugDescription))
    @unknown default:
      self.init(path: "", problem: .invalid("\(error)"))
    }
  }

  /// A problem, or what is allowed if the schema lists that.
  private init(_ context: DecodingError.Context, _ schema: JSONValue?, _ problem: Problem) {
    let path = Self.text(of: context.codingPath)
    if let values = Self.schema(at: context.codingPath, in: schema)?["enum"]?.arrayValue {
      self.init(path: path, problem: .notAllowed(values.map(\.text)))
    } else {
      self.init(path: path, problem: problem)
    }
  }

  // MARK: Paths

  /// The index that a key of `JSONDecoder` is; keys of objects may look like numbers, too.
  private static func index(_ key: any CodingKey) -> Int? {
    guard let index = key.intValue, key.stringValue == "Index \(index)" else { return nil }
    return index
  }

  private static func text(of path: [any CodingKey]) -> String {
    path.reduce("") { text, key in
      if let index = index(key) { return "\(text)[\(index)]" }
      return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
    }
  }

  private static func value(at path: [any CodingKey], in json: JSONValue) -> JSONValue? {
    path.reduce(Optional(json)) { value, key in
      guard let index = index(key) else { return value?[key.stringValue] }
      guard let elements = value?.arrayValue, elements.indices.contains(index) else { return nil }
      return elements[index]
    }
  }

  private static func schema(at path: [any CodingKey], in schema: JSONValue?) -> JSONValue? {
    path.reduce(schema) { schema, key in
      if index(key) != nil { return schema?["items"] }
      return schema?["properties"]?[key.stringValue] ?? schema?["additionalProperties"]
    }
  }

  // MARK: Words

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "an integer"
    case is any Numeric.Type: "a number"
    case is [Any].Type: "an array"
    case is [String: Any].Type: "an object"
    default: "a value of another type (\(type))"
    }
  }
}
