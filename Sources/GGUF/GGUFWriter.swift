import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import struct FoundationEssentials.URL
#else
  public import struct Foundation.URL
#endif

/// Writes a GGUF file, version 3: the header first, then the data, tensor by tensor, in pieces of any size.
///
/// ```swift
/// var metadata = GGUFMetadata()
/// metadata["general.architecture"] = "gpt-oss"
/// metadata["gpt-oss.block_count"] = .uint32(24)
/// var writer = try GGUFWriter(
///   path: "model.gguf", metadata: metadata,
///   tensors: [.init(name: "output_norm.weight", dimensions: [2880], type: .f32)])
/// try writer.write(weights.span.bytes, to: "output_norm.weight")
/// try writer.finish()
/// ```
///
/// Memory is needed for the header and a megabyte of buffer, whatever the size of the tensors. The data
/// goes to a file of another name in the same folder, which takes the final name in ``finish()``, when
/// every byte has reached the disk. A writer that is dropped before removes it; a process that is killed
/// leaves `NAME.XXXXXXXX.partial` behind. Either way no half file has the final name, and a file that had
/// it before, mapped by a reader or not, stays whole.
///
/// The file starts its tensor data, and each tensor, at multiples of `general.alignment`, 32 if the
/// metadata has no such key, with zeros between. Names longer than 63 bytes and more than four
/// dimensions are refused because ggml refuses them. Not done: version 2, big-endian files, splitting
/// (a set of parts can be written one by one, each with its `split.*` keys).
public struct GGUFWriter: ~Copyable {
  /// A tensor to be written.
  public struct Tensor: Hashable, Sendable {
    /// The name, of 1 to 63 bytes.
    public var name: String
    /// The shape in ggml's order, the length of a row first.
    public var dimensions: [Int]
    /// How the weights are stored.
    public var type: GGUFTensorType

    /// Describes a tensor; ``GGUFWriter/init(path:metadata:tensors:isOverwriting:)`` checks it.
    public init(name: String, dimensions: [Int], type: GGUFTensorType) {
      self.name = name
      self.dimensions = dimensions
      self.type = type
    }
  }

  /// ggml's GGML_MAX_NAME is 64, with the zero at the end.
  static let maximumTensorNameLength = 63

  private let path: String
  private let alignment: Int
  private let tensors: [(name: String, byteCount: Int)]
  private var output: OutputFile
  /// The position of the tensor being written, and how many of its bytes are.
  private var current: Int
  private var written: Int

  /// Starts a file with its header.
  ///
  /// - Parameters:
  ///   - path: the final name.
  ///   - metadata: the entries in order; `general.alignment`, a `uint32`, is obeyed.
  ///   - tensors: all tensors in the order in which their data will come.
  ///   - isOverwriting: whether a regular file of that name is replaced on finishing; otherwise it is
  ///     refused.
  /// - Throws: ``GGUFError`` for a name that occurs twice, is empty or is too long, for a shape that the
  ///   type does not allow, and for what the system refuses.
  public init(
    path: String, metadata: GGUFMetadata, tensors: [Tensor], isOverwriting: Bool = true
  ) throws(GGUFError) {
    let alignment = try metadata.alignment(in: path) ?? GGUFMetadata.defaultAlignment
    for key in metadata.lazy.map(\.key) where !(1...HeaderParser.maximumNameLength).contains(key.utf8.count) {
      throw GGUFError(
        path: path, place: .key(key),
        reason: .invalidNameLength(UInt64(key.utf8.count), limit: HeaderParser.maximumNameLength))
    }
    let directory = try Directory(tensors, alignment: alignment, path: path)
    output = try Self.start(
      path, header: metadata, directory, alignment: alignment, isOverwriting: isOverwriting)
    self.path = path
    self.alignment = alignment
    self.tensors = directory.tensors
    current = 0
    written = 0
  }

  /// Starts a file that a URL names, as ``init(path:metadata:tensors:isOverwriting:)`` does.
  ///
  /// - Throws: ``GGUFError``; ``GGUFError/Reason/notAFileURL`` for the address of something else.
  public init(
    url: URL, metadata: GGUFMetadata, tensors: [Tensor], isOverwriting: Bool = true
  ) throws(GGUFError) {
    try self.init(
      path: url.filePath(), metadata: metadata, tensors: tensors, isOverwriting: isOverwriting)
  }

  /// Creates the file and writes everything that comes before the tensor data.
  private static func start(
    _ path: String, header metadata: GGUFMetadata, _ directory: Directory, alignment: Int,
    isOverwriting: Bool
  ) throws(GGUFError) -> OutputFile {
    var header = Array("GGUF".utf8)
    header.append(littleEndian: UInt32(3))
    header.append(littleEndian: UInt64(directory.tensors.count))
    header.append(littleEndian: UInt64(metadata.count))
    for (key, value) in metadata {
      header.append(counted: key.utf8)
      header.append(littleEndian: value.type.rawValue)
      value.encode(into: &header)
    }
    header += directory.bytes
    do {
      var output = try OutputFile(path, isOverwriting: isOverwriting)
      try output.write(header.span.bytes)
      try output.pad(to: alignment)
      return output
    } catch {
      throw GGUFError(path: path, reason: error)
    }
  }

