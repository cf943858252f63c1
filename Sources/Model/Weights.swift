import GGUF
import GPTOSSBlockFormats
import GPTOSSKernels
import GPTOSSPlatform

/// The tensors of a model, checked against its configuration; matrices where `WeightPlacement` puts them.
struct Weights: Sendable {
  let embedding: WeightMatrix
  let layers: [LayerWeights]
  let outputNorm: FloatVector
  /// `[vocabulary, hiddenSize]`; the embedding itself where the file has no separate output matrix.
  let output: WeightMatrix

  /// Keep the matrices' memory alive.
  private let file: GGUFFile
  private let memory: HugePageMemory?

  var vocabularySize: Int { embedding.rows }

  /// Finds and checks all tensors and gives their matrices a place, which `placement.fill` fills.
  init(_ file: GGUFFile, _ configuration: Configuration, _ placement: WeightPlacement) throws(ModelError) {
    do { try file.refuseOllamaTensors() } catch { throw .file(error) }
    let reader = TensorReader(file: file, placement: placement)
    let hidden = configuration.hiddenSize
    let vocabularySize = try reader.rows("token_embd.weight", columns: hidden)
    outputNorm = try reader.vector("output_norm.weight", hidden)
    if file.tensor(named: "output.weight") == nil {
      output = try reader.matrix("token_embd.weight", rows: vocabularySize, columns: hidden)
      embedding = output
    } else {
      output = try reader.matrix("output.weight", rows: vocabularySize, columns: hidden)
      // A token reads one row of it: it stays in the file.
      embedding = try reader.mappedMatrix("token_embd.weight", rows: vocabularySize, columns: hidden)
    }
    var layers: [LayerWeights] = []
    for layer in 0..<configuration.layerCount {
      layers.append(try LayerWeights(reader, configuration, layer: layer))
    }
    self.layers = layers
    self.file = file
    memory = placement.memory
  }
}

/// The tensors of one transformer block, `blk.N.` in the file.
struct LayerWeights: Sendable {
  let attentionNorm: FloatVector
  let query: Projection
  let key: Projection
  let value: Projection
  let attentionOutput: Projection
  /// `[queryHeads]`.
  let sinks: FloatVector
  let expertNorm: FloatVector
  /// `[experts, hiddenSize]`.
  let router: Projection
  /// `[experts · expertHiddenSize, hiddenSize]`, one expert after the other.
  let gate: Projection
  /// `[experts · expertHiddenSize, hiddenSize]`, one expert after the other.
  let up: Projection
  /// `[experts · hiddenSize, expertHiddenSize]`, one expert after the other.
  let down: Projection

  fileprivate init(_ reader: TensorReader, _ configuration: Configuration, layer: Int) throws(ModelError) {
    let prefix = "blk.\(layer)."
    let hidden = configuration.hiddenSize
    let queries = configuration.queryHeadCount * configuration.headDimension
    let keys = configuration.keyValueHeadCount * configuration.headDimension
    let experts = configuration.expertCount
    let expertHidden = configuration.expertHiddenSize
    attentionNorm = try reader.vector(prefix + "attn_norm.weight", hidden)
    query = try reader.projection(prefix + "attn_q", rows: queries, columns: hidden)
    key = try reader.projection(prefix + "attn_k", rows: keys, columns: hidden)
    value = try reader.projection(prefix + "attn_v", rows: keys, columns: hidden)
    attentionOutput = try reader.projection(prefix + "attn_output", rows: hidden, columns: queries)
    sinks = try reader.vector(prefix + "attn_sinks.weight", configuration.queryHeadCount)
    expertNorm = try reader.vector(prefix + "post_attention_norm.weight", hidden)
    router = try reader.projection(prefix + "ffn_gate_inp", rows: experts, columns: hidden)
    gate = try reader.projection(
      prefix + "ffn_gate_exps", rows: expertHidden, columns: hidden, experts: experts)
    up = try reader.projection(prefix + "ffn_up_exps", rows: expertHidden, columns: hidden, experts: experts)
    down = try reader.projection(
      prefix + "ffn_down_exps", rows: hidden, columns: expertHidden, experts: experts)
  }
}

/// Finds tensors by name and checks their shape and format.
private struct TensorReader {
  let file: GGUFFile
  let placement: WeightPlacement

  private func find(_ name: String) throws(ModelError) -> GGUFTensor {
    guard let tensor = file.tensor(named: name) else { throw .missingTensor(name) }
    return tensor
  }

  /// The number of rows of a matrix that has `columns` columns.
  func rows(_ name: String, columns: Int) throws(ModelError) -> Int {
    let tensor = try find(name)
    guard tensor.dimensions.count == 2, tensor.dimensions[0] == columns, tensor.dimensions[1] > 0 else {
      throw .wrongShape(tensor: name, expected: [columns, -1], actual: tensor.dimensions)
    }
    return tensor.dimensions[1]
  }

  func matrix(_ name: String, rows: Int, columns: Int) throws(ModelError) -> WeightMatrix {
    try placement.place([mappedMatrix(name, rows: rows, columns: columns)], of: find(name))[0]
  }

  /// A matrix, or a stack of them, as it lies in the file.
  func mappedMatrix(
    _ name: String, rows: Int, columns: Int, experts: Int? = nil
  ) throws(ModelError) -> WeightMatrix {
    let tensor = try find(name)
    let expected = [columns, rows] + (experts.map { [$0] } ?? [])
    let format = try checked(tensor, expected)
    return WeightMatrix(
      format: format, rows: rows * (experts ?? 1), columns: columns, bytes: file.bytes(of: tensor))
  }

  func projection(
    _ name: String, rows: Int, columns: Int, experts: Int? = nil
  ) throws(ModelError) -> Projection {
    let weight = name + ".weight"
    let stack = try mappedMatrix(weight, rows: rows, columns: columns, experts: experts)
    let matrices = (0..<(experts ?? 1)).map { stack.rows($0 * rows..<($0 + 1) * rows) }
    return Projection(
      matrices: try placement.place(matrices, of: find(weight)),
      bias: try values(name + ".bias", experts.map { [rows, $0] } ?? [rows]))
  }

  func vector(_ name: String, _ count: Int) throws(ModelError) -> FloatVector {
    try values(name, [count])
  }

  /// A small tensor, decoded.
  private func values(_ name: String, _ expected: [Int]) throws(ModelError) -> FloatVector {
    let tensor = try find(name)
    let format = try checked(tensor, expected)
    let count = expected.reduce(1, *)
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      format.decode(file.bytes(of: tensor).bytes, into: buffer.mutableSpan)
      initialized = count
    }
    return FloatVector(values)
  }

  private func checked(_ tensor: GGUFTensor, _ expected: [Int]) throws(ModelError) -> BlockFormat {
    guard tensor.dimensions.droppingTrailingOnes == expected.droppingTrailingOnes else {
      throw .wrongShape(tensor: tensor.name, expected: expected, actual: tensor.dimensions)
    }
    guard let format = BlockFormat(ggmlTypeID: tensor.type.rawValue) else {
      throw .unsupportedFormat(tensor: tensor.name, format: tensor.type.name)
    }
    return format
  }
}

extension [Int] {
  /// ggml counts dimensions of 1 at the end as absent.
  fileprivate var droppingTrailingOnes: ArraySlice<Int> {
    self[..<((lastIndex { $0 != 1 } ?? -1) + 1)]
  }
}
