/// Reads JSON that is still being written: what is there of it, with what is open closed.
///
/// Only what can no longer change is taken: a number when something follows it, a word when it is whole, a
/// key when its value has begun. An open string is taken as far as it came, without half an escape or half a
/// character. So each value that is read is the last one with more in it, never with something else:
///
///     {"title": "Panca            →  {"title": "Panca"}
///     {"title": "Pancakes", "min  →  {"title": "Pancakes"}
///     … "minutes": 2              →  {"title": "Pancakes"}
///     … "minutes": 20, "steps": [ →  {"title": "Pancakes", "minutes": 20, "steps": []}
package struct PartialJSONReader {
  /// A step into a value.
  package enum Step: Equatable {
    case key(String)
    case index(Int)
  }

  private enum Reading {
    case whole(JSONValue)
    /// The text ends, or is no JSON, within the value; nil if nothing of it can be taken yet.
    case cut(JSONValue?)
  }

  private let bytes: [UInt8]
  private let takesOpenString: ([Step]) -> Bool
  private var byteOffset = 0
  private var path: [Step] = []

  /// What is there of a value.
  ///
  /// - Parameters:
  ///   - text: the beginning of a JSON value, or all of it. Where it is no JSON, it is read up to there.
  ///   - takesOpenString: whether the string at a path may be taken although it has no end yet.
  /// - Returns: nil if the value has not begun, or nothing of it can be taken.
  /// - Complexity: O(length of `text`).
  package static func value(
    of text: String, takesOpenString: ([Step]) -> Bool = { _ in true }
  ) -> JSONValue? {
    withoutActuallyEscaping(takesOpenString) { takesOpenString in
      var reader = PartialJSONReader(text, takesOpenString)
      switch reader.read() {
      case .whole(let value): return value
      case .cut(let value): return value
      }
    }
  }

  private init(_ text: String, _ takesOpenString: @escaping ([Step]) -> Bool) {
    bytes = Array(text.utf8)
    self.takesOpenString = takesOpenString
  }

  private mutating func read() -> Reading {
    switch nextByte() {
    case nil: return .cut(nil)
    case UInt8(ascii: "{"): return path.count < JSONParser.defaultMaximumDepth ? readObject() : .cut(nil)
    case UInt8(ascii: "["): return path.count < JSONParser.defaultMaximumDepth ? readArray() : .cut(nil)
    case UInt8(ascii: "\""):
      if let string = readScalar() { return .whole(string) }
      return .cut(takesOpenString(path) ? openString() : nil)
    default:
      guard let value = readScalar() else { return .cut(nil) }
      // More digits could follow.
      if case .number = value, byteOffset == bytes.count { return .cut(nil) }
      return .whole(value)
    }
  }

  private mutating func readObject() -> Reading {
    var object = JSONObject()
    byteOffset += 1
    if skip(UInt8(ascii: "}")) { return .whole(.object(object)) }
    while nextByte() == UInt8(ascii: "\""), case .string(let key)? = readScalar(), skip(UInt8(ascii: ":")) {
      path.append(.key(key))
      defer { path.removeLast() }
      switch read() {
      case .whole(let value): object[key] = value
      case .cut(let value):
        object[key] = value
        return .cut(.object(object))
      }
      if skip(UInt8(ascii: "}")) { return .whole(.object(object)) }
      guard skip(UInt8(ascii: ",")) else { break }
    }
    return .cut(.object(object))
  }

  private mutating func readArray() -> Reading {
    var elements: [JSONValue] = []
    byteOffset += 1
    if skip(UInt8(ascii: "]")) { return .whole(.array(elements)) }
    while nextByte() != nil {
      path.append(.index(elements.count))
      defer { path.removeLast() }
      switch read() {
      case .whole(let value): elements.append(value)
      case .cut(let value):
        if let value { elements.append(value) }
        return .cut(.array(elements))
      }
      if skip(UInt8(ascii: "]")) { return .whole(.array(elements)) }
      guard skip(UInt8(ascii: ",")) else { break }
    }
    return .cut(.array(elements))
  }

  /// The string, number or word that stands here; nil, and no step taken, if it is not whole.
  private mutating func readScalar() -> JSONValue? {
    var parser = JSONParser(bytes, from: byteOffset)
    do {
      let value = try parser.parsePrefix()
      byteOffset = parser.byteOffset
      return value
    } catch { return nil }
  }

  /// The string that begins here and has no end, as far as it came; nil if it is none.
  private func openString() -> JSONValue? {
    guard isCut() else { return nil }
    // The longest thing that can be cut in two is an escaped surrogate pair, of twelve bytes.
    let written = bytes[byteOffset...]
    for missing in 0..<min(12, written.count) {
      var parser = JSONParser(written.dropLast(missing) + [UInt8(ascii: "\"")])
      do { return try parser.parsePrefix() } catch { continue }
    }
    return nil
  }

  /// Whether the end of the text is what is wrong with the string that begins here.
  private func isCut() -> Bool {
    var parser = JSONParser(bytes, from: byteOffset)
    do { _ = try parser.parsePrefix() } catch .malformed(.unexpectedEnd, _) {
      return true
    } catch .malformed(.loneSurrogate, byteOffset: bytes.count) {
      return true
    } catch {}
    return false
  }

  /// The next byte that is no white space, to which the reader goes.
  private mutating func nextByte() -> UInt8? {
    while byteOffset < bytes.count {
      let byte = bytes[byteOffset]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      byteOffset += 1
    }
    return nil
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard nextByte() == byte else { return false }
    byteOffset += 1
    return true
  }
}
