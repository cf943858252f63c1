/// The element type of a key-value cache.
public enum CacheElement: String, Sendable, CaseIterable {
  /// 16-bit integers with one scale per vector: as small as `float16`, nearer to what was stored, and
  /// multiplied twice as fast. The default.
  case int16
  /// IEEE 754 half precision: what other engines keep.
  case float16
  /// Single precision: twice the memory; what `reference` uses.
  case float32

  /// Bytes of one element, without what the scale of a vector of `int16` takes.
  @inlinable
  public var byteCount: Int { self == .float32 ? 4 : 2 }

  /// Bytes of the scales of a key and its value.
  @inlinable
  var scaleByteCount: Int { self == .int16 ? 8 : 0 }
}
