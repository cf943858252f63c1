/// Gives the tools of all servers names that the model can call: `server_tool`, legal and unique.
///
/// A tool keeps its name as long as it is known, and no other gets it.
package struct ToolNames {
  private struct Key: Hashable {
    let server: String
    let tool: String
  }

  private var names: [Key: String] = [:]
  private var taken: Set<String> = []

  static let limit = 64
  private static let digitCount = 8

  package init() {}

  package mutating func name(of tool: String, server: String) -> String {
    let key = Key(server: server, tool: tool)
    if let known = names[key] { return known }
    let plain = Self.legal("\(server)_\(tool)")
    let isWhole = plain.utf8.count <= Self.limit
    var name = isWhole ? plain : Self.marked(plain, key, attempt: 0)
    var attempt = 0
    while !taken.insert(name).inserted {
      attempt += 1
      name = Self.marked(plain, key, attempt: attempt)
    }
    names[key] = name
    return name
  }

  /// The text with `_` in place of what names cannot have.
  private static func legal(_ text: String) -> String {
    String(
      decoding: text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          byte
        default: UInt8(ascii: "_")
        }
      }, as: UTF8.self)
  }

  /// The name with digits at its end that follow from what it stands for.
  private static func marked(_ plain: String, _ key: Key, attempt: Int) -> String {
    // FNV-1a: the same in every run, which the standard library's hash is not.
    var hash: UInt32 = 0x811C_9DC5
    for byte in "\(key.server)\u{0}\(key.tool)\u{0}\(attempt)".utf8 {
      hash = (hash ^ UInt32(byte)) &* 0x0100_0193
    }
    let digits = String(hash, radix: 16)
    let mark = "_" + String(repeating: "0", count: digitCount - digits.count) + digits
    return plain.prefix(limit - mark.utf8.count) + mark
  }
}
