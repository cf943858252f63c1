import GPTOSSPlatform

#if canImport(FoundationEssentials)
  package import struct FoundationEssentials.URL
#else
  package import struct Foundation.URL
#endif

/// Why a GGUF file cannot be read or written: which file, where in it, what is wrong, what to do.
///
/// Match ``reason`` to react to a case; print ``description`` for people. It is one line even when
/// the names in the file hold line breaks or terminal escapes.
public struct GGUFError: Error, Hashable, Sendable {
  /// The file as it was named by the caller (for a split file, the part concerned).
  public let path: String

  /// The part of the file concerned.
  public let place: Place

  /// The byte of the file at which reading stopped, if the error comes from reading the header.
  public let byteOffset: Int?

  /// What is wrong.
  public let reason: Reason

  package init(path: String, place: Place = .file, byteOffset: Int? = nil, reason: Reason) {
    self.path = path
    self.place = place
    self.byteOffset = byteOffset
    self.reason = reason
  }

  /// The part of a file that an error concerns.
  public enum Place: Hashable, Sendable {
    /// The file as a whole.
    case file
    /// The 24 bytes of magic, version and counts.
    case header
    /// The metadata entry at this position, whose key is not known yet.
    case entry(Int)
    /// The metadata entry of this key.
    case key(String)
    /// The tensor at this position of the directory, whose name is not known yet.
    case tensorRecord(Int)
    /// The tensor of this name.
    case tensor(String)
  }

  /// What is wrong with a file, or with what a caller asked of it.
  ///
  /// Sizes that come from a file are given as `UInt64`, exactly as it states them.
  public enum Reason: Error, Hashable, Sendable {
    // The file
    /// The system refused an operation; `code` is its `errno`.
    case system(operation: String, code: Int32)
    /// A URL that names no local file.
    case notAFileURL
    /// No regular file but what `kind` says, such as `a folder`.
    case notARegularFile(kind: String)
    /// The first four bytes are not `GGUF`; `found` says what the bytes look like, if they are known.
    case notGGUF(found: String?)
    /// A big-endian file.
    case bigEndian(version: UInt32)
    /// A version other than 2 and 3.
    case unsupportedVersion(UInt32)
    /// The file ends before what it announces: at least `needed` bytes where `available` are left.
    case endOfFile(needed: UInt64, available: Int)

    // Metadata
    /// A value type that GGUF does not define.
    case unknownValueType(UInt32)
    /// Arrays within arrays beyond `limit`.
    case nestingTooDeep(limit: Int)
    /// A Boolean other than 0 and 1.
    case invalidBool(UInt8)
    /// Bytes that are not UTF-8 where text is required.
    case invalidUTF8
    /// A key or tensor name that is empty or longer than `limit` bytes.
    case invalidNameLength(UInt64, limit: Int)
    /// Two entries of one key.
    case duplicateKey
    /// An alignment that is not a power of two.
    case invalidAlignment(UInt64)

    // Tensors
    /// More dimensions than ggml's four.
    case tooManyDimensions(UInt32)
    /// A dimension of zero, or one beyond what a signed 64-bit number holds.
    case invalidDimension(UInt64)
    /// The product of the dimensions, or its size in bytes, does not fit into 63 bits.
    case sizeOverflow(dimensions: [Int])
    /// A row that does not divide into whole blocks of its type.
    case partialBlock(rowLength: Int, weightsPerBlock: Int)
    /// A tensor type that ggml does not define.
    case unknownTensorType(UInt32)
    /// A tensor type that ggml has removed.
    case removedTensorType(UInt32, name: String)
    /// A file in Ollama's own layout of gpt-oss; `trait` is what gives it away.
    case ollamaLayout(trait: String)
    /// Two tensors of one name.
    case duplicateTensor
    /// An offset that is not a multiple of the alignment.
    case misalignedTensor(offset: UInt64, alignment: Int)
    /// Tensor data that ends after the file does.
    case tensorOutsideFile(offset: UInt64, byteCount: Int, available: Int)
    /// Two tensors that share bytes.
    case overlappingTensors(other: String)

    // Split files
    /// A part of a split file, named otherwise than `NAME-00001-of-00003.gguf`.
    case partMisnamed(part: Int, of: Int)
    /// A part that belongs elsewhere: its metadata and its place in the set disagree.
    case partMismatch(key: String, expected: Int, actual: Int)
    /// A later part that gives a key of the first part another value.
    case contradictoryPart(key: String)
    /// A part that cannot be found beside the one opened.
    case missingPart(part: Int, of: Int)

    // Access to tensors
    /// A tensor's last dimension is shorter; `count` is 0 for a tensor with less than two.
    case noSuchExpert(Int, count: Int)
    /// A tensor, or an expert of it, has fewer rows.
    case noSuchRow(Int, count: Int)

    // Access to metadata
    /// No entry of this key.
    case missingKey
    /// An entry of another type than asked for.
    case typeMismatch(expected: String, actual: String)
    /// A number outside the range of the type asked for.
    case integerOutOfRange(String)

    // Writing
    /// A file that has the name already, and is not to be replaced.
    case alreadyExists
    /// Data for another tensor than the next one declared; nil when all are complete.
    case unexpectedTensor(expected: String?)
    /// More bytes than the tensor holds, or, on finishing, fewer.
    case wrongByteCount(expected: Int, actual: Int)
  }
}

extension URL {
  /// The path of the local file that this names.
  ///
  /// - Throws: `GGUFError.Reason.notAFileURL`.
  package func filePath() throws(GGUFError) -> String {
    guard let localPath else { throw GGUFError(path: absoluteString, reason: .notAFileURL) }
    return localPath
  }
}
