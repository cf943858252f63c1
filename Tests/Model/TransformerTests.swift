import GGUF
import GPTOSSKernels
import GPTOSSModel
import Testing

/// Whole passes over a small random model. (The numbers themselves are held against OpenAI's formulas in
/// float64 by Tests/Conformance/logits.py.)
struct TransformerTests {
  static let tokenCount = 90

  /// The sets that this CPU runs and whose results depend on nothing but the row: all but BLAS.
  static let exactSets = KernelSetName.allCases.filter { $0.isSupported && $0 != .blas }

  /// The rule that batching, prefix caches and reproducible answers rest on.
  @Test(arguments: exactSets, CacheElement.allCases)
  func chunksGiveTheSameBits(kernels: KernelSetName, element: CacheElement) throws {
    let model = try TinyModel(seed: 1)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), kernels: kernels, threadCount: 2)
    let tokens = Self.tokens(seed: 1)
    let whole = try logits(transformer, tokens, element, chunk: tokens.count)
    for chunk in [1, 7, 64] {
      #expect(
        try firstDifference(logits(transformer, tokens, element, chunk: chunk), whole) == nil,
        "chunk \(chunk)")
    }
  }

  @Test func chunksWithBLASAgreeClosely() throws {
    let model = try TinyModel(seed: 2)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), kernels: .blas, threadCount: 2)
    let tokens = Self.tokens(seed: 2)
    let whole = try logits(transformer, tokens, .float32, chunk: tokens.count)
    for chunk in [1, 7, 64] {
      for (a, b) in try zip(logits(transformer, tokens, .float32, chunk: chunk), whole) {
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 })
      }
    }
  }

  @Test(arguments: exactSets)
  func sequencesInOneBatchDoNotTouchEachOther(kernels: KernelSetName) throws {
    let model = try TinyModel(seed: 3)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), kernels: kernels, threadCount: 2)
    let sequences = [Self.tokens(seed: 3), Self.tokens(seed: 4)]
    let alone = try sequences.map { try logits(transformer, $0, nil, chunk: Self.tokenCount) }
    let caches = [transformer.makeCache(), transformer.makeCache()]
    var together: [[[Float]]] = [[], []]
    var positions = [0, 0]
    // Steps of unlike lengths, so that the two are at different positions.
    for step in 0..<60 {
      let lengths = [step % 3, (step + 1) % 4].enumerated().map { min($1, Self.tokenCount - positions[$0]) }
      let batch = lengths.indices.filter { lengths[$0] > 0 }
      guard !batch.isEmpty else { continue }
      let result = try transformer.forward(
        batch.map {
          BatchEntry(
            caches[$0], Array(sequences[$0][positions[$0]..<(positions[$0] + lengths[$0])]), logits: .all)
        })
      var row = 0
      for sequence in batch {
        for _ in 0..<lengths[sequence] {
          together[sequence].append(result[row])
          row += 1
        }
        positions[sequence] += lengths[sequence]
      }
    }
    for i in 0..<2 {
      #expect(firstDifference(together[i], Array(alone[i].prefix(positions[i]))) == nil, "sequence \(i)")
      #expect(positions[i] > 3 * TinyModel.window)
    }
  }

  @Test func threadsDoNotChangeABit() throws {
    let model = try TinyModel(seed: 5)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    let tokens = Self.tokens(seed: 5)
    let results = try [1, 2, 3].map {
      try logits(Transformer(file, kernels: .blas, threadCount: $0), tokens, nil, chunk: 32)
    }
    #expect(firstDifference(results[0], results[1]) == nil)
    #expect(firstDifference(results[0], results[2]) == nil)
  }

  @Test func aSequenceGoesOnDifferentlyAfterTruncation() throws {
    let model = try TinyModel(seed: 6)
    defer { model.remove() }
    let transformer = try Transformer(
      GGUFFile(path: model.path), kernels: .portable, threadCount: 1, largestBatch: 4)
    let tokens = Self.tokens(seed: 6)
    let cache = transformer.makeCache()
    func read(_ tokens: ArraySlice<Int>) throws -> [Float] {
      var last: [Float] = []
      for token in tokens { last = try transformer.forward([BatchEntry(cache, [token])])[0] }
      return last
    }
    let expected = try read(tokens[0..<40])
    _ = try read(tokens[50..<53])
    #expect(cache.truncate(to: 39))
    #expect(try read(tokens[39..<40]) == expected)
    // The ring has long been overwritten there.
    #expect(!cache.truncate(to: 10) && cache.count == 40)
    #expect(cache.truncate(to: 0) && cache.count == 0)
    #expect(try read(tokens[0..<40]) == expected)
  }

  @Test func whatCannotBeReadIsRefusedBeforeAnythingChanges() throws {
    let model = try TinyModel(seed: 7)
    defer { model.remove() }
    let transformer = try Transformer(
      GGUFFile(path: model.path), kernels: .portable, threadCount: 1, contextLength: 20)
    let cache = transformer.makeCache()
    _ = try transformer.forward([BatchEntry(cache, [1, 2, 3])])
    #expect(throws: ModelError.tokenOutOfRange(96, vocabularySize: 96)) {
      try transformer.forward([BatchEntry(cache, [1, 96])])
    }
    #expect(throws: ModelError.tokenOutOfRange(-1, vocabularySize: 96)) {
      try transformer.forward([BatchEntry(cache, [-1])])
    }
    #expect(throws: ModelError.contextFull(needed: 21, limit: 20)) {
      try transformer.forward([BatchEntry(cache, Array(repeating: 0, count: 18))])
    }
    #expect(cache.count == 3)
  }

  static func tokens(seed: UInt64) -> [Int] {
    var random = SystemIndependentNumbers(state: seed)
    return (0..<tokenCount).map { _ in random.token() }
  }

  private func logits(
    _ transformer: Transformer, _ tokens: [Int], _ element: CacheElement?, chunk: Int
  ) throws -> [[Float]] {
    let cache = transformer.makeCache(element: element)
    var rows: [[Float]] = []
    for first in stride(from: 0, to: tokens.count, by: chunk) {
      let piece = Array(tokens[first..<min(first + chunk, tokens.count)])
      let logits = try transformer.forward([BatchEntry(cache, piece, logits: .all)])
      rows += (0..<logits.rowCount).map { logits[$0] }
    }
    return rows
  }

  /// Where two results first differ in a bit; nil if they are the same.
  private func firstDifference(_ a: [[Float]], _ b: [[Float]]) -> String? {
    guard a.count == b.count else { return "\(a.count) positions, not \(b.count)" }
    for (position, (x, y)) in zip(a, b).enumerated() {
      if let i = x.indices.first(where: { x[$0].bitPattern != y[$0].bitPattern }) {
        return "position \(position), logit \(i): \(x[i]) and \(y[i])"
      }
    }
    return nil
  }
}
