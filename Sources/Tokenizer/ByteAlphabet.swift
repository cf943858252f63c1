/// The alphabet in which GPT-2's vocabularies, and so GGUF's, write bytes as printable characters.
///
/// The 188 bytes that print in Latin-1 (`!` to `~`, `¡` to `¬`, `®` to `ÿ`) stand for themselves; the
/// other 68 become U+0100, U+0101, … in order. A space is `Ġ` (U+0120), a line feed `Ċ` (U+010A).
///
/// - SeeAlso: `bytes_to_unicode` in openai/gpt-2, `src/encoder.py`.
package enum ByteAlphabet {
  /// The code point of every byte.
  static let codePoints: [UInt16] = {
    var next: UInt16 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return UInt16(byte)
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  /// Spells bytes in the alphabet.
  package static func spell(_ bytes: some Sequence<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes {
      guard let scalar = Unicode.Scalar(codePoints[Int(byte)]) else { continue }  // never a surrogate
      text.append(scalar)
    }
    return String(text)
  }

  /// No byte: what `bytes` has for a code point outside the alphabet.
  private static let none: Int16 = -1

  /// The byte of every code point that two bytes of UTF-8 can spell.
  private static let bytes: Table<Int16> = {
    let bytes = Table<Int16>(repeating: none, count: 0x800)
    for (byte, codePoint) in codePoints.enumerated() { bytes[Int(codePoint)] = Int16(byte) }
    return bytes
  }()

  /// Writes the bytes that `text`, UTF-8 in the alphabet, stands for.
  ///
  /// - Parameter output: room for `text.count` bytes.
  /// - Returns: how many were written, or `nil` if a character is not of the alphabet.
  static func decode(_ text: UnsafeRawBufferPointer, _ output: UnsafeMutablePointer<UInt8>) -> Int? {
    let bytes = bytes.base
    var count = 0
    var index = 0
    while index < text.count {
      var codePoint = Int(text[index])
      if codePoint >= 0x80 {
        index += 1
        guard 0xC2...0xDF ~= codePoint, index < text.count, text[index] & 0xC0 == 0x80 else { return nil }
        codePoint = (codePoint & 0x1F) << 6 | Int(text[index] & 0x3F)
      }
      index += 1
      let byte = bytes[codePoint]
      if byte == none { return nil }
      output[count] = UInt8(truncatingIfNeeded: byte)
      count += 1
    }
    return count
  }
}
