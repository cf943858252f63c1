import GGUF
import GPTOSSKernels
import GPTOSSModel
import Testing

/// What a cache holds, taken out in pieces and put into another one.
///
/// Breaks when a sequence that was stored goes on differently from one that was not.
struct CacheStorageTests {
  @Test(arguments: CacheElement.allCases, [5, 64, 200, 339])
  func aStoredSequenceGoesOnAsBefore(element: CacheElement, position: Int) throws {
    let model = try TinyModel(seed: 7)
    defer { model.remove() }
    let transformer = try Transformer(
      GGUFFile(path: model.path), kernels: .portable, threadCount: 2, largestBatch: 8)
    let cache = transformer.makeCache(element: element)
    let tokens = (0..<340).map { ($0 * 37 + 11) % TinyModel.vocabularySize }
    var point = cache.snapshot()
    var expected: [[Float]] = []
    for (i, token) in tokens.enumerated() {
      expected.append(try transformer.forward([BatchEntry(cache, [token])])[0])
      if i == position - 1 { point = cache.snapshot() }
    }
    let other = transformer.makeCache(element: element)
    #expect(other.storageLayout == cache.storageLayout)
    for start in stride(from: 0, to: position, by: 50) {
      let positions = start..<min(start + 50, position)
      let copies = cache.copyFullLayers(positions)
      #expect(copies.count == 1, "of three layers two slide")
      #expect(copies[0].byteCount == positions.count * cache.storageLayout.bytesPerPosition)
      other.fillFullLayers(copies, at: positions)
    }
    #expect(other.count == 0, "nothing counts before it is complete")
    #expect(cache.storageLayout.ringPositions(at: position) == point.positions)
    other.resume(at: position, rings: point.rings)
    #expect(other.count == position)
    #expect(other.canTruncate(to: position - 1) == (position < TinyModel.window), "the rings hold one window")
    for i in position..<tokens.count {
      let logits = try transformer.forward([BatchEntry(other, [tokens[i]])])[0]
      #expect(logits.elementsEqual(expected[i]) { $0.bitPattern == $1.bitPattern }, "token \(i)")
    }
    #expect(cache.copyFullLayers(0..<340) == other.copyFullLayers(0..<340))
  }
}
