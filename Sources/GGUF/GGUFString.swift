/// A string of a GGUF file, as the bytes that the file holds.
///
/// GGUF says that strings are UTF-8, but nothing enforces it. So the bytes are kept and checked when
/// someone wants text: `String(validating:)` is nil for bytes that are not UTF-8, and
/// ``description`` puts U+FFFD in place of what cannot be read. A view: copying one copies no bytes.
/// Two strings are equal if their bytes are, with no regard to Unicode's equivalences.
public struct GGUFString: Hashable, Sendable {
  let region: ByteRegion

  init(_ region: ByteRegion) {
    self.region = region
  }

  /// Holds a copy of a string's UTF-8.
  public init(_ text: some StringProtocol) {
    self.init(utf8: text.utf8)
  }

  /// Holds a copy of these bytes, which other readers expect to be UTF-8.
  public init(utf8 bytes: some Sequence<UInt8>) {
    region = ByteRegion(copying: Array(bytes))
  }

  /// The number of bytes.
  public var utf8Count: Int { region.range.count }

  /// Calls `body` with the bytes.
  ///
  /// - Throws: what `body` throws.
  public func withBytes<Result, Failure>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes.bytes)
  }

  /// The bytes, valid while this value or the file that it comes from lives.
  package var bytes: UnsafeRawBufferPointer { region.bytes }
}

extension GGUFString: ExpressibleByStringLiteral {
  /// Holds a copy of a literal's UTF-8.
  public init(stringLiteral text: String) {
    self.init(text)
  }
}

extension GGUFString: CustomStringConvertible {
  /// The text, with U+FFFD in place of bytes that are not UTF-8.
  public var description: String {
    String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  /// The text of a GGUF string; nil if its bytes are not UTF-8.
  public init?(validating string: GGUFString) {
    self.init(validating: string.bytes, as: UTF8.self)
  }
}
