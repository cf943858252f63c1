/// Cuts a stream of bytes into lines of bounded length.
package struct LineSplitter {
  package enum Piece: Equatable {
    case line([UInt8])
    /// A line that was too long; its bytes are gone.
    case tooLong
  }

  private let limit: Int
  private var line: [UInt8] = []
  private var isSkipping = false

  package init(limit: Int) { self.limit = limit }

  /// Takes what came, and gives the lines that end in it, without their ends and without blank ones.
  package mutating func take(_ bytes: some Collection<UInt8>) -> [Piece] {
    var pieces: [Piece] = []
    for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if part.offset > 0 { pieces += endLine() }
      add(part.element, &pieces)
    }
    return pieces
  }

  /// The last line, if it has no end.
  package mutating func finish() -> [Piece] { endLine() }

  private mutating func add(_ bytes: some Collection<UInt8>, _ pieces: inout [Piece]) {
    guard !isSkipping else { return }
    guard line.count + bytes.count <= limit else {
      (line, isSkipping) = ([], true)
      pieces.append(.tooLong)
      return
    }
    line += bytes
  }

  private mutating func endLine() -> [Piece] {
    defer { (line, isSkipping) = ([], false) }
    if line.last == 0x0D { line.removeLast() }
    return line.isEmpty || isSkipping ? [] : [.line(line)]
  }
}

/// The last lines that a program wrote to standard error.
struct LastLines {
  private static let count = 4
  private static let length = 160
  private var splitter = LineSplitter(limit: 1 << 16)
  private(set) var lines: [String] = []

  mutating func take(_ bytes: some Collection<UInt8>) { add(splitter.take(bytes)) }

  mutating func finish() { add(splitter.finish()) }

  private mutating func add(_ pieces: [LineSplitter.Piece]) {
    for case .line(let bytes) in pieces {
      // Pictures of frames are mostly space.
      let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      let text = words.joined(separator: " ")
      if !text.isEmpty { lines.append(text.count > Self.length ? text.prefix(Self.length) + "…" : text) }
    }
    lines.removeFirst(max(0, lines.count - Self.count))
  }
}
