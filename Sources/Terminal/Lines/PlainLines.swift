import GPTOSSPlatform

/// Lines as they come, from a pipe, a file, or a terminal that cannot move its cursor.
///
/// Lines end at `\n` or `\r\n`.
package actor PlainLines: LineSource {
  private let thread = LineThread()
  private let reader: ByteReader
  private let prompt: String?
  private var unread: [UInt8] = []
  private var isAtEnd = false
  private var number = 0

  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// - Parameter prompt: what asks a person for a line; nil where nobody sits.
  /// - Throws: `TerminalError.unreadable`.
  package init(prompt: String?) throws(TerminalError) {
    reader = try ByteReader(Input(path: "-"))
    self.prompt = prompt
  }

  package func line() throws -> Line {
    if let prompt { StandardError.write(prompt) }
    while let line = try next() {
      if line.contains(where: { !$0.isWhitespace }) { return .text(line) }
      if let prompt { StandardError.write(prompt) }
    }
    return .end
  }

  package func answer(to question: String) throws -> Line {
    StandardError.write(question.inert)
    let line = try next()
    // What a person types is on the screen already.
    if prompt == nil { StandardError.write("\(line?.inert ?? "")\n") }
    return line.map { .text($0) } ?? .end
  }

  private func next() throws -> String? {
    var end = unread.firstIndex(of: UInt8(ascii: "\n"))
    while end == nil, !isAtEnd {
      let searched = unread.count
      if let chunk = try reader.next() { unread += chunk } else { isAtEnd = true }
      end = unread[searched...].firstIndex(of: UInt8(ascii: "\n"))
    }
    guard end != nil || !unread.isEmpty else { return nil }
    number += 1
    var bytes = unread[..<(end ?? unread.endIndex)]
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard let line = String(validating: bytes, as: UTF8.self) else {
      throw TerminalError.lineIsNotText(number)
    }
    unread = end.map { Array(unread[($0 + 1)...]) } ?? []
    return line
  }
}
