/// The lines of a .tiktoken file: a token's bytes in base64, a space, and its id.
struct TiktokenFile {
  private struct Line {
    var id: Int
    /// Where the token's bytes are.
    var bytes: Range<Int>
  }

  private var lines: [Line] = []
  private var bytes: [UInt8] = []

  /// Reads the lines; empty ones are skipped.
  init(_ contents: [UInt8]) throws(TokenizerError) {
    lines.reserveCapacity(contents.count / 16)
    bytes.reserveCapacity(contents.count)
    var malformed: Int?
    contents.withUnsafeBufferPointer { contents in
      var number = 0
      var offset = 0
      while offset < contents.count, malformed == nil {
        number += 1
        let rest = contents[offset...]
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? contents.count
        if !readLine(UnsafeBufferPointer(rebasing: contents[offset..<end])) { malformed = number }
        offset = end + 1
      }
    }
    if let malformed { throw .malformedLine(line: malformed) }
    if zip(lines, lines.dropFirst()).contains(where: { $0.id > $1.id }) { lines.sort { $0.id < $1.id } }
  }

  /// - Returns: whether the line is well-formed.
  private mutating func readLine(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    var line = line
    if line.last == UInt8(ascii: "\r") { line = UnsafeBufferPointer(rebasing: line.dropLast()) }
    if line.isEmpty { return true }
    let start = bytes.count
    guard let base64End = Base64.decodePrefix(of: line, into: &bytes), base64End < line.count,
      line[base64End] == UInt8(ascii: " "), base64End + 1 < line.count, line.count - base64End < 18
    else { return false }
    var id = 0
    for digit in line[(base64End + 1)...] {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return false }
      id = id * 10 + Int(digit - UInt8(ascii: "0"))
    }
    lines.append(Line(id: id, bytes: start..<bytes.count))
    return true
  }

  /// The file's tokens and the special ones in order of id; ids that neither has get empty tokens.
  func makeList(specialTokens: SpecialTokens) throws(TokenizerError) -> TokenList {
    var list = TokenList()
    list.reserve(bytes: bytes.count, tokens: lines.count + specialTokens.tokens.count)
    var rest = specialTokens.tokens[...]
    func appendSpecialTokens(through id: Int) throws(TokenizerError) {
      while let special = rest.first, special.id <= id {
        rest.removeFirst()
        try list.fill(before: special.id)
        guard special.id == list.count else { throw .specialTokenTaken(special.text, special.id) }
        try list.appendSpecial(special.text)
      }
    }
    try bytes.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
      for line in lines {
        try appendSpecialTokens(through: line.id - 1)
        try list.fill(before: line.id)
        guard line.id == list.count else { throw .duplicateTokenID(line.id) }
        try list.append(UnsafeBufferPointer(rebasing: bytes[line.bytes]))
      }
    }
    try appendSpecialTokens(through: Int.max)
    return list
  }
}

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
  private static let invalid: UInt8 = 0xFF
  private static let values: Table<UInt8> = {
    let values = Table(repeating: invalid, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// Appends the bytes that the base64 at the start of `text` stands for.
  ///
  /// - Returns: where the base64 ends, or `nil` if it is malformed.
  static func decodePrefix(of text: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) -> Int? {
    let values = values.base
    var bits: UInt32 = 0
    var count = 0
    var index = 0
    while index < text.count, case let value = values[Int(text[index])], value != invalid {
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
      index += 1
    }
    // 2 or 4 bits are left over where 2 or 1 characters of padding are needed, and they are zero.
    guard count < 6, bits & (1 << UInt32(count) - 1) == 0 else { return nil }
    for _ in 0..<(count / 2) {
      guard index < text.count, text[index] == UInt8(ascii: "=") else { return nil }
      index += 1
    }
    return index
  }
}
