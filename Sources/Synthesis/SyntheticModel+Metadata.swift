package import GGUF
import GPTOSSTokenizer

extension SyntheticModel {
  /// The metadata of published files, in their order, with this model's values.
  package var metadata: GGUFMetadata {
    var metadata = GGUFMetadata()
    let prefix = "gpt-oss"
    metadata["general.architecture"] = .string(prefix)
    metadata["general.name"] = .string("random gpt-oss \(shape.name)")
    for (key, value) in [
      ("block_count", shape.layerCount), ("context_length", 131_072), ("embedding_length", shape.hiddenSize),
      ("feed_forward_length", shape.expertHiddenSize), ("attention.head_count", shape.queryHeadCount),
      ("attention.head_count_kv", shape.keyValueHeadCount), ("expert_count", shape.expertCount),
      ("expert_used_count", shape.expertsPerToken), ("attention.key_length", shape.headDimension),
      ("attention.value_length", shape.headDimension), ("attention.sliding_window", shape.slidingWindow),
      ("expert_feed_forward_length", shape.expertHiddenSize), ("rope.scaling.original_context_length", 4096),
    ] {
      metadata["\(prefix).\(key)"] = .uint32(UInt32(value))
    }
    metadata["\(prefix).rope.freq_base"] = .float32(150_000)
    metadata["\(prefix).attention.layer_norm_rms_epsilon"] = .float32(1e-5)
    metadata["\(prefix).rope.scaling.type"] = "yarn"
    metadata["\(prefix).rope.scaling.factor"] = .float32(32)
    metadata["tokenizer.ggml.model"] = "gpt2"
    metadata["tokenizer.ggml.pre"] = "gpt-4o"
    metadata["tokenizer.ggml.tokens"] = .array(GGUFArray(vocabulary.tokens))
    metadata["tokenizer.ggml.token_type"] = .array(GGUFArray(vocabulary.types.map(\.rawValue)))
    metadata["tokenizer.ggml.merges"] = .array(GGUFArray(vocabulary.merges))
    for (key, name) in [("bos", "<|startoftext|>"), ("eos", "<|return|>"), ("padding", "<|endoftext|>")] {
      guard let token = vocabulary.tokens.lastIndex(of: name) else { continue }
      metadata["tokenizer.ggml.\(key)_token_id"] = .uint32(UInt32(token))
    }
    return metadata
  }
}
