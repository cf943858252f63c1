import GGUF
import GPTOSSBlockFormats
import GPTOSSModel
import GPTOSSPlatform

/// A random gpt-oss model of the smallest size that has every feature, in a file of its own.
struct TinyModel {
  static let window = 8
  static let vocabularySize = 96
  private static let (hidden, heads, keyValueHeads, headDimension, experts, expertHidden) = (
    64, 4, 2, 32, 4, 64
  )

  let path: String

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - seed: of the weights.
  ///   - metadata: changes the metadata before it is written.
  ///   - tensors: changes the tensors' descriptions; tensors that are removed are not written.
  init(
    seed: UInt64, metadata change: (inout GGUFMetadata) -> Void = { _ in },
    tensors changeTensors: (inout [GGUFWriter.Tensor]) -> Void = { _ in }
  ) throws {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    path = "\(folder)/tiny-\(UInt64.random(in: .min ... .max)).gguf"
    var metadata = Self.metadata
    change(&metadata)
    var tensors = Self.tensors
    changeTensors(&tensors)
    var random = SystemIndependentNumbers(state: seed)
    var writer = try GGUFWriter(path: path, metadata: metadata, tensors: tensors)
    for tensor in tensors {
      let values = Self.values(tensor, &random)
      let bytes = try BlockFormat(ggmlTypeID: tensor.type.rawValue).map { try encode(values, as: $0) } ?? []
      try writer.write(bytes.span.bytes, to: tensor.name)
    }
    try writer.finish()
  }

  func remove() { unlink(path) }

  private static var metadata: GGUFMetadata {
    var metadata = GGUFMetadata()
    metadata["general.architecture"] = .string("gpt-oss")
    let counts: [(String, Int)] = [
      ("block_count", 3), ("context_length", 512), ("embedding_length", hidden),
      ("expert_feed_forward_length", expertHidden), ("attention.head_count", heads),
      ("attention.head_count_kv", keyValueHeads), ("attention.key_length", headDimension),
      ("attention.value_length", headDimension), ("attention.sliding_window", window),
      ("expert_count", experts), ("expert_used_count", 2), ("rope.scaling.original_context_length", 4_096),
    ]
    for (key, value) in counts { metadata["gpt-oss." + key] = .uint32(UInt32(value)) }
    metadata["gpt-oss.attention.layer_norm_rms_epsilon"] = .float32(1e-5)
    metadata["gpt-oss.rope.freq_base"] = .float32(150_000)
    metadata["gpt-oss.rope.scaling.type"] = .string("yarn")
    metadata["gpt-oss.rope.scaling.factor"] = .float32(32)
    return metadata
  }

  private static var tensors: [GGUFWriter.Tensor] {
    typealias Tensor = GGUFWriter.Tensor
    let (queries, keys) = (heads * headDimension, keyValueHeads * headDimension)
    var tensors = [
      Tensor(name: "token_embd.weight", dimensions: [hidden, vocabularySize], type: .q8_0),
      Tensor(name: "output_norm.weight", dimensions: [hidden], type: .f32),
      Tensor(name: "output.weight", dimensions: [hidden, vocabularySize], type: .f16),
    ]
    for layer in 0..<3 {
      func add(_ name: String, _ dimensions: [Int], _ type: GGUFTensorType = .f32) {
        tensors.append(Tensor(name: "blk.\(layer).\(name)", dimensions: dimensions, type: type))
      }
      add("attn_norm.weight", [hidden])
      for (name, rows) in [("q", queries), ("k", keys), ("v", keys)] {
        add("attn_\(name).weight", [hidden, rows], .q8_0)
        add("attn_\(name).bias", [rows])
      }
      add("attn_output.weight", [queries, hidden], .bf16)
      add("attn_output.bias", [hidden])
      add("attn_sinks.weight", [heads])
      add("post_attention_norm.weight", [hidden])
      add("ffn_gate_inp.weight", [hidden, experts])
      add("ffn_gate_inp.bias", [experts])
      for (name, columns, rows) in [
        ("gate", hidden, expertHidden), ("up", hidden, expertHidden), ("down", expertHidden, hidden),
      ] {
        add("ffn_\(name)_exps.weight", [columns, rows, experts], .mxfp4)
        add("ffn_\(name)_exps.bias", [rows, experts])
      }
    }
    return tensors
  }

  /// Norms near one, matrices that keep the size of what they multiply.
  private static func values(_ tensor: GGUFWriter.Tensor, _ random: inout SystemIndependentNumbers) -> [Float]
  {
    let count = tensor.dimensions.reduce(1, *)
    let isNorm = tensor.name.hasSuffix("norm.weight")
    let scale: Float =
      tensor.name == "token_embd.weight"
      ? 1 : tensor.dimensions.count > 1 ? 2 / Float(tensor.dimensions[0]).squareRoot() : 0.2
    return (0..<count).map { _ in (isNorm ? 1 : 0) + scale * random.float() }
  }
}

private func encode(_ values: [Float], as format: BlockFormat) throws -> [UInt8] {
  guard format != .f32 else { return values.withUnsafeBytes { Array($0) } }
  var bytes = [UInt8](repeating: 0, count: values.count / format.weightsPerBlock * format.bytesPerBlock)
  var span = bytes.mutableSpan
  try format.encoder?.encode(values.span, into: span.mutableBytes)
  return bytes
}

/// SplitMix64: the same on every platform.
struct SystemIndependentNumbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func float() -> Float { Float(Int64(bitPattern: next()) >> 40) / 0x1p23 }

  mutating func token() -> Int { Int(next() % UInt64(TinyModel.vocabularySize)) }
}
