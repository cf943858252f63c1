// Ollama keeps gpt-oss in a layout of its own: keys `gptoss.*`, fused tensors, and, in its first files,
// MXFP4 under a number that ggml had given up. It is recognized and named.

extension GGUFTensorType {
  /// ggml's removed Q4_2, which Ollama took for MXFP4 with the nibbles in OpenAI's order.
  ///
  /// Source: ollama/ollama, `ml/backend/ggml/ggml.go`, which turns kind 4 into ggml's 39 on loading.
  static let ollamaMXFP4: UInt32 = 4
}

extension GGUFMetadata {
  /// Whether the metadata are under Ollama's name for gpt-oss.
  var isOllamaArchitecture: Bool {
    self["general.architecture"] == "gptoss"
  }
}

extension GGUFFile {
  /// Refuses a file whose first layer has tensors as Ollama fuses or names them.
  ///
  /// - Throws: ``GGUFError/Reason/ollamaLayout(trait:)``.
  package func refuseOllamaTensors() throws(GGUFError) {
    let traits = [
      "attn_qkv.weight", "attn_out.weight", "ffn_norm.weight", "ffn_gate_up_exps.weight", "attn_sinks",
    ]
    for name in traits.map({ "blk.0." + $0 }) where tensor(named: name) != nil {
      throw GGUFError(path: path, reason: .ollamaLayout(trait: "its tensor \(name)"))
    }
  }
}
