/// The metadata of a GGUF file: keys and values, in the order of the file.
///
/// The typed getters throw a ``GGUFError`` that names the key: ``GGUFError/Reason/missingKey`` if there
/// is no entry, ``GGUFError/Reason/typeMismatch(expected:actual:)`` if it has another type. Those ending
/// in `IfPresent` give nil for a missing key, and for nothing else.
///
/// Also what ``GGUFWriter`` takes: a new entry goes to the end, a replaced one stays in its place.
public struct GGUFMetadata: Sendable {
  private var entries: [(key: String, value: GGUFValue)] = []
  private var positions: [String: Int] = [:]

  /// The file that errors name.
  let path: String

  /// Metadata without entries, to be written to a file.
  public init() {
    path = "new metadata"
  }

  init(path: String) {
    self.path = path
  }

  /// The value of a key; nil if there is none.
  ///
  /// Setting nil removes the entry.
  public subscript(key: String) -> GGUFValue? {
    get {
      positions[key].map { entries[$0].value }
    }
    set {
      switch (positions[key], newValue) {
      case (let position?, let value?):
        entries[position].value = value
      case (nil, let value?):
        positions[key] = entries.count
        entries.append((key, value))
      case (let position?, nil):
        entries.remove(at: position)
        positions = Dictionary(uniqueKeysWithValues: zip(entries.map(\.key), entries.indices))
      case (nil, nil):
        break
      }
    }
  }

  /// Appends an entry read from a file.
  mutating func append(_ key: String, _ value: GGUFValue) throws(GGUFError.Reason) {
    guard positions.updateValue(entries.count, forKey: key) == nil else { throw .duplicateKey }
    entries.append((key, value))
  }
}

extension GGUFMetadata: RandomAccessCollection {
  /// The position of the first entry, 0.
  public var startIndex: Int { 0 }

  /// The position past the last entry.
  public var endIndex: Int { entries.count }

  /// The entry at a position in the file's order.
  public subscript(position: Int) -> (key: String, value: GGUFValue) {
    entries[position]
  }
}

// MARK: - Typed access

extension GGUFMetadata {
  /// The text of a key.
  ///
  /// - Throws: ``GGUFError/Reason/missingKey``, ``GGUFError/Reason/typeMismatch(expected:actual:)``, or
  ///   ``GGUFError/Reason/invalidUTF8``.
  public func string(_ key: String) throws(GGUFError) -> String {
    try required(key, stringIfPresent(key))
  }

  /// The text of a key, or nil if there is no such key.
  ///
  /// - Throws: ``GGUFError/Reason/typeMismatch(expected:actual:)`` or ``GGUFError/Reason/invalidUTF8``.
  public func stringIfPresent(_ key: String) throws(GGUFError) -> String? {
    guard let value = self[key] else { return nil }
    guard case .string(let string) = value else { throw mismatch(key, "a string", value) }
    guard let text = String(validating: string) else { throw error(key, .invalidUTF8) }
    return text
  }

  /// The integer of a key, which may have any of the eight integer types.
  ///
  /// - Throws: ``GGUFError/Reason/missingKey``, ``GGUFError/Reason/typeMismatch(expected:actual:)``, or
  ///   ``GGUFError/Reason/integerOutOfRange(_:)`` for what `Int` does not hold.
  public func integer(_ key: String) throws(GGUFError) -> Int {
    try required(key, integerIfPresent(key))
  }

  /// The integer of a key, or nil if there is no such key.
  ///
  /// - Throws: ``GGUFError/Reason/typeMismatch(expected:actual:)`` or
  ///   ``GGUFError/Reason/integerOutOfRange(_:)``.
  public func integerIfPresent(_ key: String) throws(GGUFError) -> Int? {
    guard let value = self[key] else { return nil }
    guard let integer = value.integer else { throw mismatch(key, "an integer", value) }
    guard let result = Int(exactly: integer) else { throw error(key, .integerOutOfRange("\(integer)")) }
    return result
  }

  /// The number of a key, which may be a float32 or a float64.
  ///
  /// - Throws: ``GGUFError/Reason/missingKey`` or ``GGUFError/Reason/typeMismatch(expected:actual:)``.
  public func double(_ key: String) throws(GGUFError) -> Double {
    try required(key, doubleIfPresent(key))
  }

  /// The number of a key, or nil if there is no such key.
  ///
  /// - Throws: ``GGUFError/Reason/typeMismatch(expected:actual:)``.
  public func doubleIfPresent(_ key: String) throws(GGUFError) -> Double? {
    switch self[key] {
    case nil: nil
    case .float32(let number): Double(number)
    case .float64(let number): number
    case let value?: throw mismatch(key, "a floating-point number", value)
    }
  }

  /// The Boolean of a key.
  ///
  /// - Throws: ``GGUFError/Reason/missingKey`` or ``GGUFError/Reason/typeMismatch(expected:actual:)``.
  public func bool(_ key: String) throws(GGUFError) -> Bool {
    try required(key, boolIfPresent(key))
  }

  /// The Boolean of a key, or nil if there is no such key.
  ///
  /// - Throws: ``GGUFError/Reason/typeMismatch(expected:actual:)``.
  public func boolIfPresent(_ key: String) throws(GGUFError) -> Bool? {
    switch self[key] {
    case nil: nil
    case .bool(let truth): truth
    case let value?: throw mismatch(key, "a bool", value)
    }
  }

  /// The array of a key, whatever its elements.
  ///
  /// - Throws: ``GGUFError/Reason/missingKey`` or ``GGUFError/Reason/typeMismatch(expected:actual:)``.
  public func array(_ key: String) throws(GGUFError) -> GGUFArray {
    let value = try required(key, self[key])
    guard case .array(let array) = value else { throw mismatch(key, "an array", value) }
    return array
  }

  /// The strings of a key, none of which is copied.
  ///
  /// - Throws: ``GGUFError/Reason/missingKey`` or ``GGUFError/Reason/typeMismatch(expected:actual:)``.
  public func strings(_ key: String) throws(GGUFError) -> GGUFStrings {
    let array = try array(key)
    guard let strings = array.strings else { throw mismatch(key, "an array of string", .array(array)) }
    return strings
  }

  /// The numbers of a key, whose elements have exactly this type.
  ///
  /// - Throws: ``GGUFError/Reason/missingKey`` or ``GGUFError/Reason/typeMismatch(expected:actual:)``.
  public func elements<Scalar: GGUFScalar>(
    _ key: String, as type: Scalar.Type
  ) throws(GGUFError) -> [Scalar] {
    let array = try array(key)
    guard let elements = array.elements(as: type) else {
      throw mismatch(key, "an array of \(type.ggufType)", .array(array))
    }
    return elements
  }

  private func required<Value>(_ key: String, _ value: Value?) throws(GGUFError) -> Value {
    guard let value else { throw error(key, .missingKey) }
    return value
  }

  private func mismatch(_ key: String, _ expected: String, _ value: GGUFValue) -> GGUFError {
    let actual =
      if case .array(let array) = value { "an array of \(array.elementType)" } else { "\(value.type)" }
    return error(key, .typeMismatch(expected: expected, actual: actual))
  }

  private func error(_ key: String, _ reason: GGUFError.Reason) -> GGUFError {
    GGUFError(path: path, place: .key(key), reason: reason)
  }
}
