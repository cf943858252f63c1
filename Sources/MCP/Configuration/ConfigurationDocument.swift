import GPTOSSJSON

/// The JSON of a configuration, and where its keys stand.
struct ConfigurationDocument {
  let root: JSONValue
  let file: String
  let environment: [String: String]
  private let bytes: [UInt8]

  /// The most bytes of a file.
  private static let limit = 1 << 20

  /// - Throws: `MCPError.configuration` for what is no JSON object.
  init(_ text: [UInt8], file: String, environment: [String: String]) throws(MCPError) {
    (self.file, self.environment) = (file, environment)
    let hasMark = text.starts(with: [0xEF, 0xBB, 0xBF])
    bytes = Self.withoutComments(hasMark ? Array(text.dropFirst(3)) : text)
    func fault(_ problem: String, line: Int?) -> MCPError {
      .configuration(file: file, line: line, key: "", problem: problem)
    }
    guard text.count <= Self.limit else { throw fault("has more than \(Self.limit) bytes", line: nil) }
    do throws(JSONError) {
      root = try JSONValue(parsing: bytes)
    } catch {
      guard case .malformed(let problem, let offset) = error else { throw fault("\(error)", line: nil) }
      throw fault("malformed JSON: \(problem)", line: Self.line(at: offset, bytes))
    }
    guard root.objectValue != nil else { throw fault("has to be a JSON object", line: 1) }
  }

  /// What is wrong with the value that a path of keys leads to.
  func fault(_ path: [String], _ problem: String) -> MCPError {
    var locator = KeyLocator(bytes)
    let line = locator.offset(of: path).map { Self.line(at: $0, bytes) }
    return .configuration(
      file: file, line: line ?? 1, key: path.joined(separator: "."), problem: problem)
  }

  private static func line(at offset: Int, _ bytes: [UInt8]) -> Int {
    1 + bytes.prefix(offset).count { $0 == 0x0A }
  }

  /// The text with spaces in place of comments, and of commas before closing brackets: every byte stays
  /// where it is.
  static func withoutComments(_ text: [UInt8]) -> [UInt8] {
    var bytes = text
    var index = 0
    var comma: Int?
    func starts(_ word: StaticString) -> Bool {
      index + 1 < bytes.count && bytes[index] == word.utf8Start[0] && bytes[index + 1] == word.utf8Start[1]
    }
    func blank() {
      if bytes[index] != 0x0A { bytes[index] = 0x20 }
      index += 1
    }
    while index < bytes.count {
      if starts("//") {
        while index < bytes.count, bytes[index] != 0x0A { blank() }
      } else if starts("/*") {
        for _ in 0..<2 { blank() }
        while index < bytes.count, !starts("*/") { blank() }
        for _ in 0..<2 where index < bytes.count { blank() }
      } else {
        switch bytes[index] {
        case UInt8(ascii: "\""):
          comma = nil
          index += 1
          while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
          }
        case UInt8(ascii: ","): comma = index
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if let comma { bytes[comma] = 0x20 }
          comma = nil
        case 0x09, 0x0A, 0x0D, 0x20: break
        default: comma = nil
        }
        index += 1
      }
    }
    return bytes
  }
}

/// Finds where a key stands in JSON that is known to be well formed.
struct KeyLocator {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The offset of the last key of a path; of the last one that is there, if the rest is missing.
  mutating func offset(of path: [String]) -> Int? {
    index = 0
    var found: Int?
    for key in path {
      guard let place = find(key) else { break }
      found = place
    }
    return found
  }

  /// Goes to the value of a key of the object that comes next; the last one, as the parser does.
  private mutating func find(_ key: String) -> Int? {
    skipSpace()
    guard peek() == UInt8(ascii: "{") else { return nil }
    index += 1
    var (place, value): (Int?, Int) = (nil, index)
    while true {
      skipSpace()
      guard peek() == UInt8(ascii: "\"") else { break }
      let start = index
      skipString()
      let isKey: Bool
      do { isKey = try JSONValue(parsing: Array(bytes[start..<index])) == .string(key) } catch { break }
      skipSpace()
      index += 1
      if isKey { (place, value) = (start, index) }
      skipValue()
      skipSpace()
      guard peek() == UInt8(ascii: ",") else { break }
      index += 1
    }
    index = value
    return place
  }

  private mutating func skipValue() {
    var depth = 0
    skipSpace()
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        skipString()
        if depth == 0 { return }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
        if depth == 0 {
          index += 1
          return
        }
      case UInt8(ascii: ",") where depth == 0: return
      default: break
      }
      index += 1
    }
  }

  private mutating func skipString() {
    index += 1
    while let byte = peek(), byte != UInt8(ascii: "\"") { index += byte == UInt8(ascii: "\\") ? 2 : 1 }
    index += 1
  }

  private mutating func skipSpace() {
    while let byte = peek(), [0x20, 0x0A, 0x0D, 0x09].contains(byte) { index += 1 }
  }

  private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }
}
