import Foundation

/// Where a command reads from: a file, or standard input where the path is `-`.
struct Input {
  let path: String

  /// What error messages call it.
  var name: String { path == "-" ? "standard input" : path }

  /// All bytes.
  func readBytes() throws -> [UInt8] {
    var reader = try ByteReader(self)
    var bytes: [UInt8] = []
    while let chunk = try reader.next() { bytes += chunk }
    return bytes
  }

  /// All bytes as text.
  func readText() throws -> String {
    guard let text = String(validating: try readBytes(), as: UTF8.self) else {
      throw RunnerError.notText(path: name)
    }
    return text
  }

  /// Calls `body` with one line after the other, as they come in, and its number from 1.
  ///
  /// Lines end at `\n` alone: U+2028 and others may stand inside a line. Blank lines are passed over.
  func forEachLine(_ body: (Int, [UInt8]) throws -> Void) throws {
    var reader = try ByteReader(self)
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

/// Reads a file as it comes in.
private struct ByteReader: ~Copyable {
  private let input: Input
  private let descriptor: Int32
  private static let chunkSize = 1 << 16
  /// Milliseconds between looks at whether the command was cancelled.
  private static let patience: Int32 = 100

  init(_ input: Input) throws(RunnerError) {
    self.input = input
    descriptor = input.path == "-" ? STDIN_FILENO : open(input.path, O_RDONLY)
    guard descriptor >= 0 else { throw Self.failure(input) }
  }

  deinit {
    if descriptor > STDIN_FILENO { close(descriptor) }
  }

  /// The next bytes, at least one; nil at the end.
  ///
  /// - Throws: `RunnerError.unreadable`; `CancellationError` soon after Ctrl-C, even while nothing comes in.
  mutating func next() throws -> [UInt8]? {
    while true {
      try Task.checkCancellation()
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&state, 1, Self.patience) == 0 { continue }
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, initialized in
        count = read(descriptor, buffer.baseAddress, Self.chunkSize)
        initialized = max(count, 0)
      }
      if count > 0 { return chunk }
      if count == 0 { return nil }
      guard errno == EINTR else { throw Self.failure(input) }
    }
  }

  private static func failure(_ input: Input) -> RunnerError {
    .unreadable(path: input.name, reason: String(cString: strerror(errno)))
  }
}

extension UInt8 {
  /// Whether this is a space, a tab or a carriage return.
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}
