import GGUF
import GPTOSSKernels
import GPTOSSModel
import Testing

/// Weights in memory and in the file.
struct WeightPlacementTests {
  /// Repacking changes no value, and rows are interleaved in the same way on their way from the file.
  @Test(arguments: TransformerTests.exactSets, Precision.allCases)
  func residentAndMappedGiveTheSameBits(kernels: KernelSetName, precision: Precision) throws {
    let model = try TinyModel(seed: 11)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    let tokens = TransformerTests.tokens(seed: 11)
    let results = try WeightResidency.allCases.map { weights in
      let transformer = try Transformer(
        file, kernels: kernels, weights: weights, precision: precision, threadCount: 2)
      #expect(transformer.weightResidency == weights)
      let logits = try transformer.forward([BatchEntry(transformer.makeCache(), tokens, logits: .all)])
      return (0..<logits.rowCount).flatMap { logits[$0] }
    }
    #expect(zip(results[0], results[1]).allSatisfy { $0.bitPattern == $1.bitPattern })
  }

  @Test func progressEndsAtOne() throws {
    let model = try TinyModel(seed: 12)
    defer { model.remove() }
    var shares: [Double] = []
    _ = try Transformer(
      GGUFFile(path: model.path), kernels: .portable, weights: .resident, threadCount: 2
    ) { shares.append($0) }
    #expect(shares.last == 1 && shares == shares.sorted())
  }

  @Test func memoryDecidesBeforeAnyWork() throws {
    let model = try TinyModel(seed: 13)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    let configuration = try Configuration(file.metadata)
    let size = file.tensors.reduce(0) { $0 + $1.byteCount }
    func residency(
      _ wanted: WeightResidency?, _ available: Int, kernels: KernelSet = .blas
    ) throws -> WeightResidency {
      try configuration.residency(of: file, wanted: wanted, kernels: kernels, available: available)
    }
    #expect(try residency(.resident, 2 * size) == .resident)
    #expect(try residency(.mapped, 2 * size) == .mapped)
    // Kernels that do not repack gain nothing by a copy.
    #expect(try residency(nil, 2 * size) == .mapped)
    #expect(try residency(nil, 2 * size, kernels: .portable) == .resident)
    // Half of the experts compute for a token: what one token reads is less than all.
    #expect(try residency(nil, size) == .mapped)
    for wanted in [nil, WeightResidency.resident, .mapped] {
      #expect { try residency(wanted, size / 10) } throws: { error in
        guard case .notEnoughMemory(let needed, let available, _)? = error as? ModelError else {
          return false
        }
        return needed > available && available == size / 10
      }
    }
  }
}
