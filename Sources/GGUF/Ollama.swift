// Ollama keeps gpt-oss in a layout of its own: keys `gptoss.*`, fused tensors, and, in its first files,
// MXFP4 under a number that ggml had given up. It is recognised and named.

extension GGUFTensorType {
  /// ggml's removed Q4_2, which Ollama took for MXFP4 with the nibbles in OpenAI's order.
  ///
  /// Source: ollama/ollama, `ml/backend/ggml/ggml.go`, which turns kind 4 into ggml's 39 on loading.
  static let ollamaMXFP4: UInt32 = 4
}

extension GGUFMetadata {
  var isOllamaArchitecture: Bool {
    self["general.architecture"] == "gptoss"
  }
}

extension GGUFFile {
  /// Throws ``GGUFError/Reason/ollamaLayout(trait:)`` for a file in Ollama's layout of gpt-oss.
  package func refuseOllamaLayout() throws(GGUFError) {
    let fused = ["attn_qkv.weight", "attn_out.weight", "ffn_gate_up_exps.weight", "attn_sinks"]
    let trait: String
    if metadata.isOllamaArchitecture {
      trait = "architecture gptoss"
    } else if let name = fused.lazy.map({ "blk.0." + $0 }).first(where: { tensor(named: $0) != nil }) {
      trait = "tensor \(name)"
    } else {
      return
    }
    throw GGUFError(path: path, reason: .ollamaLayout(trait: trait))
  }
}
