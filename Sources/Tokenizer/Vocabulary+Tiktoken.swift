#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Vocabulary {
  /// Reads a vocabulary from a .tiktoken file: a line a token, its bytes in base64, a space and its id.
  ///
  /// The file has no merges: two tokens merge if their bytes together are a token, the lowest id first.
  ///
  /// - Parameters:
  ///   - path: the file, such as `o200k_base.tiktoken`.
  ///   - specialTokens: not in the file.
  /// - Throws: `TokenizerError` if the file cannot be read or is malformed, if tokens are double, or if a
  ///   single byte has no token.
  public convenience init(
    tiktoken path: String, specialTokens: SpecialTokens = .o200kHarmony
  ) throws(TokenizerError) {
    try self.init(tiktokenFile: Self.readFile(path), specialTokens: specialTokens)
  }

  /// The same from the contents of such a file.
  public convenience init(
    tiktokenFile contents: [UInt8], specialTokens: SpecialTokens = .o200kHarmony
  ) throws(TokenizerError) {
    var list = TokenList()
    list.reserve(bytes: contents.count / 2, tokens: contents.count / 16)
    try TiktokenFile.read(contents, specialTokens: specialTokens, into: &list)
    let (table, byteTokens) = try list.makeTokenTable()
    var merges = MergeList()
    for token in list.ordinaryTokens { try merges.appendSplits(of: token, in: table) }
    try self.init(
      tokenTable: table, pieceTable: table, mergeTable: merges.makeTable(), byteTokens: byteTokens,
      specialTokens: specialTokens)
  }

  private static func readFile(_ path: String) throws(TokenizerError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw .unreadableFile(path: path, errorNumber: errno) }
    defer { close(descriptor) }
    var contents: [UInt8] = []
    let chunkSize = 1 << 20
    while true {
      var byteCount = 0
      contents.append(addingCapacity: chunkSize) { span in
        span.withUnsafeMutableBufferPointer { buffer, initialized in
          byteCount = read(descriptor, buffer.baseAddress, chunkSize)
          initialized = max(byteCount, 0)
        }
      }
      guard byteCount >= 0 else { throw .unreadableFile(path: path, errorNumber: errno) }
      if byteCount == 0 { return contents }
    }
  }
}

/// The lines of a .tiktoken file.
enum TiktokenFile {
  private struct Line {
    var id: Int
    var number: Int
    var base64: Range<Int>
  }

  /// Adds the file's tokens and the special ones to `list` in order of id; ids that neither has get
  /// empty tokens.
  static func read(
    _ contents: [UInt8], specialTokens: SpecialTokens, into list: inout TokenList
  ) throws(TokenizerError) {
    var lines = try lines(of: contents)
    if zip(lines, lines.dropFirst()).contains(where: { $0.id > $1.id }) { lines.sort { $0.id < $1.id } }
    var nextSpecial = specialTokens.tokens[...]
    for line in lines {
      try fill(&list, upTo: line.id, from: &nextSpecial)
      guard line.id >= list.tokenCount else { throw .duplicateTokenID(line.id) }
      try list.appendToken(isOrdinary: true) { (bytes: inout [UInt8]) throws(TokenizerError) in
        guard Base64.append(contents[line.base64], to: &bytes) else { throw .malformedLine(line: line.number) }
      }
    }
    try fill(&list, upTo: (nextSpecial.last?.id ?? -1) + 1, from: &nextSpecial)
  }

  /// Adds special tokens, and empty ones in the gaps, for all ids below `id`.
  private static func fill(
    _ list: inout TokenList, upTo id: Int, from specialTokens: inout ArraySlice<(text: String, id: TokenID)>
  ) throws(TokenizerError) {
    guard id <= MergeTable.tokenLimit else { throw .tokenIDTooLarge(id, limit: MergeTable.tokenLimit - 1) }
    while list.tokenCount < id {
      if let special = specialTokens.first, special.id <= list.tokenCount {
        guard special.id == list.tokenCount else { throw .specialTokenTaken(special.text, special.id) }
        specialTokens.removeFirst()
        try list.appendSpecialToken(special.text)
      } else {
        try list.appendToken(isOrdinary: false) { _ in }
      }
    }
  }

  private static func lines(of contents: [UInt8]) throws(TokenizerError) -> [Line] {
    var lines: [Line] = []
    lines.reserveCapacity(contents.count / 16)
    var offset = 0
    var number = 0
    while offset < contents.count {
      number += 1
      var space: Int?
      var end = offset
      while end < contents.count, contents[end] != UInt8(ascii: "\n") {
        if contents[end] == UInt8(ascii: " ") { space = end }
        end += 1
      }
      defer { offset = end + 1 }
      let lineEnd = end > offset && contents[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
      if lineEnd == offset { continue }
      guard let space, space > offset, let id = decimal(contents[(space + 1)..<max(lineEnd, space + 1)]) else {
        throw .malformedLine(line: number)
      }
      lines.append(Line(id: id, number: number, base64: offset..<space))
    }
    return lines
  }

  private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value = 0
    for digit in digits {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
  private static let invalid: UInt8 = 0xFF
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: invalid, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// Appends the bytes that `text` stands for.
  ///
  /// - Returns: whether it was base64; if not, some bytes may have been appended.
  static func append(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) -> Bool {
    guard text.count % 4 == 0 else { return false }
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    var bits: UInt32 = 0
    var count = 0
    for character in text.dropLast(padding) {
      let value = values[Int(character)]
      if value == invalid { return false }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bits & (1 << UInt32(count) - 1) == 0
  }
}
