import GGUF
import GPTOSSKernels
import GPTOSSModel
import Testing

/// Files that are no gpt-oss models: each is refused with an error that names what is wrong.
struct LoadingTests {
  @Test func configurationIsRead() throws {
    let model = try TinyModel(seed: 1)
    defer { model.remove() }
    let configuration = try Configuration(GGUFFile(path: model.path).metadata)
    #expect(configuration.layerCount == 3)
    #expect(configuration.slidingWindow == 8)
    #expect(configuration.window(ofLayer: 0) == 8 && configuration.window(ofLayer: 1) == nil)
    #expect(configuration.rope.scalingFactor == 32)
  }

  struct Damage: CustomTestStringConvertible {
    var testDescription: String
    var metadata: @Sendable (inout GGUFMetadata) -> Void = { _ in }
    var tensors: @Sendable (inout [GGUFWriter.Tensor]) -> Void = { _ in }
    var isExpected: @Sendable (ModelError) -> Bool
  }

  static let damages = [
    Damage(
      testDescription: "another architecture", metadata: { $0["general.architecture"] = .string("llama") },
      isExpected: { $0 == .unsupportedArchitecture("llama") }),
    Damage(
      testDescription: "Ollama's variant", metadata: { $0["general.architecture"] = .string("gptoss") },
      isExpected: { "\($0)".contains("Ollama") }),
    Damage(
      testDescription: "a tensor under Ollama's name",
      tensors: { $0 = $0.map { $0.name == "blk.0.attn_sinks.weight" ? $0.named("blk.0.attn_sinks") : $0 } },
      isExpected: { if case .file(let error) = $0, case .ollamaLayout = error.reason { true } else { false } }
    ),
    Damage(
      testDescription: "a missing key", metadata: { $0["gpt-oss.expert_count"] = nil },
      isExpected: { if case .file = $0 { true } else { false } }),
    Damage(
      testDescription: "a key of the wrong type", metadata: { $0["gpt-oss.block_count"] = .string("24") },
      isExpected: { if case .file = $0 { true } else { false } }),
    Damage(
      testDescription: "no layers", metadata: { $0["gpt-oss.block_count"] = .uint32(0) },
      isExpected: { isInvalid($0, "gpt-oss.block_count") }),
    Damage(
      testDescription: "more experts a token than experts",
      metadata: { $0["gpt-oss.expert_used_count"] = .uint32(5) },
      isExpected: { isInvalid($0, "gpt-oss.expert_used_count") }),
    Damage(
      testDescription: "heads that do not divide",
      metadata: { $0["gpt-oss.attention.head_count_kv"] = .uint32(3) },
      isExpected: { isInvalid($0, "gpt-oss.attention.head_count") }),
    Damage(
      testDescription: "an unknown scaling",
      metadata: { $0["gpt-oss.rope.scaling.type"] = .string("linear") },
      isExpected: { isInvalid($0, "gpt-oss.rope.scaling.type") }),
    Damage(
      testDescription: "a base that is not a number",
      metadata: { $0["gpt-oss.rope.freq_base"] = .float32(.nan) },
      isExpected: { isInvalid($0, "gpt-oss.rope.freq_base") }),
    Damage(
      testDescription: "a missing tensor", tensors: { $0.removeAll { $0.name == "blk.1.attn_sinks.weight" } },
      isExpected: { $0 == .missingTensor("blk.1.attn_sinks.weight") }),
    Damage(
      testDescription: "more layers than tensors", metadata: { $0["gpt-oss.block_count"] = .uint32(4) },
      isExpected: { $0 == .missingTensor("blk.3.attn_norm.weight") }),
    Damage(
      testDescription: "another width", metadata: { $0["gpt-oss.embedding_length"] = .uint32(96) },
      isExpected: { if case .wrongShape("token_embd.weight", _, _) = $0 { true } else { false } }),
    Damage(
      testDescription: "fewer experts than tensors", metadata: { $0["gpt-oss.expert_count"] = .uint32(3) },
      isExpected: { if case .wrongShape("blk.0.ffn_gate_inp.weight", _, _) = $0 { true } else { false } }),
  ]

  @Test(arguments: damages)
  func damageIsNamed(damage: Damage) throws {
    let model = try TinyModel(seed: 2, metadata: damage.metadata, tensors: damage.tensors)
    defer { model.remove() }
    let file = try GGUFFile(path: model.path)
    do {
      _ = try Transformer(file, kernels: .portable, threadCount: 1)
      Issue.record("the file was accepted")
    } catch {
      #expect(damage.isExpected(error), "\(error)")
      #expect(!"\(error)".contains("\n"))
    }
  }

  private static func isInvalid(_ error: ModelError, _ key: String) -> Bool {
    if case .invalidConfiguration(key, _) = error { true } else { false }
  }
}

extension GGUFWriter.Tensor {
  fileprivate func named(_ name: String) -> Self {
    Self(name: name, dimensions: dimensions, type: type)
  }
}
