/// Reads JSON text (RFC 8259) into a ``JSONValue``.
///
/// Nesting is bounded, so that hostile input cannot exhaust the stack. If a key comes twice, its last value
/// counts.
public struct JSONParser {
  /// How the parser treats what models write although JSON's grammar forbids it.
  package enum Dialect: Sendable {
    /// RFC 8259.
    case strict
    /// Also allows control characters, such as line ends, inside strings.
    case lenient
    /// Also takes escapes of half a surrogate pair, which JavaScript writes for text that it has cut within a
    /// character. They become U+FFFD.
    case javaScript
  }

  /// How deep arrays and objects may be nested: the limit of serde_json, which OpenAI's Harmony library uses.
  public static let defaultMaximumDepth = 127

  private let bytes: [UInt8]
  private let dialect: Dialect
  private let maximumDepth: Int
  /// The closing brackets of what is being read, the outermost first.
  package private(set) var openBrackets: [UInt8] = []
  /// Where reading stands.
  package private(set) var byteOffset: Int

  package init(
    _ bytes: [UInt8], from byteOffset: Int = 0, dialect: Dialect = .strict,
    maximumDepth: Int = defaultMaximumDepth
  ) {
    self.bytes = bytes
    self.byteOffset = byteOffset
    self.dialect = dialect
    self.maximumDepth = maximumDepth
  }

  /// Reads the next value and stops behind it.
  package mutating func parsePrefix() throws(JSONError) -> JSONValue {
    skipWhitespace()
    return try parseValue()
  }

  /// Checks that only white space is left.
  package mutating func expectEnd() throws(JSONError) {
    skipWhitespace()
    if byteOffset < bytes.count { throw fault(.trailingText) }
  }

  // MARK: Values

  private mutating func parseValue() throws(JSONError) -> JSONValue {
    guard let byte = peek() else { throw fault(.unexpectedEnd) }
    switch byte {
    case UInt8(ascii: "{"): return .object(try parseObject())
    case UInt8(ascii: "["): return .array(try parseArray())
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
    default: throw fault(.unexpectedByte(byte))
    }
  }

  private mutating func parseObject() throws(JSONError) -> JSONObject {
    var object = JSONObject()
    try enter(closing: UInt8(ascii: "}"))
    skipWhitespace()
    if skip(UInt8(ascii: "}")) { return leave(object) }
    while true {
      skipWhitespace()
      guard peek() == UInt8(ascii: "\"") else { throw unexpected() }
      let key = try parseString()
      skipWhitespace()
      guard skip(UInt8(ascii: ":")) else { throw unexpected() }
      skipWhitespace()
      object[key] = try parseValue()
      skipWhitespace()
      if skip(UInt8(ascii: "}")) { return leave(object) }
      guard skip(UInt8(ascii: ",")) else { throw unexpected() }
    }
  }

