import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import struct FoundationEssentials.URL
#else
  public import struct Foundation.URL
#endif

/// A GGUF file, mapped into memory: metadata, tensor directory, and the tensors' bytes.
///
/// ```swift
/// let file = try GGUFFile(path: "gpt-oss-20b.gguf")
/// let layers = try file.metadata.integer("gpt-oss.block_count")
/// for tensor in file.tensors { print(tensor.name, tensor.dimensions, tensor.type) }
/// ```
///
/// Reads versions 2 and 3, with any power-of-two alignment. Of a split file, opening any part opens
/// all of them. Opening checks the whole header and that every tensor lies inside its file, in time
/// proportional to the header; tensor data is not touched.
///
/// **A file that changes while it is open.** The file is mapped, not copied. Replacing it under its
/// name (as ``GGUFWriter`` does) is safe: the mapping keeps the old contents. Truncating it in place is
/// not: the system answers access to a page past the new end with the signal `SIGBUS`, which ends the
/// process, and no library can turn that into an error reliably. Overwriting it in place changes the
/// tensors seen here; metadata arrays, which are read on demand, are checked against their bounds again
/// and stop the process if what was a length no longer is one.
public final class GGUFFile: Sendable {
  /// The path that the file was opened by.
  public let path: String

  /// The version of the format, 2 or 3.
  public let version: UInt32

  /// The metadata, of the first part if there are several.
  public let metadata: GGUFMetadata

  /// All tensors in the order of the directory, part after part.
  public let tensors: [GGUFTensor]

  /// The paths of the files that hold the tensors; ``GGUFTensor/part`` counts along them.
  public let partPaths: [String]

  private let storages: [ByteStorage]
  private let positions: [String: Int]

  /// Opens a file, or the set of files that it is part of.
  ///
  /// - Parameter path: the file, or any part of a split file.
  /// - Throws: ``GGUFError`` naming the part, the place in it and what is wrong.
  /// - Complexity: O(size of metadata + tensors · log(tensors)).
  public convenience init(path: String) throws(GGUFError) {
    try self.init(path: path, parts: nil)
  }

  /// Opens a set of files whose names do not tell that they are one, or a file that stands alone.
  ///
  /// - Parameter parts: all parts in order, at least one.
  /// - Throws: ``GGUFError``.
  package convenience init(parts: [String]) throws(GGUFError) {
    try self.init(path: parts[0], parts: parts)
  }

  private init(path: String, parts: [String]?) throws(GGUFError) {
    let parts = try Self.openParts(path, parts)
    let first = parts[0]
    let stated = try first.statedAlignment()

    var tensors: [GGUFTensor] = []
    var positions: [String: Int] = [:]
    for (index, part) in parts.enumerated() {
      let alignment =
        try part.statedAlignment() ?? stated.map(part.inheritedAlignment) ?? GGUFMetadata.defaultAlignment
      for tensor in try part.tensors(alignment: alignment, part: index) {
        guard positions.updateValue(tensors.count, forKey: tensor.name) == nil else {
          throw GGUFError(path: part.path, place: .tensor(tensor.name), reason: .duplicateTensor)
        }
        tensors.append(tensor)
      }
    }
    self.path = path
    version = first.header.version
    metadata = first.header.metadata
    partPaths = parts.map(\.path)
    storages = parts.map(\.storage)
    self.tensors = tensors
    self.positions = positions
  }

  /// Opens a file that a URL names, as ``init(path:)`` does.
  ///
  /// - Throws: ``GGUFError``; ``GGUFError/Reason/notAFileURL`` for the address of something else.
  public convenience init(url: URL) throws(GGUFError) {
    try self.init(path: url.filePath())
  }

