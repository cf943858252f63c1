import GGUF
import GPTOSSKernels
import GPTOSSPlatform

/// A file of the cache folder, open for reading. What it says is checked before it counts.
struct PrefixFile: ~Copyable {
  /// Bytes of the file.
  let byteCount: Int
  private let descriptor: Int32

  /// - Returns: nil if there is no such file, or if it is not a regular one of this user's.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid()
    else {
      close(descriptor)
      return nil
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// The header; nil if it is none.
  var header: PrefixHeader? {
    guard let beginning = read(PrefixHeader.beginningByteCount, at: 0),
      let count = PrefixHeader.byteCount(beginning: beginning), count <= byteCount
    else { return nil }
    return read(count, at: 0).flatMap { PrefixHeader(bytes: $0) }
  }

  /// The full layers' share of a piece, one copy per layer.
  ///
  /// - Parameters:
  ///   - number: the number of the piece.
  ///   - header: the file's own.
  /// - Returns: nil if the file has something else there.
  func piece(_ number: Int, of header: PrefixHeader, seed: UInt64) -> [KeyValueCopy]? {
    copies(
      header.layout.fullLayerCount, of: header.byteCount(ofLayer: header.pieces[number]), number, header, seed
    )
  }

  /// The rings, one copy per sliding layer.
  ///
  /// - Returns: nil if the file has something else there.
  func rings(of header: PrefixHeader, seed: UInt64) -> [KeyValueCopy]? {
    let positions = header.layout.ringPositions(at: header.end)
    return copies(
      header.layout.slidingLayerCount, of: header.byteCount(ofLayer: positions), header.pieces.count, header,
      seed)
  }

  private func copies(
    _ count: Int, of byteCount: Int, _ number: Int, _ header: PrefixHeader, _ seed: UInt64
  ) -> [KeyValueCopy]? {
    var offset = header.byteOffset(ofPiece: number)
    var checksum = seed &+ UInt64(number)
    var copies: [KeyValueCopy] = []
    for _ in 0..<count {
      guard let bytes = read(byteCount, at: offset) else { return nil }
      checksum = XXHash64.hash(bytes, seed: checksum)
      copies.append(KeyValueCopy(bytes: bytes))
      offset += byteCount
    }
    let expected = withUnsafeBytes(of: checksum.littleEndian) { [UInt8]($0) }
    return read(8, at: offset) == expected ? copies : nil
  }

  /// - Returns: nil if the file ends before, or cannot be read.
  private func read(_ count: Int, at offset: Int) -> [UInt8]? {
    let descriptor = descriptor
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let piece = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
        let result = pread(descriptor, piece.baseAddress, piece.count, off_t(offset + initialized))
        if result < 0, errno == EINTR { continue }
        guard result > 0 else { return }
        initialized += result
      }
    }
    return bytes.count == count ? bytes : nil
  }
}

/// A file of the cache folder that is being written.
struct PrefixWriter: ~Copyable {
  private var file: OutputFile
  private let seed: UInt64
  private var pieceCount = 0

  /// - Throws: `GGUFError.Reason` for what the system refuses.
  init(_ path: String, _ header: PrefixHeader) throws(GGUFError.Reason) {
    var file = try OutputFile(path, isOverwriting: true, isPrivate: true)
    try file.write(header.bytes.span.bytes)
    self.file = file
    seed = header.seed
  }

  /// Writes the next piece, or the rings.
  ///
  /// - Throws: `GGUFError.Reason.system`.
  mutating func write(_ copies: [KeyValueCopy]) throws(GGUFError.Reason) {
    var checksum = seed &+ UInt64(pieceCount)
    for copy in copies {
      checksum = XXHash64.hash(copy.bytes, seed: checksum)
      try file.write(copy.bytes.span.bytes)
    }
    try file.write([checksum.littleEndian].span.bytes)
    pieceCount += 1
  }

  /// Gives the file its name.
  ///
  /// - Throws: `GGUFError.Reason.system`; nothing is left then.
  consuming func commit() throws(GGUFError.Reason) { try file.commit() }
}
