/// What stands in a GGUF file before the tensor data.
///
///     "GGUF" | version: u32 | tensor count: u64 | entry count: u64
///     entries: key: string | type: u32 | value
///     tensor records: name: string | dimension count: u32 | dimensions: u64 … | type: u32 | offset: u64
///     padding to the alignment, then tensor data, to which the offsets are relative
///
/// All numbers are little-endian; a string is its length (u64) and its bytes, an array its element
/// type (u32), its count (u64) and its elements.
struct Header {
  var version: UInt32 = 0
  var metadata: GGUFMetadata
  var records: [TensorRecord] = []
  /// Where the records end.
  var byteCount = 0
}

/// A tensor as the directory lists it; whether the data is there is not known yet.
struct TensorRecord {
  let name: String
  let dimensions: [Int]
  let type: GGUFTensorType
  let byteCount: Int
  /// Relative to the start of the tensor data.
  let offset: UInt64
}

/// Reads a header, front to back, knowing at each step what it is reading.
struct HeaderParser {
  /// The specification's limit for keys; no tensor name in use is longer than 63 bytes.
  static let maximumNameLength = 65_535

  private let path: String
  private var cursor: ByteCursor
  private var place = GGUFError.Place.header
  private var header: Header

  /// - Parameter byteCount: how much of the file is there; nil for all.
  init(_ storage: ByteStorage, path: String, byteCount: Int? = nil) {
    self.path = path
    cursor = ByteCursor(storage, 0..<min(byteCount ?? .max, storage.bytes.count))
    header = Header(metadata: GGUFMetadata(path: path))
  }

  consuming func parse() throws(GGUFError) -> Header {
    do {
      try parseHeader()
    } catch {
      throw GGUFError(path: path, place: place, byteOffset: cursor.offset, reason: error)
    }
    header.byteCount = cursor.offset
    return header
  }

  private mutating func parseHeader() throws(GGUFError.Reason) {
    try parseMagic()
    header.version = try parseVersion()
    let tensorCount = try cursor.loadCount(minimumByteCount: TensorRecord.minimumByteCount)
    let entryCount = try cursor.loadCount(minimumByteCount: 8 + 1 + 4 + 1)

    for index in 0..<entryCount {
      place = .entry(index)
      try parseEntry()
    }
    for index in 0..<tensorCount {
      place = .tensorRecord(index)
      header.records.append(try parseRecord())
    }
  }

  private mutating func parseMagic() throws(GGUFError.Reason) {
    let start = cursor.storage.bytes.prefix(64)
    guard start.starts(with: "GGUF".utf8) else { throw .notGGUF(found: FileKind.guess(from: start)) }
    try cursor.skip(4)
  }

  private mutating func parseVersion() throws(GGUFError.Reason) -> UInt32 {
    let version = try cursor.load(as: UInt32.self)
    switch version {
    case 2, 3: return version
    // A small number in the other byte order; gguf-py and llama.cpp tell it the same way.
    case let swapped where swapped & 0xFFFF == 0 && swapped != 0:
      throw .bigEndian(version: swapped.byteSwapped)
    default: throw .unsupportedVersion(version)
    }
  }

  private mutating func parseEntry() throws(GGUFError.Reason) {
    let key = try cursor.loadName(limit: Self.maximumNameLength)
    place = .key(key)
    let value = try GGUFValue(try cursor.loadValueType(), from: &cursor, depth: 0)
    try header.metadata.append(key, value)
  }

  private mutating func parseRecord() throws(GGUFError.Reason) -> TensorRecord {
    let name = try cursor.loadName(limit: Self.maximumNameLength)
    place = .tensor(name)
    let dimensionCount = try cursor.load(as: UInt32.self)
    guard dimensionCount <= GGUFTensorType.maximumDimensionCount else {
      throw .tooManyDimensions(dimensionCount)
    }
    var dimensions: [Int] = []
    for _ in 0..<dimensionCount {
      let dimension = try cursor.load(as: UInt64.self)
      guard dimension > 0, let length = Int(exactly: dimension) else { throw .invalidDimension(dimension) }
      dimensions.append(length)
    }
    let id = try cursor.load(as: UInt32.self)
    if id == GGUFTensorType.ollamaMXFP4, header.metadata.isOllamaArchitecture {
      throw .ollamaLayout(trait: "MXFP4 under tensor type \(id)")
    }
    let type = try GGUFTensorType(id: id)
    return TensorRecord(
      name: name, dimensions: dimensions, type: type,
      byteCount: try type.byteCount(of: dimensions),
      offset: try cursor.load(as: UInt64.self))
  }
}

extension TensorRecord {
  /// A name of one byte, no dimensions.
  static let minimumByteCount = 8 + 1 + 4 + 4 + 8
}