  private mutating func parseArray() throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    try enter(closing: UInt8(ascii: "]"))
    skipWhitespace()
    if skip(UInt8(ascii: "]")) { return leave(elements) }
    while true {
      skipWhitespace()
      elements.append(try parseValue())
      skipWhitespace()
      if skip(UInt8(ascii: "]")) { return leave(elements) }
      guard skip(UInt8(ascii: ",")) else { throw unexpected() }
    }
  }

  private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard skip(word.utf8Start[index]) else { throw unexpected() }
    }
    return value
  }

  private mutating func parseNumber() throws(JSONError) -> JSONNumber {
    let start = byteOffset
    _ = skip(UInt8(ascii: "-"))
    if skip(UInt8(ascii: "0")) {
      if let byte = peek(), Self.isDigit(byte) { throw fault(.malformedNumber) }
    } else {
      try parseDigits()
    }
    if skip(UInt8(ascii: ".")) { try parseDigits() }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
      try parseDigits()
    }
    return JSONNumber(checkedText: String(decoding: bytes[start..<byteOffset], as: UTF8.self))
  }

  private mutating func parseDigits() throws(JSONError) {
    guard let first = peek() else { throw fault(.unexpectedEnd) }
    guard Self.isDigit(first) else { throw fault(.malformedNumber) }
    while let byte = peek(), Self.isDigit(byte) { byteOffset += 1 }
  }

  // MARK: Strings

  private mutating func parseString() throws(JSONError) -> String {
    byteOffset += 1
    let start = byteOffset
    // Most strings have no escape and can be taken as they are.
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      byteOffset += 1
    }
    if peek() == UInt8(ascii: "\"") {
      defer { byteOffset += 1 }
      return try text(of: bytes[start..<byteOffset])
    }
    var unescaped = Array(bytes[start..<byteOffset])
    while let byte = peek() {
      byteOffset += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(of: unescaped[...])
      case UInt8(ascii: "\\"): try parseEscape(into: &unescaped)
      case 0..<0x20 where dialect != .lenient:
        byteOffset -= 1
        throw fault(.controlCharacter(byte))
      default: unescaped.append(byte)
      }
    }
    throw fault(.unexpectedEnd)
  }

  private mutating func parseEscape(into unescaped: inout [UInt8]) throws(JSONError) {
    guard let byte = peek() else { throw fault(.unexpectedEnd) }
    byteOffset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0C)
    case UInt8(ascii: "n"): unescaped.append(0x0A)
    case UInt8(ascii: "r"): unescaped.append(0x0D)
    case UInt8(ascii: "t"): unescaped.append(0x09)
    case UInt8(ascii: "u"): unescaped.append(contentsOf: UTF8.encode(try parseUnicodeEscape()) ?? .init())
    default: throw fault(.malformedEscape)
    }
  }

  private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let first = try parseHexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let end = byteOffset
    if first < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) {
      let second = try parseHexadecimal()
      if (0xDC00..<0xE000).contains(second) {
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        if let scalar = Unicode.Scalar(value) { return scalar }
      }
    }
    guard dialect == .javaScript else { throw fault(.loneSurrogate) }
    // What follows is read anew: it may be an escape of its own.
    byteOffset = end
    return "\u{FFFD}"
  }

  private mutating func parseHexadecimal() throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek() else { throw fault(.unexpectedEnd) }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw fault(.malformedEscape) }
      value = value << 4 | UInt16(digit)
      byteOffset += 1
    }
    return value
  }

  private func text(of slice: ArraySlice<UInt8>) throws(JSONError) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else { throw fault(.invalidUTF8) }
    return text
  }

  // MARK: Steps

  private mutating func enter(closing bracket: UInt8) throws(JSONError) {
    guard openBrackets.count < maximumDepth else { throw fault(.tooDeep(limit: maximumDepth)) }
    openBrackets.append(bracket)
    byteOffset += 1
  }

  private mutating func leave<Value>(_ value: Value) -> Value {
    openBrackets.removeLast()
    return value
  }

  private func peek() -> UInt8? { byteOffset < bytes.count ? bytes[byteOffset] : nil }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    byteOffset += 1
    return true
  }

  private mutating func skipWhitespace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { byteOffset += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private func unexpected() -> JSONError { fault(peek().map(JSONFault.unexpectedByte) ?? .unexpectedEnd) }

  private func fault(_ fault: JSONFault) -> JSONError {
    .malformed(fault, byteOffset: byteOffset)
  }
}

extension JSONValue {
  /// Reads JSON text.
  ///
  /// - Parameters:
  ///   - text: one JSON value, with white space around it if need be.
  ///   - maximumDepth: how deep arrays and objects may be nested.
  /// - Throws: ``JSONError/malformed(_:byteOffset:)``.
  public init(
    parsing text: String, maximumDepth: Int = JSONParser.defaultMaximumDepth
  ) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
  }

  /// Reads JSON text in UTF-8.
  ///
  /// - Parameters:
  ///   - utf8: one JSON value, with white space around it if need be.
  ///   - maximumDepth: how deep arrays and objects may be nested.
  /// - Throws: ``JSONError/malformed(_:byteOffset:)``.
  public init(
    parsing utf8: [UInt8], maximumDepth: Int = JSONParser.defaultMaximumDepth
  ) throws(JSONError) {
    try self.init(parsing: utf8, dialect: .strict, maximumDepth: maximumDepth)
  }

  /// The same for text that does not keep to JSON's grammar in all points.
  package init(
    parsing utf8: [UInt8], dialect: JSONParser.Dialect, maximumDepth: Int = JSONParser.defaultMaximumDepth
  ) throws(JSONError) {
    var parser = JSONParser(utf8, dialect: dialect, maximumDepth: maximumDepth)
    self = try parser.parsePrefix()
    try parser.expectEnd()
  }
}