  /// The file at `path` alone or, if it is a part, all parts in order, each agreeing with the first.
  ///
  /// - Parameter known: the parts' paths; nil to tell them by the name of this one.
  private static func openParts(_ path: String, _ known: [String]?) throws(GGUFError) -> [Part] {
    let opened = try Part(path: path)
    guard let split = try Split(opened.header.metadata) else { return [opened] }
    if let known, known.count != split.partCount {
      throw GGUFError(
        path: path, place: .key(Split.countKey),
        reason: .partMismatch(key: Split.countKey, expected: known.count, actual: split.partCount))
    }

    let stem = known == nil ? try split.stem(of: path) : ""
    var parts: [Part] = []
    // The number of parts is what a file says: the first one that is missing ends this, and nothing is made
    // for those behind it.
    for number in 0..<split.partCount {
      let path = known?[number] ?? stem + Split.suffix(number, of: split.partCount)
      let part: Part
      do {
        part = number == split.number ? opened : try Part(path: path)
      } catch  where error.reason.isMissingFile {
        throw GGUFError(path: path, reason: .missingPart(part: number, of: split.partCount))
      }
      guard let own = try Split(part.header.metadata) else {
        throw GGUFError(path: path, place: .key(Split.countKey), reason: .missingKey)
      }
      for (key, expected, actual) in [
        (Split.countKey, split.partCount, own.partCount), (Split.numberKey, number, own.number),
        (Split.tensorCountKey, split.tensorCount, own.tensorCount),
      ] where expected != actual {
        throw GGUFError(
          path: path, place: .key(key),
          reason: .partMismatch(key: key, expected: expected, actual: actual))
      }
      if let first = parts.first {
        try Split.check(part.header.metadata, at: path, against: first.header.metadata)
      }
      parts.append(part)
    }
    let tensorCount = parts.reduce(0) { $0 + $1.header.records.count }
    guard tensorCount == split.tensorCount else {
      throw GGUFError(
        path: path, place: .key(Split.tensorCountKey),
        reason: .partMismatch(key: Split.tensorCountKey, expected: split.tensorCount, actual: tensorCount))
    }
    return parts
  }

  /// Reads the header of a file of which only the beginning is there.
  ///
  /// - Parameter byteCount: how much is there.
  /// - Returns: the size of the header; nil if more of the file is needed to tell.
  /// - Throws: ``GGUFError`` for what is wrong whatever follows.
  package static func headerByteCount(of path: String, within byteCount: Int) throws(GGUFError) -> Int? {
    let storage: ByteStorage
    do { storage = try ByteStorage(mapping: path) } catch { throw GGUFError(path: path, reason: error) }
    do {
      return try HeaderParser(storage, path: path, byteCount: byteCount).parse().byteCount
    } catch  where byteCount < storage.bytes.count && error.reason.isEndOfFile {
      return nil
    }
  }

  /// The metadata of a file that has a header and nothing behind it.
  ///
  /// - Throws: ``GGUFError``.
  package static func metadata(ofHeader path: String) throws(GGUFError) -> GGUFMetadata {
    let storage: ByteStorage
    do { storage = try ByteStorage(mapping: path) } catch { throw GGUFError(path: path, reason: error) }
    return try HeaderParser(storage, path: path).parse().metadata
  }

  /// The tensor of this name; nil if there is none.
  public func tensor(named name: String) -> GGUFTensor? {
    positions[name].map { tensors[$0] }
  }
}

// MARK: - Tensor data

extension GGUFFile {
  /// Calls `body` with the bytes of one of ``tensors``, or of a part of one, in the blocks of its
  /// ``GGUFTensor/type``.
  ///
  /// - Throws: what `body` throws.
  /// - Precondition: the tensor is of this file.
  public func withBytes<Result, Failure>(
    of tensor: GGUFTensor, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes(of: tensor).bytes)
  }

  /// A tensor's bytes, valid while the file object lives; ``GGUFTensor/byteOffset`` says how aligned.
  package func bytes(of tensor: GGUFTensor) -> UnsafeRawBufferPointer {
    let bytes = storages[tensor.part].bytes
    // Of another file's tensor the place could lie outside this one.
    precondition(tensor.byteRange.upperBound <= bytes.count, "a tensor of another file")
    return UnsafeRawBufferPointer(rebasing: bytes[tensor.byteRange])
  }

  /// Asks the system to read a tensor ahead of its use.
  package func prefetch(_ tensor: GGUFTensor) {
    storages[tensor.part].prefetch(tensor.byteRange)
  }

  /// Lets the system take back the memory of a tensor whose bytes have been copied elsewhere.
  ///
  /// They can still be read.
  package func release(_ tensor: GGUFTensor) {
    storages[tensor.part].release(tensor.byteRange)
  }

  /// Asks the system to free the memory in which it keeps a released tensor for the next reader of the file.
  package func evict(_ tensor: GGUFTensor) {
    storages[tensor.part].evict(tensor.byteRange)
  }
}
