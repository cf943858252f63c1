import Foundation

/// Reads a file, a pipe or a terminal as bytes come in.
struct ByteReader: ~Copyable {
  private let input: Input
  private let descriptor: Int32
  private static let chunkSize = 1 << 16
  /// Milliseconds between looks at whether the command was cancelled.
  static let patience: Int32 = 100

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
  func next() throws -> [UInt8]? {
    while true {
      try Task.checkCancellation()
      if wait(), let chunk = try read() { return chunk.isEmpty ? nil : chunk }
    }
  }

  /// Waits a little; false if nothing came in.
  func wait() -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let count = poll(&state, 1, Self.patience)
    return count > 0 || count < 0 && errno != EINTR
  }

  /// What has come in, or waits for it: no bytes at the end, nil if a signal came first.
  func read() throws(RunnerError) -> [UInt8]? {
    var count = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, initialized in
      count = Foundation.read(descriptor, buffer.baseAddress, Self.chunkSize)
      initialized = max(count, 0)
    }
    if count < 0, errno != EINTR { throw Self.failure(input) }
    return count < 0 ? nil : chunk
  }

  private static func failure(_ input: Input) -> RunnerError {
    .unreadable(path: input.name, reason: String(cString: strerror(errno)))
  }
}
