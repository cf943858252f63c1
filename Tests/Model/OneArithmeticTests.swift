import GGUF
import GPTOSSKernels
import GPTOSSModel
import Testing

#if arch(x86_64)
  import GPTOSSKernelsAVXVNNIByAVX2
  import GPTOSSKernelsAVXVNNIByAVX512VL
#endif

/// The same logits from every kernel set but `reference` and `blas`, bit for bit: what the promise "the same seed,
/// the same text, on every CPU" rests on.
struct OneArithmeticTests {
  /// `portable`, and what else this CPU runs: also the bodies of `avxvnni` with instructions of other CPUs.
  static var sets: [(name: String, set: KernelSet)] {
    get throws {
      var sets = try KernelSetName.allCases
        .filter { $0.isSupported && $0 != .blas && $0 != .reference && $0 != .portable }
        .map { ($0.rawValue, try KernelSet($0)) }
      #if arch(x86_64)
        if KernelSetName.avx2.isSupported { sets.append(("avxvnni by AVX2", AVXVNNIByAVX2.kernels)) }
        if KernelSetName.avx512.isSupported {
          sets.append(("avxvnni by AVX-512", AVXVNNIByAVX512VL.kernels))
        }
      #endif
      return sets
    }
  }

  /// 500 tokens of one sequence, in batches of unlike sizes beside a second sequence, with a prefix that is gone
  /// back to. Tokens that are generated one by one are `precise`, prompts have either precision.
  @Test(arguments: Precision.allCases, CacheElement.allCases)
  func everySetGivesTheSameLogits(precision: Precision, element: CacheElement) throws {
    let model = try TinyModel(seed: 8)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    let expected = try logits(Transformer(file, set: .portable, threadCount: 2), precision, element)
    #expect(expected.count >= 500 && expected.allSatisfy { $0.allSatisfy(\.isFinite) })
    for (name, set) in try Self.sets {
      let actual = try logits(Transformer(file, set: set, threadCount: 2), precision, element)
      #expect(firstDifference(actual, expected) == nil, "\(name)")
    }
  }

  /// A number of all bits of the logits, the same on every platform: what one process cannot compare.
  @Test(arguments: [
    (Precision.precise, 0x4BE3_30D0_6A76_ADE2 as UInt64), (.fast, 0x7185_E657_5533_C69B),
  ])
  func theLogitsAreTheSameOnEveryPlatform(precision: Precision, digest: UInt64) throws {
    let model = try TinyModel(seed: 8)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), set: .portable, threadCount: 2)
    // FNV-1a, by words.
    var found: UInt64 = 0xCBF2_9CE4_8422_2325
    for logit in try logits(transformer, precision, .int16).joined() {
      found = (found ^ UInt64(logit.bitPattern)) &* 0x100_0000_01B3
    }
    #expect(found == digest, "\(precision): 0x\(String(found, radix: 16, uppercase: true))")
  }

  /// What is the same is also right: near the sums of double precision.
  @Test func theLogitsAreThoseOfDoublePrecision() throws {
    let model = try TinyModel(seed: 8)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    let expected = try logits(Transformer(file, set: .reference, threadCount: 2), .precise, .float32)
    let actual = try logits(Transformer(file, set: .portable, threadCount: 2), .precise, .float32)
    for (position, (x, y)) in zip(actual, expected).enumerated() {
      #expect(zip(x, y).allSatisfy { abs($0 - $1) <= 5e-3 }, "position \(position)")
    }
  }

  /// Tokens of a batch: one, few, a panel, more than a panel and than a page.
  private static let batchSizes = [1, 40, 3, 1, 1, 33, 7, 2, 100, 1]

  /// The logits of all positions, in the order in which they are read.
  private func logits(
    _ transformer: Transformer, _ precision: Precision, _ element: CacheElement
  ) throws -> [[Float]] {
    var random = SystemIndependentNumbers(state: 8)
    let tokens = (0..<500).map { _ in random.token() }
    let (cache, other) = (transformer.makeCache(element: element), transformer.makeCache(element: element))
    var rows: [[Float]] = []
    func read(_ batch: [BatchEntry], _ precision: Precision) throws {
      let logits = try transformer.forward(batch, precision: precision)
      rows += (0..<logits.rowCount).map { logits[$0] }
    }
    var prefix = cache.snapshot()
    var (position, pass) = (0, 0)
    while position < tokens.count {
      let size = min(Self.batchSizes[pass % Self.batchSizes.count], tokens.count - position)
      let piece = Array(tokens[position..<position + size])
      try read(
        [
          BatchEntry(cache, piece, logits: .all),
          BatchEntry(other, Array(tokens[pass...pass + pass % 4]), logits: .all),
        ], size == 1 ? .precise : precision)
      position += size
      pass += 1
      if pass == 9 { prefix = cache.snapshot() }
    }
    #expect(prefix.count > 100 && cache.restore(prefix))
    for first in stride(from: prefix.count, to: prefix.count + 90, by: 9) {
      try read([BatchEntry(cache, Array(tokens[first..<first + 9]), logits: .all)], precision)
    }
    return rows
  }

  /// Where two results first differ in a bit; nil if they are the same.
  private func firstDifference(_ a: [[Float]], _ b: [[Float]]) -> String? {
    guard a.count == b.count else { return "\(a.count) positions, not \(b.count)" }
    for (position, (x, y)) in zip(a, b).enumerated() {
      if let i = x.indices.first(where: { x[$0].bitPattern != y[$0].bitPattern }) {
        return "row \(position), logit \(i): \(x[i]) and \(y[i])"
      }
    }
    return nil
  }
}
