import Foundation
import GPTOSSPlatform

/// Reads a file, a pipe or a terminal as bytes come in.
package struct ByteReader: ~Copyable {
  private let input: Input
  private let descriptor: Int32
  private static let chunkSize = 1 << 16
  /// How many milliseconds to wait for input before checking again whether the command was cancelled.
  private static let patience: Int32 = 100

  /// Opens a file; standard input is open already.
  ///
  /// - Throws: `TerminalError.unreadable`, also for a folder, a socket or a device.
  package init(_ input: Input) throws(TerminalError) {
    descriptor = try Self.open(input)
    self.input = input
  }

  private static func open(_ input: Input) throws(TerminalError) -> Int32 {
    if input.path == "-" { return STDIN_FILENO }
    if let kind = unreadableFileKind(input.path) {
      throw .unreadable(path: input.name, reason: "it is \(kind), not a file")
    }
    // Without O_NONBLOCK opening a named pipe would wait for a writer, and Ctrl-C could not end that.
    let descriptor = Foundation.open(input.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(input) }
    return descriptor
  }

  deinit {
    if descriptor > STDIN_FILENO { close(descriptor) }
  }

  /// The next bytes, at least one; nil at the end.
  ///
  /// - Throws: `TerminalError.unreadable`; `CancellationError` soon after the task is cancelled, even while
  ///   nothing comes in.
  package func next() throws -> [UInt8]? {
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

  /// What has come in, or else what comes next. No bytes at the end; nil if a signal came first, or nothing.
  func read() throws(TerminalError) -> [UInt8]? {
    var count = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, initialized in
      count = Foundation.read(descriptor, buffer.baseAddress, Self.chunkSize)
      initialized = max(count, 0)
    }
    if count < 0, errno != EINTR, errno != EAGAIN { throw Self.failure(input) }
    return count < 0 ? nil : chunk
  }

  private static func failure(_ input: Input) -> TerminalError {
    .unreadable(path: input.name, reason: systemMessage(errno))
  }
}
