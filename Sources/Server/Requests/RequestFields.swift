package import GPTOSSJSON

// How fields of requests are read: null counts as absent, unknown fields are ignored, and errors name the
// path of the field.

extension JSONField {
  /// The body of a request.
  ///
  /// - Throws: ``ServerError/malformedBody(_:)``.
  package static func body(_ bytes: [UInt8]) throws(ServerError) -> JSONField {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch { throw .malformedBody("\(error)") }
    guard value.objectValue != nil else { throw .malformedBody("it is \(value.typeNameWithArticle)") }
    return JSONField(value)
  }

  /// A text.
  func text(_ key: String) throws -> String? { try optional(key)?.string() }

  /// A Boolean.
  func flag(_ key: String) throws -> Bool? { try optional(key)?.bool() }

  /// An integer in a range; `1.0` is one, because JavaScript does not distinguish them.
  func integer(_ key: String, in range: ClosedRange<Int> = Int.min...Int.max) throws -> Int? {
    try optional(key)?.integer(in: range)
  }

  /// A limit of tokens under the first of several names that is given; -1 and nil are none.
  ///
  /// - Parameters:
  ///   - minimum: the smallest limit, 0 or 1.
  ///   - fallback: the limit if none of the names is given.
  func tokenLimit(_ keys: String..., atLeast minimum: Int = 1, otherwise fallback: Int? = nil) throws -> Int?
  {
    let limits = try keys.compactMap { key throws -> Int? in
      guard let field = try optional(key) else { return nil }
      let limit = try field.integer()
      guard limit == -1 || limit >= minimum else {
        throw ServerError.outOfRange(
          parameter: field.path, expected: "an integer of at least \(minimum), or -1 for no limit",
          actual: String(limit))
      }
      return limit
    }
    guard let limit = limits.first else { return fallback }
    return limit == -1 ? nil : limit
  }

  /// A number in a range.
  func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    try optional(key)?.number(in: range)
  }

  /// This field as a number in a range.
  func number(in range: ClosedRange<Double>) throws -> Double {
    guard case .number(let number) = value else { throw wrongType("number") }
    let value = number.doubleValue
    guard range.contains(value) else {
      throw ServerError.outOfRange(parameter: path, expected: .words(range), actual: number.text)
    }
    return value
  }

  /// This field as an integer in a range.
  func integer(in range: ClosedRange<Int> = Int.min...Int.max) throws -> Int {
    guard case .number(let number) = value else { throw wrongType("integer") }
    guard let integer = Int(number.text) ?? Int(exactly: number.doubleValue) else {
      throw wrongType("integer")
    }
    guard range.contains(integer) else {
      throw ServerError.outOfRange(parameter: path, expected: .words(range), actual: number.text)
    }
    return integer
  }

  /// Checks what a client may attach to a request of OpenAI's: `user`, a text, and `metadata`, up to sixteen
  /// texts by name.
  func checkLabels() throws {
    _ = try text("user")
    guard let metadata = try optional("metadata") else { return }
    let entries = try metadata.entries()
    for (_, value) in entries { _ = try value.string() }
    guard entries.count <= 16 else {
      throw ServerError.outOfRange(
        parameter: metadata.path, expected: "at most 16 entries", actual: String(entries.count))
    }
  }

  /// The elements of this list, which may not be empty.
  ///
  /// - Parameter what: an element, in words: `message`.
  func elements(atLeastOne what: String) throws -> [JSONField] {
    let elements = try elements()
    guard !elements.isEmpty else {
      throw ServerError.outOfRange(parameter: path, expected: "at least one \(what)", actual: "none")
    }
    return elements
  }

  /// One of a few texts.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, _: Choice.Type = Choice.self
  ) throws -> Choice? {
    guard let field = try optional(key) else { return nil }
    let text = try field.string()
    guard let choice = Choice(rawValue: text) else {
      throw ServerError.unknownValue(
        parameter: field.path, value: text, allowed: Choice.allCases.map(\.rawValue))
    }
    return choice
  }

  /// The error for a text that is none of those allowed.
  func unknownValue(_ value: String, allowed: [String]) -> ServerError {
    .unknownValue(parameter: path, value: value, allowed: allowed)
  }
}

extension String {
  /// The error's words for a range of integers.
  fileprivate static func words(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "an integer of at least \(range.lowerBound)"
      : "an integer from \(range.lowerBound) to \(range.upperBound)"
  }

  /// The error's words for a range of numbers.
  fileprivate static func words(_ range: ClosedRange<Double>) -> String {
    "a number from \(range.lowerBound) to \(range.upperBound)"
  }
}