  /// Writes the next bytes of a tensor, in the blocks of its type.
  ///
  /// - Parameters:
  ///   - bytes: the whole tensor or a piece of it; pieces follow each other and may end anywhere.
  ///   - name: the first declared tensor that is not complete.
  /// - Throws: ``GGUFError/Reason/unexpectedTensor(expected:)`` for another name,
  ///   ``GGUFError/Reason/wrongByteCount(expected:actual:)`` for more bytes than the tensor has.
  public mutating func write(_ bytes: RawSpan, to name: String) throws(GGUFError) {
    let next = current < tensors.count ? tensors[current] : nil
    guard let next, next.name == name else {
      throw GGUFError(path: path, place: .tensor(name), reason: .unexpectedTensor(expected: next?.name))
    }
    guard bytes.byteCount <= next.byteCount - written else {
      throw GGUFError(
        path: path, place: .tensor(name),
        reason: .wrongByteCount(expected: next.byteCount, actual: written + bytes.byteCount))
    }
    do {
      try output.write(bytes)
      written += bytes.byteCount
      if written == next.byteCount {
        try output.pad(to: alignment)
        current += 1
        written = 0
      }
    } catch {
      throw GGUFError(path: path, place: .tensor(name), reason: error)
    }
  }

  /// Leaves out a tensor, whose bytes then read as zeros and take no room on the disk.
  ///
  /// - Parameter name: the first declared tensor that is not complete, of which nothing has been written.
  /// - Throws: ``GGUFError/Reason/unexpectedTensor(expected:)`` for another name, and what the system refuses.
  package mutating func skip(_ name: String) throws(GGUFError) {
    let next = current < tensors.count && written == 0 ? tensors[current] : nil
    guard let next, next.name == name else {
      throw GGUFError(path: path, place: .tensor(name), reason: .unexpectedTensor(expected: next?.name))
    }
    do {
      try output.skip(next.byteCount)
      try output.pad(to: alignment)
    } catch {
      throw GGUFError(path: path, place: .tensor(name), reason: error)
    }
    current += 1
  }

  /// Gives the file its name.
  ///
  /// - Throws: ``GGUFError/Reason/wrongByteCount(expected:actual:)`` if a tensor is not complete, and what
  ///   the system refuses; no file is left then.
  public consuming func finish() throws(GGUFError) {
    if current < tensors.count {
      let (name, byteCount) = tensors[current]
      throw GGUFError(
        path: path, place: .tensor(name), reason: .wrongByteCount(expected: byteCount, actual: written))
    }
    do {
      try output.commit()
    } catch {
      throw GGUFError(path: path, reason: error)
    }
  }
}

/// The tensor records, checked, and the places that follow from them.
private struct Directory {
  private(set) var tensors: [(name: String, byteCount: Int)] = []
  private(set) var bytes: [UInt8] = []

  init(_ declared: [GGUFWriter.Tensor], alignment: Int, path: String) throws(GGUFError) {
    var names: Set<String> = []
    var offset = 0
    for tensor in declared {
      do throws(GGUFError.Reason) {
        guard names.insert(tensor.name).inserted else { throw .duplicateTensor }
        offset = try append(tensor, at: offset, alignment: alignment)
      } catch {
        throw GGUFError(path: path, place: .tensor(tensor.name), reason: error)
      }
    }
  }

  /// Appends a record and returns the offset of the next.
  private mutating func append(
    _ tensor: GGUFWriter.Tensor, at offset: Int, alignment: Int
  ) throws(GGUFError.Reason) -> Int {
    let limit = GGUFWriter.maximumTensorNameLength
    guard (1...limit).contains(tensor.name.utf8.count) else {
      throw .invalidNameLength(UInt64(tensor.name.utf8.count), limit: limit)
    }
    let byteCount = try tensor.type.byteCount(of: tensor.dimensions)
    let (end, overflow) = offset.addingReportingOverflow(byteCount)
    guard !overflow, let next = end.padded(to: alignment) else {
      throw .sizeOverflow(dimensions: tensor.dimensions)
    }
    bytes.append(counted: tensor.name.utf8)
    bytes.append(littleEndian: UInt32(tensor.dimensions.count))
    for dimension in tensor.dimensions { bytes.append(littleEndian: UInt64(dimension)) }
    bytes.append(littleEndian: tensor.type.rawValue)
    bytes.append(littleEndian: UInt64(offset))
    tensors.append((tensor.name, byteCount))
    return next
  }
}
