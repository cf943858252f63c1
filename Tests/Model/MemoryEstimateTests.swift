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
}
