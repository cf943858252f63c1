public import GPTOSSJSON

/// A type that tells the model more about its properties than their names and types do.
///
///     struct Arguments: Decodable, Guided {
///       var city: String
///       var days: Int?
///       static let guides: [String: Guide] = [
///         "city": "A city's name in English.",
///         "days": Guide("How many days ahead.", .range(1...7)),
///       ]
///     }
///
/// It is what `@Guide` is in FoundationModels, without a macro.
public protocol Guided {
  /// Guides by the names that the properties have in JSON.
  ///
  /// A name that is not a property's is an error when the schema is made.
  static var guides: [String: Guide] { get }
}

/// What a property is for, and what it may hold.
public struct Guide: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// A restriction, enforced while the value is generated, or another keyword of the property's schema.
  public struct Keyword: Sendable, Equatable {
    fileprivate let entries: JSONObject

    private init(_ entries: KeyValuePairs<String, JSONValue>) {
      self.entries = JSONObject(entries.map { ($0, $1) })
    }

    /// A number between two others, both included.
    public static func range(_ range: ClosedRange<Int>) -> Keyword {
      Keyword([
        "minimum": .number(JSONNumber(range.lowerBound)), "maximum": .number(JSONNumber(range.upperBound)),
      ])
    }

    /// A number between two others, both included.
    ///
    /// - Precondition: the bounds are finite.
    public static func range(_ range: ClosedRange<Double>) -> Keyword {
      Keyword([
        "minimum": .number(JSONNumber(range.lowerBound)), "maximum": .number(JSONNumber(range.upperBound)),
      ])
    }

    /// One of these strings.
    public static func anyOf(_ values: [String]) -> Keyword {
      Keyword(["enum": .array(values.map { .string($0) })])
    }

    /// A string in which a regular expression is found, in the syntax that Docs/StructuredOutput.md
    /// describes. It is not checked before the schema is used.
    public static func pattern(_ pattern: String) -> Keyword { Keyword(["pattern": .string(pattern)]) }

    /// An array whose number of elements is in a range.
    public static func count(_ range: ClosedRange<Int>) -> Keyword {
      Keyword([
        "minItems": .number(JSONNumber(range.lowerBound)), "maxItems": .number(JSONNumber(range.upperBound)),
      ])
    }

    /// Any keyword of JSON Schema, such as `default` or `examples`. Docs/StructuredOutput.md lists which are
    /// enforced.
    public static func keyword(_ name: String, _ value: JSONValue) -> Keyword { Keyword([name: value]) }
  }

  /// What the model reads.
  public var description: String
  /// What is added to the property's schema, in place of what has the same name there.
  public var keywords: [Keyword]

  /// A description, and keywords.
  public init(_ description: String, _ keywords: Keyword...) {
    self.description = description
    self.keywords = keywords
  }

  /// A description alone.
  public init(stringLiteral value: String) { self.init(value) }

  /// The schema of the property with what the guide adds.
  func applied(to schema: JSONValue) -> JSONValue {
    var object = schema.objectValue ?? JSONObject()
    object["description"] = .string(description)
    for keyword in keywords {
      for (name, value) in keyword.entries.entries { object[name] = value }
    }
    return .object(object)
  }
}
