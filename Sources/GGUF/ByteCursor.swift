/// Reads the wire format from a storage.
///
/// Every step is checked against the end before it is taken. So no number in a file can move the cursor
/// outside it.
struct ByteCursor {
  let storage: ByteStorage
  private(set) var offset: Int
  private let end: Int
  private let base: UnsafeRawBufferPointer

  init(_ storage: ByteStorage, _ range: Range<Int>) {
    self.storage = storage
    offset = range.lowerBound
    end = range.upperBound
    base = storage.bytes
  }

  init(_ region: ByteRegion) {
    self.init(region.storage, region.range)
  }

  var remaining: Int { end - offset }

  /// The next `count` bytes, stepped over.
  @discardableResult
  mutating func skip(_ count: UInt64) throws(GGUFError.Reason) -> Range<Int> {
    guard count <= UInt64(remaining) else { throw .endOfFile(needed: count, available: remaining) }
    let start = offset
    offset += Int(count)
    return start..<offset
  }

  /// A number, stored little-endian and unaligned.
  @inline(__always)
  mutating func load<Number: BitwiseCopyable>(as type: Number.Type) throws(GGUFError.Reason) -> Number {
    let size = MemoryLayout<Number>.size
    guard size <= remaining else { throw .endOfFile(needed: UInt64(size), available: remaining) }
    defer { offset += size }
    return base.loadUnaligned(fromByteOffset: offset, as: type)
  }

  /// A count of things of which each takes at least `minimumByteCount` bytes.
  ///
  /// Refused before anything is allocated if the rest of the file cannot hold them.
  mutating func loadCount(minimumByteCount: Int) throws(GGUFError.Reason) -> Int {
    let count = try load(as: UInt64.self)
    let (needed, overflow) = count.multipliedReportingOverflow(by: UInt64(minimumByteCount))
    guard !overflow, needed <= UInt64(remaining) else {
      throw .endOfFile(needed: overflow ? .max : needed, available: remaining)
    }
    return Int(count)
  }

  /// A length and that many bytes.
  @inline(__always)
  mutating func skipString() throws(GGUFError.Reason) -> Range<Int> {
    try skip(try load(as: UInt64.self))
  }

  mutating func loadString() throws(GGUFError.Reason) -> GGUFString {
    GGUFString(ByteRegion(storage, try skipString()))
  }

  /// A key or a tensor's name: UTF-8, of 1 to `limit` bytes, so that a length of gigabytes is not copied.
  mutating func loadName(limit: Int) throws(GGUFError.Reason) -> String {
    let length = try load(as: UInt64.self)
    guard (1...UInt64(limit)).contains(length) else { throw .invalidNameLength(length, limit: limit) }
    let name = GGUFString(ByteRegion(storage, try skip(length)))
    guard let text = String(validating: name) else { throw .invalidUTF8 }
    return text
  }

  mutating func loadBool() throws(GGUFError.Reason) -> Bool {
    let byte = try load(as: UInt8.self)
    guard byte <= 1 else { throw .invalidBool(byte) }
    return byte == 1
  }

  mutating func loadValueType() throws(GGUFError.Reason) -> GGUFValueType {
    let id = try load(as: UInt32.self)
    guard let type = GGUFValueType(rawValue: id) else { throw .unknownValueType(id) }
    return type
  }
}
