/// Where characters of UTF-8 begin and end, in bytes that may be anything.
package enum UTF8Sequence {
  /// The longest start of a character's bytes at one place.
  package enum Prefix: Equatable {
    /// A whole character of this many bytes.
    case whole(Int)
    /// The bytes end within a character, of which there are this many.
    case cut(Int)
    /// This many bytes start a character and the next one does not go on with it; 1 if not even the
    /// first can start one.
    case invalid(Int)
  }

  /// - SeeAlso: The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences".
  package static func prefix(of bytes: Span<UInt8>, at start: Int) -> Prefix {
    let first = bytes[start]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0x00...0x7F: return .whole(1)
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { second = 0xA0...0xBF }
      if first == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { second = 0x90...0xBF }
      if first == 0xF4 { second = 0x80...0x8F }
    default: return .invalid(1)
    }
    for index in 1..<length {
      guard start + index < bytes.count else { return .cut(index) }
      let range = index == 1 ? second : 0x80...0xBF
      guard range.contains(bytes[start + index]) else { return .invalid(index) }
    }
    return .whole(length)
  }

  /// How many bytes are whole characters, from the start.
  package static func validPrefix(of bytes: Span<UInt8>) -> Int {
    var offset = 0
    while offset < bytes.count, case .whole(let length) = prefix(of: bytes, at: offset) { offset += length }
    return offset
  }

  /// How many bytes at the end are the start of a character that more bytes may complete.
  package static func cutSuffix(of bytes: Span<UInt8>) -> Int {
    for length in 1...3 where length <= bytes.count {
      let start = bytes.count - length
      if bytes[start] & 0xC0 == 0x80 { continue }
      if case .cut = prefix(of: bytes, at: start) { return length }
      return 0
    }
    return 0
  }
}
