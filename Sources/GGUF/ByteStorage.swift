import GPTOSSPlatform

#if _endian(big)
  #error("GGUF files are little-endian and read in place: this module needs a little-endian machine")
#endif

/// Bytes that stay where they are for as long as the object lives: a mapped file, or memory of its own.
///
/// Unchecked because of the pointer alone: nothing writes through it.
final class ByteStorage: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  /// Of the mapped file; nil for memory of its own.
  private let descriptor: Int32?

  /// Maps a whole file for reading.
  ///
  /// The mapping outlives the file's name, but not its contents: see ``GGUFFile``.
  init(mapping path: String) throws(GGUFError.Reason) {
    // Opening a device can have effects of its own.
    if let kind = specialFileKind(path) { throw .notARegularFile(kind: kind) }
    // Another file may stand there by now: without O_NONBLOCK opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(operation: "open", code: errno) }
    var isTaken = false
    defer { if !isTaken { close(descriptor) } }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(operation: "examine", code: errno) }
    if let kind = specialFileKind(status) { throw .notARegularFile(kind: kind) }
    guard status.st_size > 0 else { throw .notGGUF(found: "an empty file") }

    let count = Int(status.st_size)
    guard let base = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
      throw .system(operation: "map", code: errno)
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
    self.descriptor = descriptor
    isTaken = true
  }

  /// Copies bytes into memory of its own.
  init(copying source: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 16)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(copy)
    descriptor = nil
  }

  deinit {
    if let descriptor {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
      close(descriptor)
    } else {
      bytes.deallocate()
    }
  }

  /// Asks the system to read a range ahead of its use.
  func prefetch(_ range: Range<Int>) {
    advise(from: range.lowerBound, to: range.upperBound, MADV_WILLNEED)
  }

  /// Lets go of the pages that lie wholly within a range; touching them again reads them from the file.
  func release(_ range: Range<Int>) {
    let pages = wholePages(of: range)
    advise(from: pages.lowerBound, to: pages.upperBound, MADV_DONTNEED)
  }

  /// Asks the system to free the memory in which it keeps a range of the file for the next reader.
  ///
  /// Frees nothing of what this process or another has mapped: `release` comes first.
  func evict(_ range: Range<Int>) {
    #if os(Linux)
      let pages = wholePages(of: range)
      guard let descriptor, !pages.isEmpty else { return }
      posix_fadvise(descriptor, pages.lowerBound, pages.count, POSIX_FADV_DONTNEED)
    #endif
  }

  private func wholePages(of range: Range<Int>) -> Range<Int> {
    let page = Int(getpagesize())
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound == bytes.count ? range.upperBound : range.upperBound / page * page
    return start..<max(start, end)
  }

  private func advise(from start: Int, to end: Int, _ advice: some BinaryInteger) {
    let start = start / Int(getpagesize()) * Int(getpagesize())
    guard descriptor != nil, start < end, let base = bytes.baseAddress else { return }
    // Advice that is refused changes nothing about what can be read.
    _ = madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, Int32(advice))
  }
}

/// A range of a storage, which it keeps alive; two are equal if their bytes are.
struct ByteRegion: Hashable, Sendable {
  let storage: ByteStorage
  let range: Range<Int>

  init(_ storage: ByteStorage, _ range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  init(copying bytes: [UInt8]) {
    self.init(ByteStorage(copying: bytes), 0..<bytes.count)
  }

  /// Valid while the storage lives.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: storage.bytes[range])
  }

  static func == (a: ByteRegion, b: ByteRegion) -> Bool {
    a.range.count == b.range.count && a.bytes.elementsEqual(b.bytes)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(bytes: bytes)
  }
}
