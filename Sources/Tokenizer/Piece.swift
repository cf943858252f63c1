/// A run of bytes to look up in a table.
struct Piece {
  let bytes: UnsafePointer<UInt8>
  /// 1 at least.
  let length: Int
  /// The bytes themselves, padded with zeros, up to 8 of them; else a hash of them.
  let key: UInt64
  /// Key and length with their bits mixed, from which places in tables are taken.
  let hash: UInt64

  /// - Parameter available: how many bytes may be read from `bytes` on.
  @inline(__always)
  init(_ bytes: UnsafePointer<UInt8>, length: Int, available: Int) {
    self.bytes = bytes
    self.length = length
    if length > 8 {
      key = Self.hash(bytes, length)
    } else if available >= 8 {
      key = bytes.load(0, as: UInt64.self) & (UInt64.max >> UInt64(64 &- 8 &* length))
    } else {
      key = bytes.loadPrefix(length)
    }
    hash = foldedMultiply(key ^ UInt64(truncatingIfNeeded: length), 0x9E37_79B9_7F4A_7C15)
  }

  @inline(__always)
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return nil }
    self.init(base, length: bytes.count, available: bytes.count)
  }

  /// A hash of more than 8 bytes.
  private static func hash(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15
    var offset = 0
    while offset < length &- 8 {
      hash = foldedMultiply(hash ^ bytes.load(offset, as: UInt64.self), 0xA076_1D64_78BD_642F)
      offset &+= 8
    }
    return foldedMultiply(hash ^ bytes.load(length &- 8, as: UInt64.self), 0xE703_7ED1_A0B4_28DB)
  }

  /// Whether a piece of more than 8 bytes is the same as the bytes there.
  @inline(__always)
  func equals(_ other: UnsafePointer<UInt8>) -> Bool {
    var offset = 0
    while offset < length &- 8 {
      if bytes.load(offset, as: UInt64.self) != other.load(offset, as: UInt64.self) { return false }
      offset &+= 8
    }
    return bytes.load(length &- 8, as: UInt64.self) == other.load(length &- 8, as: UInt64.self)
  }
}

extension UnsafePointer<UInt8> {
  /// Reads bytes, little-endian, at any address.
  @inline(__always)
  func load<Integer: FixedWidthInteger & BitwiseCopyable>(_ byteOffset: Int, as type: Integer.Type) -> Integer
  {
    Integer(littleEndian: UnsafeRawPointer(self + byteOffset).loadUnaligned(as: type))
  }

  /// The first `length` bytes, 8 at most and 1 at least, padded with zeros; reads no byte beyond them.
  fileprivate func loadPrefix(_ length: Int) -> UInt64 {
    (0..<length).reduce(0) { prefix, index in prefix | UInt64(self[index]) << UInt64(8 * index) }
  }
}

/// Multiplies to 128 bits and folds the halves: a fast, well-mixing step of a hash, from wyhash.
@inline(__always)
func foldedMultiply(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let product = a.multipliedFullWidth(by: b)
  return product.high ^ product.low
}
