/// JSON of any shape as a part of types that are `Codable`.
///
/// Coders keep neither the order of keys nor the text of numbers. What comes from one has its keys in the
/// coder's order, and its numbers as 64-bit integers or as `Double`. ``JSONValue/init(parsing:)`` and
/// ``JSONValue/text`` keep both.
extension JSONValue: Codable {
  /// Reads any value.
  ///
  /// - Throws: what the decoder throws.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: JSONKey.self) {
      self = .object(try JSONObject(container))
    } else if var container = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !container.isAtEnd { elements.append(try container.decode(JSONValue.self)) }
      self = .array(elements)
    } else {
      self = try JSONValue(scalar: decoder.singleValueContainer())
    }
  }

  private init(scalar container: any SingleValueDecodingContainer) throws {
    // A coder says what a value is only by refusing what it is not.
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .number(JSONNumber(value))
    } else if let value = try? container.decode(UInt64.self) {
      self = .number(JSONNumber(value))
    } else if let value = try? container.decode(Double.self), value.isFinite {
      self = .number(JSONNumber(value))
    } else {
      self = .string(try container.decode(String.self))
    }
  }

  /// Writes the value.
  ///
  /// - Throws: what the encoder throws, for a number beyond the range of `Double` for example.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let object):
      try object.encode(to: encoder)
    case .array(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .string(let text):
      var container = encoder.singleValueContainer()
      try container.encode(text)
    case .number(let number):
      var container = encoder.singleValueContainer()
      if let value = Int64(number.text) {
        try container.encode(value)
      } else if let value = UInt64(number.text) {
        try container.encode(value)
      } else {
        try container.encode(number.doubleValue)
      }
    }
  }
}

extension JSONObject: Codable {
  /// Reads an object, its keys in the order in which the decoder gives them.
  ///
  /// - Throws: what the decoder throws.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.container(keyedBy: JSONKey.self))
  }

  fileprivate init(_ container: KeyedDecodingContainer<JSONKey>) throws {
    self.init()
    for key in container.allKeys { self[key.stringValue] = try container.decode(JSONValue.self, forKey: key) }
  }

  /// Writes the object.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: JSONKey.self)
    for (key, value) in entries { try container.encode(value, forKey: JSONKey(stringValue: key)) }
  }
}

private struct JSONKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
