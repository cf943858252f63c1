extension BlockExplanation: CustomStringConvertible {
  /// The block drawn for people: its fields with their bytes, then one line per weight.
  public var description: String {
    var lines = ["\(format.name): \(bytes.count) bytes for \(weights.count) weights", ""] + fieldLines
    var index = 0
    for group in groups {
      let sum = group.offset == 0 ? "" : (group.offset < 0 ? " − " : " + ") + group.offset.magnitude.text
      lines += ["", "  weight = \(group.scale.text) · level\(sum)"]
      lines.append("  \("index".padded(to: 8))\("stored".padded(to: 12))\("level".padded(to: 16))weight")
      for (stored, level) in zip(group.stored, group.levels) {
        let row = ["\(index)".padded(to: 8), "\(stored)".padded(to: 12), level.text.padded(to: 16)]
        lines.append("  \(row.joined())\(weights[index].text)")
        index += 1
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The fields with their bytes, which are counted from the block's first.
  package var fieldLines: [String] {
    fields.flatMap { field in
      let (first, last) = (field.byteRange.lowerBound, field.byteRange.upperBound - 1)
      let range = first == last ? "byte \(first)" : "bytes \(first)–\(last)"
      let rows = stride(from: first, through: last, by: 16).map { row in
        let bytes = bytes[row...min(row + 15, last)].map(\.hexadecimal)
        return "  \("".padded(to: 15))\(bytes.joined(separator: " "))"
      }
      return ["  \(range.padded(to: 15))\(field.name.padded(to: 8))\(field.meaning)"] + rows
    }
  }
}

extension BlockExplanation: Encodable {
  private enum CodingKeys: String, CodingKey { case format, bytes, fields, groups, weights }
  private enum FieldKeys: String, CodingKey { case name, offset, count, meaning }
  private enum GroupKeys: String, CodingKey { case scale, offset, stored, levels }

  /// Encodes what `description` draws.
  ///
  /// `bytes` is hexadecimal. Numbers that JSON has no way to write are the strings `inf`, `-inf` and
  /// `nan`; all others have the digits that give the same float32 back.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(format.name, forKey: .format)
    try container.encode(bytes.map(\.hexadecimal).joined(), forKey: .bytes)
    var fieldList = container.nestedUnkeyedContainer(forKey: .fields)
    for field in fields {
      var item = fieldList.nestedContainer(keyedBy: FieldKeys.self)
      try item.encode(field.name, forKey: .name)
      try item.encode(field.byteRange.lowerBound, forKey: .offset)
      try item.encode(field.byteRange.count, forKey: .count)
      try item.encode(field.meaning, forKey: .meaning)
    }
    var groupList = container.nestedUnkeyedContainer(forKey: .groups)
    for group in groups {
      var item = groupList.nestedContainer(keyedBy: GroupKeys.self)
      try item.encode(PlainFloat(group.scale), forKey: .scale)
      try item.encode(PlainFloat(group.offset), forKey: .offset)
      try item.encode(group.stored, forKey: .stored)
      try item.encode(group.levels.map(PlainFloat.init), forKey: .levels)
    }
    try container.encode(weights.map(PlainFloat.init), forKey: .weights)
  }
}

/// A float that encodes as a number if it is one that JSON can write, and as its name otherwise.
private struct PlainFloat: Encodable {
  let value: Float

  init(_ value: Float) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite {
      try container.encode(value)
    } else {
      try container.encode(value.text)
    }
  }
}

extension Float {
  /// The shortest text that gives the same float back, NaN without sign and payload.
  fileprivate var text: String { isNaN ? "nan" : "\(self)" }
}

extension String {
  /// The text with spaces after it, at least one.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(width - count, 1))
  }
}

extension UInt8 {
  /// Two hexadecimal digits.
  fileprivate var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16) }
}
