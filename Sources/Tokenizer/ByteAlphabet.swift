/// The alphabet in which GPT-2's vocabularies, and so GGUF's, write bytes as printable characters.
///
/// The 188 bytes that print in Latin-1 (`!` to `~`, `¡` to `¬`, `®` to `ÿ`) stand for themselves; the
/// other 68 become U+0100, U+0101, … in order. A space is `Ġ` (U+0120), a line feed `Ċ` (U+010A).
///
/// - SeeAlso: `bytes_to_unicode` in openai/gpt-2, `src/encoder.py`.
package enum ByteAlphabet {
  private static func printsItself(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: true
    default: false
    }
  }

  /// The code point of every byte.
  static let codePoints: [UInt16] = {
    var next: UInt16 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      if printsItself(byte) { return UInt16(byte) }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte of every code point below 0x144, or -1.
  static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    for (byte, codePoint) in codePoints.enumerated() { bytes[Int(codePoint)] = Int16(byte) }
    return bytes
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

  /// Appends the bytes that `text`, UTF-8 in the alphabet, stands for.
  ///
  /// - Returns: whether every character was of the alphabet; if not, some bytes may have been appended.
  static func append(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
    var isValid = true
    output.append(addingCapacity: text.count) { output in
      isValid = bytes.withUnsafeBufferPointer { bytes in
        var index = 0
        while index < text.count {
          let first = text[index]
          let codePoint: Int
          if first < 0x80 {
            codePoint = Int(first)
            index += 1
          } else if 0xC2...0xC5 ~= first, index + 1 < text.count, text[index + 1] & 0xC0 == 0x80 {
            codePoint = Int(first & 0x1F) << 6 | Int(text[index + 1] & 0x3F)
            index += 2
          } else {
            return false
          }
          guard codePoint < bytes.count, bytes[codePoint] >= 0 else { return false }
          output.append(UInt8(truncatingIfNeeded: bytes[codePoint]))
        }
        return true
      }
    }
    return isValid
  }
}
