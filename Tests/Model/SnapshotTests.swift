import GGUF
import GPTOSSKernels
import GPTOSSModel
import Testing

/// Going back to an earlier point of a sequence, past what the sliding layers' rings hold.
struct SnapshotTests {
  /// A batch of 8 and a window of 8: the rings have 2 pages and are overwritten after 128 positions.
  private static func makeTransformer() throws -> (Transformer, TinyModel) {
    let model = try TinyModel(seed: 7)
    return (
      try Transformer(GGUFFile(path: model.path), kernels: .portable, threadCount: 2, largestBatch: 8), model
    )
  }

  @Test(arguments: CacheElement.allCases)
  func aRestoredSequenceGoesOnAsBefore(element: CacheElement) throws {
    let (transformer, model) = try Self.makeTransformer()
    defer { model.remove() }
    let cache = transformer.makeCache(element: element)
    let tokens = (0..<340).map { ($0 * 37 + 11) % TinyModel.vocabularySize }
    var snapshots: [KeyValueCache.Snapshot] = [cache.snapshot()]
    var expected: [[Float]] = []
    for (i, token) in tokens.enumerated() {
      expected.append(try transformer.forward([BatchEntry(cache, [token])])[0])
      if [0, 2, 8, 63, 64, 150, 339].contains(i) { snapshots.append(cache.snapshot()) }
    }
    // Later points first: a point that the sequence was cut before cannot be restored.
    for snapshot in snapshots.reversed() {
      for _ in 0..<2 {
        #expect(cache.restore(snapshot) && cache.count == snapshot.count)
        for i in snapshot.count..<min(snapshot.count + 20, tokens.count) {
          let logits = try transformer.forward([BatchEntry(cache, [tokens[i]])])[0]
          #expect(logits.elementsEqual(expected[i]) { $0.bitPattern == $1.bitPattern }, "token \(i)")
        }
      }
    }
  }

  @Test func aSequenceGoesOnDifferently() throws {
    let (transformer, model) = try Self.makeTransformer()
    defer { model.remove() }
    let cache = transformer.makeCache()
    let start = (0..<8).map { $0 * 5 }
    _ = try transformer.forward([BatchEntry(cache, start)])
    let snapshot = cache.snapshot()
    for i in 0..<300 { _ = try transformer.forward([BatchEntry(cache, [i % 96])]) }
    #expect(!cache.truncate(to: 8))
    #expect(cache.restore(snapshot))
    let restored = try transformer.forward([BatchEntry(cache, [1, 2, 3])])[0]
    let fresh = transformer.makeCache()
    #expect(try transformer.forward([BatchEntry(fresh, start)])[0].count == restored.count)
    #expect(try transformer.forward([BatchEntry(fresh, [1, 2, 3])])[0] == restored)
  }

  @Test func aPointThatWasCutOffIsGone() throws {
    let (transformer, model) = try Self.makeTransformer()
    defer { model.remove() }
    let cache = transformer.makeCache()
    _ = try transformer.forward([BatchEntry(cache, [1, 2, 3, 4])])
    let early = cache.snapshot()
    _ = try transformer.forward([BatchEntry(cache, [5, 6, 7, 8])])
    let late = cache.snapshot()
    #expect(cache.restore(early))
    _ = try transformer.forward([BatchEntry(cache, [9, 9, 9, 9])])
    #expect(!cache.restore(late) && cache.count == 8)
    #expect(cache.restore(early) && cache.count == 4)
    #expect(cache.truncate(to: 2))
    #expect(!cache.restore(early) && cache.count == 2)
  }

  /// Against a list of what was read at each position: a snapshot holds as long as its beginning is there.
  @Test func aSnapshotHoldsUntilItsBeginningIsCut() throws {
    let (transformer, model) = try Self.makeTransformer()
    defer { model.remove() }
    var random = SystemIndependentNumbers(state: 5)
    for _ in 0..<20 {
      let cache = transformer.makeCache()
      var reads = 0
      var sequence: [Int] = []
      var snapshots: [(KeyValueCache.Snapshot, [Int])] = []
      for _ in 0..<60 {
        switch random.next() % 3 {
        case 0:
          sequence.append(reads)
          reads += 1
          for layer in cache.layers { layer.reserve(sequence.count) }
          cache.advance(to: sequence.count)
        case 1: snapshots.append((cache.snapshot(), sequence))
        default:
          let count = max(0, sequence.count - Int(random.next() % 5))
          if cache.truncate(to: count) { sequence.removeSubrange(count...) }
        }
        for (snapshot, beginning) in snapshots {
          #expect(cache.holds(snapshot) == sequence.starts(with: beginning))
        }
      }
    }
  }

  @Test func aSnapshotIsAsLargeAsTheWindow() throws {
    let (transformer, model) = try Self.makeTransformer()
    defer { model.remove() }
    let cache = transformer.makeCache(element: .float16)
    #expect(cache.snapshot().byteCount == 0)
    for i in 0..<100 { _ = try transformer.forward([BatchEntry(cache, [i % 96])]) }
    // Layers 0 and 2 slide; 7 positions before the next; 2 heads of 32 elements, keys and values, 2 bytes
    // each.
    #expect(cache.snapshot().byteCount == 2 * 7 * 2 * 32 * 2 * 2)
  }
}
