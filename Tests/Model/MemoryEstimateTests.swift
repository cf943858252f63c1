import GGUF
import GPTOSSKernels
import GPTOSSModel
import Testing

/// Memory is foretold as it is taken.
struct MemoryEstimateTests {
  @Test func cacheAndWorkspaceAreWhatIsAllocated() throws {
    let model = try TinyModel(seed: 21)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    let estimate = try MemoryEstimate(file, contextLength: 300, largestBatch: 16, kernels: .portable)
    let transformer = try Transformer(
      file, kernels: .portable, weights: .mapped, threadCount: 1, contextLength: 300, largestBatch: 16)
    let cache = transformer.makeCache()
    for layer in cache.layers { layer.reserve(300) }
    // Chunks of pages may have room for more.
    #expect(estimate.cache <= cache.byteCount && cache.byteCount < 2 * estimate.cache)
    let tiny = try MemoryEstimate(file, contextLength: 1, largestBatch: 16, kernels: .portable)
    #expect(tiny.cache < estimate.cache && tiny.workspace == estimate.workspace)
    #expect(estimate.workspace == Workspace(transformer.configuration, tokens: 16).byteCount)
    #expect(estimate.total == estimate.weights + estimate.cache + estimate.workspace)
  }

  @Test func weightsFollowTheirPlace() throws {
    let model = try TinyModel(seed: 22)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    let all = file.tensors.reduce(0) { $0 + $1.byteCount }
    let resident = try MemoryEstimate(file, kernels: .portable)
    let mapped = try MemoryEstimate(file, residency: .mapped, kernels: .portable)
    #expect(mapped.weights < all && resident.weights <= all && mapped.contextLength == 512)
  }

  /// An embedding that is not the output matrix too stays in the file, and a token reads one row of it.
  @Test func theEmbeddingStaysInTheFile() throws {
    let model = try TinyModel(seed: 23)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    let embedding = try #require(file.tensor(named: "token_embd.weight"))
    try #require(file.tensor(named: "output.weight") != nil)
    let others = file.tensors.filter { $0.name != embedding.name }.reduce(0) { $0 + $1.byteCount }
    let resident = try MemoryEstimate(file, kernels: .blas)
    #expect(resident.weights == others)
    // With all memory that the estimate asks for, the weights may go there.
    #expect(
      try Configuration(file.metadata).residency(
        of: file, wanted: .resident, kernels: .blas, available: resident.weights) == .resident)
    let experts = file.tensors.filter { $0.name.contains("_exps.") }.reduce(0) { $0 + $1.byteCount }
    let mapped = try MemoryEstimate(file, residency: .mapped, kernels: .blas)
    #expect(mapped.weights < others - experts / 4)
  }
}
