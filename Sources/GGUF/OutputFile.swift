import GPTOSSPlatform

/// `write(2)`, under a name that the methods below do not hide.
private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, start, count)
}

/// A file that appears under its name all at once, when it is complete.
///
/// Until then it has a name of its own in the same folder; whoever drops it before ``commit()`` removes it. What
/// a writer left that was killed is removed by the next one of a file of that name: a writer at work holds a
/// lock on its file.
package struct OutputFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private let isOverwriting: Bool
  // The next three are set in the initializer: the compiler of Swift 6.2 fails on default values where it
  // throws.
  private var isCommitted: Bool
  private var buffer: [UInt8]
  /// The number of bytes written, those in the buffer included.
  private var count: Int

  private static let bufferSize = 1 << 20

  /// Makes the file under its temporary name.
  ///
  /// - Parameters:
  ///   - path: the file's name.
  ///   - isOverwriting: whether the file may replace another of that name.
  ///   - isPrivate: whether the file is for its owner alone.
  /// - Throws: `GGUFError.Reason.notARegularFile` if something else has the name, `.alreadyExists` if a file
  ///   has it that is not to be replaced, `.system` for what the system refuses.
  package init(
    _ path: String, isOverwriting: Bool, isPrivate: Bool = false
  ) throws(GGUFError.Reason) {
    if let kind = specialFileKind(path) { throw .notARegularFile(kind: kind) }
    if !isOverwriting, access(path, F_OK) == 0 { throw .alreadyExists }
    Leftovers.remove(of: path)
    var temporaryPath: String
    var descriptor: Int32
    var isOurs = false
    repeat {
      temporaryPath = Leftovers.temporaryPath(of: path)
      descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
      guard descriptor >= 0 || errno == EEXIST else { throw .system(operation: "create", code: errno) }
      isOurs = descriptor >= 0 && Leftovers.claim(descriptor)
      if descriptor >= 0, !isOurs { close(descriptor) }
    } while !isOurs
    self.path = path
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
    self.isOverwriting = isOverwriting
    isCommitted = false
    count = 0
    buffer = []
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    guard !isCommitted else { return }
    close(descriptor)
    unlink(temporaryPath)
  }

  /// Writes the next bytes, by way of a buffer.
  ///
  /// - Throws: `GGUFError.Reason.system`.
  package mutating func write(_ bytes: RawSpan) throws(GGUFError.Reason) {
    count += bytes.byteCount
    if buffer.count + bytes.byteCount > Self.bufferSize { try flush() }
    if bytes.byteCount >= Self.bufferSize {
      try send(bytes)
    } else {
      bytes.withUnsafeBytes { buffer.append(contentsOf: $0) }
    }
  }

  /// Writes zeros up to a multiple of a power of two.
  mutating func pad(to alignment: Int) throws(GGUFError.Reason) {
    var missing = (alignment - count % alignment) % alignment
    let zeros = [UInt8](repeating: 0, count: min(missing, Self.bufferSize))
    while missing > 0 {
      let piece = min(missing, zeros.count)
      try write(zeros.span.extracting(first: piece).bytes)
      missing -= piece
    }
  }

  /// Leaves out bytes, which read as zeros and take no room on the disk.
  ///
  /// - Throws: `GGUFError.Reason.system`.
  mutating func skip(_ byteCount: Int) throws(GGUFError.Reason) {
    try flush()
    count += byteCount
    guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, off_t(count), SEEK_SET) >= 0 else {
      throw .system(operation: "write", code: errno)
    }
  }

  /// Sends everything to the disk and gives the file its name.
  ///
  /// - Throws: `GGUFError.Reason.system`, or `.alreadyExists` if meanwhile there is a file of that name that
  ///   is not to be replaced; no new file is left then.
  package consuming func commit() throws(GGUFError.Reason) {
    try flush()
    // Without this a loss of power soon after could leave the name on a file without its contents.
    guard fsync(descriptor) == 0 else { throw .system(operation: "write", code: errno) }
    try takeName()
    isCommitted = true
    close(descriptor)
  }

  private func takeName() throws(GGUFError.Reason) {
    // Unlike a renamed file, a second name never takes another file's place.
    if !isOverwriting, link(temporaryPath, path) == 0 {
      unlink(temporaryPath)
      return
    }
    if !isOverwriting, errno == EEXIST || access(path, F_OK) == 0 { throw .alreadyExists }
    // Some file systems have no second names.
    guard rename(temporaryPath, path) == 0 else { throw .system(operation: "name", code: errno) }
  }

  private mutating func flush() throws(GGUFError.Reason) {
    try send(buffer.span.bytes)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Hands bytes to the system, which may take them in several steps.
  private func send(_ bytes: RawSpan) throws(GGUFError.Reason) {
    var sent = 0
    while sent < bytes.byteCount {
      // Linux takes at most 2 GiB at once, macOS refuses more.
      let piece = bytes.extracting(sent..<min(sent + 1 << 30, bytes.byteCount))
      let result = piece.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if result < 0 {
        if errno == EINTR { continue }
        throw .system(operation: "write", code: errno)
      }
      sent += result
    }
  }
}
