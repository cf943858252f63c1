/// Where a program reads from: a file, or standard input where the path is `-`.
package struct Input {
  package let path: String

  package init(path: String) { self.path = path }

  /// The input's name in error messages.
  package var name: String { path == "-" ? "standard input" : path }

  /// All bytes.
  ///
  /// - Throws: `TerminalError.unreadable`; `CancellationError`.
  package func readBytes() throws -> [UInt8] {
    let reader = try ByteReader(self)
    var bytes: [UInt8] = []
    while let chunk = try reader.next() { bytes += chunk }
    return bytes
  }

  /// All bytes as text.
  ///
  /// - Throws: `TerminalError.unreadable`, `.notText`; `CancellationError`.
  package func readText() throws -> String {
    guard let text = String(validating: try readBytes(), as: UTF8.self) else {
      throw TerminalError.notText(path: name)
    }
    return text
  }

  /// Calls `body` with the number of each line, counted from 1, and the line, as lines come in.
  ///
  /// Lines end at `\n` alone: U+2028 and others may stand inside a line. Blank lines are skipped.
  ///
  /// - Throws: `TerminalError.unreadable`; `CancellationError`; what `body` throws.
  package func forEachLine(_ body: (Int, [UInt8]) throws -> Void) throws {
    let reader = try ByteReader(self)
    var number = 0
    var line: [UInt8] = []
    func finishLine() throws {
      number += 1
      if line.contains(where: { !$0.isBlank }) { try body(number, line) }
      line.removeAll(keepingCapacity: true)
    }
    while let chunk = try reader.next() {
      var rest = chunk[...]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line += rest[..<end]
        try finishLine()
        rest = rest[(end + 1)...]
      }
      line += rest
    }
    if !line.isEmpty { try finishLine() }
  }
}

extension UInt8 {
  /// Whether this is a space, a tab or a carriage return.
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}
