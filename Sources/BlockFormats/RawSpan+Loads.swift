extension RawSpan {
  /// The byte at an offset.
  ///
  /// `unsafeLoad` checks the bounds; what is unsafe about it, a bit pattern that is no value of the
  /// type, cannot happen with integers.
  @inlinable
  func byte(at byteOffset: Int) -> UInt8 {
    unsafeLoad(fromByteOffset: byteOffset, as: UInt8.self)
  }

  /// The little-endian 16-bit integer at an offset, aligned or not.
  @inlinable
  func uint16(at byteOffset: Int) -> UInt16 {
    UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: byteOffset, as: UInt16.self))
  }

  /// The little-endian 32-bit integer at an offset, aligned or not.
  @inlinable
  func uint32(at byteOffset: Int) -> UInt32 {
    UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: byteOffset, as: UInt32.self))
  }

  /// The float16 at an offset, aligned or not, widened.
  @inlinable
  func float16(at byteOffset: Int) -> Float {
    Float(float16Bits: uint16(at: byteOffset))
  }
}
