import GPTOSSPlatform
import Testing

/// If this fails, weights overlap, or are read unaligned.
struct HugePageMemoryTests {
  @Test func piecesAreZeroedAlignedAndApart() throws {
    let memory = try #require(HugePageMemory(capacity: 3 << 20))
    let pieces = [1, 64, 100, 2 << 20].map { memory.take($0) }
    for piece in pieces { #expect(piece.allSatisfy { $0 == 0 }) }
    for (i, piece) in pieces.enumerated() {
      #expect(Int(bitPattern: piece.baseAddress) % 64 == 0)
      for index in piece.indices { piece[index] = UInt8(i + 1) }
    }
    memory.collapse()
    for (i, piece) in pieces.enumerated() { #expect(piece.allSatisfy { $0 == UInt8(i + 1) }) }
    #expect(Int(bitPattern: pieces.first?.baseAddress) % HugePageMemory.pageByteCount == 0)
  }
}
