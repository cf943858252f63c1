import GPTOSSJSON

/// A set of Unicode code points without surrogates, in ranges that are sorted and apart.
struct CharacterRanges: Equatable {
  private(set) var ranges: [ClosedRange<UInt32>] = []

  static let all = CharacterRanges([0...0xD7FF, 0xE000...0x10FFFF])
  /// What a JSON string has to escape: control characters, quotes and backslashes.
  static let escaped = CharacterRanges([0...0x1F, 0x22...0x22, 0x5C...0x5C])

  init() {}

  init(_ ranges: [ClosedRange<UInt32>]) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
        self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        self.ranges.append(range)
      }
    }
  }

  init(_ text: String) { self.init(text.unicodeScalars.map { $0.value...$0.value }) }

  func union(_ other: CharacterRanges) -> CharacterRanges { CharacterRanges(ranges + other.ranges) }

  func subtracting(_ other: CharacterRanges) -> CharacterRanges {
    var result: [ClosedRange<UInt32>] = []
    var holes = other.ranges[...]
    for range in ranges {
      var lower = range.lowerBound
      while let hole = holes.first, hole.lowerBound <= range.upperBound {
        if hole.lowerBound > lower { result.append(lower...hole.lowerBound - 1) }
        lower = max(lower, hole.upperBound + 1)
        // What reaches beyond this range also cuts the next.
        if hole.upperBound > range.upperBound { break }
        holes.removeFirst()
      }
      if lower <= range.upperBound { result.append(lower...range.upperBound) }
    }
    return CharacterRanges(result)
  }

  func intersection(_ other: CharacterRanges) -> CharacterRanges {
    var result: [ClosedRange<UInt32>] = []
    var others = other.ranges[...]
    for range in ranges {
      while let part = others.first, part.lowerBound <= range.upperBound {
        if part.overlaps(range) { result.append(part.clamped(to: range)) }
        if part.upperBound > range.upperBound { break }
        others.removeFirst()
      }
    }
    return CharacterRanges(result)
  }
}

extension Expressions {
  /// A character of the set. In a JSON string it is escaped only where it must be, in the shortest way.
  mutating func character(_ set: CharacterRanges) -> ID {
    let escaped = escapesCharacters ? CharacterRanges.escaped : CharacterRanges()
    var options: [ID] = []
    for range in set.subtracting(escaped).ranges { options += utf8(range) }
    for range in set.intersection(escaped).ranges {
      for codePoint in range { options.append(literal(JSONValue.escape(UInt8(codePoint)))) }
    }
    return union(options)
  }

  /// Any character in any of the ways in which JSON can write it; surrogates come in pairs.
  mutating func characterInAnyForm() -> ID {
    let hex = bytes("0123456789abcdefABCDEF".utf8)
    let backslash = literal("\\")
    let unpaired = union([
      sequence([bytes("0123456789abcefABCEF".utf8), hex, hex, hex]),
      sequence([bytes("dD".utf8), bytes("01234567".utf8), hex, hex]),
    ])
    let pair = sequence([
      bytes("dD".utf8), bytes("89abAB".utf8), hex, hex, literal("\\u"), bytes("dD".utf8),
      bytes("cdefCDEF".utf8), hex, hex,
    ])
    return union([
      character(.all.subtracting(.escaped)),
      sequence(backslash, bytes("\"\\/bfnrt".utf8)),
      sequence([backslash, literal("u"), union([unpaired, pair])]),
    ])
  }

  /// The bytes of code points that need no escape, split where the shape of UTF-8 changes.
  private mutating func utf8(_ range: ClosedRange<UInt32>) -> [ID] {
    let lengths: [ClosedRange<UInt32>] = [0...0x7F, 0x80...0x7FF, 0x800...0xFFFF, 0x10000...0x10FFFF]
    return lengths.filter { $0.overlaps(range) }.map { length in
      let part = range.clamped(to: length)
      return utf8(Self.encode(part.lowerBound)[...], Self.encode(part.upperBound)[...])
    }
  }

  /// The UTF-8 sequences between two bounds of the same length, both included.
  private mutating func utf8(_ lower: ArraySlice<UInt8>, _ upper: ArraySlice<UInt8>) -> ID {
    guard let low = lower.first, let high = upper.first else { return empty }
    let lowRest = lower.dropFirst()
    let highRest = upper.dropFirst()
    let smallest = lowRest.map { _ in UInt8(0x80) }[...]
    let largest = highRest.map { _ in UInt8(0xBF) }[...]
    if low == high { return sequence(bytes([low]), utf8(lowRest, highRest)) }
    var options = [
      sequence(bytes([low]), utf8(lowRest, largest)), sequence(bytes([high]), utf8(smallest, highRest)),
    ]
    if high - low > 1 { options.append(sequence(bytes(low + 1...high - 1), utf8(smallest, largest))) }
    return union(options)
  }

  private static func encode(_ codePoint: UInt32) -> [UInt8] {
    Unicode.Scalar(codePoint).flatMap { UTF8.encode($0) }.map(Array.init) ?? []
  }
}
