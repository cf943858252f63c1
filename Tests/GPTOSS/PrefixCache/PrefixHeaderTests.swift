import GPTOSS
import GPTOSSModel
import Testing

/// What a file of the cache folder says of itself.
///
/// Breaks when a damaged or hostile header is believed, or when the sizes are not those of the file.
struct PrefixHeaderTests {
  private static let layout = KeyValueCache.StorageLayout(
    fullLayerCount: 2, slidingLayerCount: 3, bytesPerPosition: 10, window: 8)

  private static func header(_ count: Int, start: Int = 100, promptCount: Int = 3) -> PrefixHeader {
    PrefixHeader(
      parent: 0x0123_4567_89AB_CDEF, start: start, promptCount: promptCount,
      tokens: (0..<count).map { ReadToken(id: $0 * 1_000, isFine: $0 % 3 == 0) }, layout: layout)
  }

  @Test(arguments: [3, 4, 255, 256, 257, 600])
  func itIsReadAsItWasWritten(_ count: Int) {
    let header = Self.header(count)
    #expect(PrefixHeader(bytes: header.bytes) == header)
    #expect(header.bytes.count == 64 + 4 * count + 8)
  }

  @Test func theSizesAreThoseOfThePieces() {
    let header = Self.header(600)
    #expect(header.pieces == [100..<356, 356..<612, 612..<700])
    let beginning = header.bytes.count
    #expect(header.byteOffset(ofPiece: 0) == beginning)
    #expect(header.byteOffset(ofPiece: 1) == beginning + 256 * 20 + 8)
    #expect(header.byteOffset(ofPiece: 3) == beginning + 600 * 20 + 3 * 8, "the rings")
    // Seven positions of three layers, and the last checksum.
    #expect(header.fileByteCount == header.byteOffset(ofPiece: 3) + 7 * 3 * 10 + 8)
    #expect(Self.header(3, start: 0).fileByteCount == 64 + 12 + 8 + 60 + 8 + 3 * 30 + 8)
  }

  @Test func noBitMayChange() {
    let bytes = Self.header(20).bytes
    for offset in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[offset] ^= 1 << bit
        #expect(PrefixHeader(bytes: damaged) == nil, "byte \(offset), bit \(bit)")
      }
    }
    for count in 0..<bytes.count { #expect(PrefixHeader(bytes: Array(bytes[..<count])) == nil) }
    #expect(PrefixHeader(bytes: bytes + [0]) == nil)
  }

  /// With a checksum that is right, impossible numbers are refused before they are used.
  @Test(arguments: [(12, 0), (12, UInt32.max), (12, 1 << 20), (28, 1), (32, 21), (36, 1)] as [(Int, UInt32)])
  func whatCannotBeIsRefused(_ offset: Int, _ number: UInt32) {
    var bytes = Self.header(20).bytes
    withUnsafeBytes(of: number.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
    let checked = Array(bytes.dropLast(8))
    let checksum = XXHash64.hash(checked, seed: 0)
    let forged = checked + withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
    #expect(PrefixHeader(bytes: forged) == nil, "\(number) at \(offset)")
  }

  @Test func aNameSaysWhatComesBefore() {
    let header = Self.header(20)
    let other = PrefixHeader(
      parent: header.parent + 1, start: header.start, promptCount: 3, tokens: header.tokens,
      layout: Self.layout)
    #expect(header.id != other.id)
    var tokens = header.tokens
    tokens[4] = ReadToken(id: tokens[4].id, isFine: !tokens[4].isFine)
    let finer = PrefixHeader(
      parent: header.parent, start: header.start, promptCount: 3, tokens: tokens, layout: Self.layout)
    #expect(header.id != finer.id, "how a token was read counts")
  }
}
