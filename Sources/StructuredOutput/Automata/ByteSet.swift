/// A set of bytes, one bit per byte.
struct ByteSet: Hashable, Comparable, Sendable {
  private var words = SIMD4<UInt64>()

  init() {}

  init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { insert(byte) }
  }

  static let all = ByteSet(0...255)

  var isEmpty: Bool { words == .zero }

  func contains(_ byte: UInt8) -> Bool { words[Int(byte) / 64] >> (UInt64(byte) % 64) & 1 == 1 }

  mutating func insert(_ byte: UInt8) { words[Int(byte) / 64] |= 1 << (UInt64(byte) % 64) }

  static func < (left: ByteSet, right: ByteSet) -> Bool {
    for index in 0..<4 where left.words[index] != right.words[index] {
      return left.words[index] < right.words[index]
    }
    return false
  }

  mutating func formUnion(_ other: ByteSet) { words |= other.words }
}
