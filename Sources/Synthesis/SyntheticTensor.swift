import GGUF
import GPTOSSBlockFormats

/// A tensor of a synthetic model: its name, shape and format, and how its values are spread.
struct SyntheticTensor {
  let name: String
  /// In ggml's order, the length of a row first.
  let dimensions: [Int]
  let format: BlockFormat
  /// Mean and standard deviation of the values.
  let mean: Float
  let deviation: Float

  var byteCount: Int { dimensions.reduce(1, *) / format.weightsPerBlock * format.bytesPerBlock }

  /// The tensor as the writer wants it declared.
  var record: GGUFWriter.Tensor {
    guard let type = GGUFTensorType(rawValue: format.ggmlTypeID) else {
      preconditionFailure("\(format.name) has a number that GGUF does not know")
    }
    return .init(name: name, dimensions: dimensions, type: type)
  }
}

extension SyntheticModel {
  /// All tensors, in the order of published files.
  ///
  /// A matrix whose weights have the deviation 1/√columns keeps the size of its input. Projections into
  /// scores and gates have a somewhat larger one, so that attention and experts have preferences.
  var tensors: [SyntheticTensor] {
    let (hidden, expertHidden) = (shape.hiddenSize, shape.expertHiddenSize)
    let queries = shape.queryHeadCount * shape.headDimension
    let keys = shape.keyValueHeadCount * shape.headDimension
    let experts = shape.expertCount

    var list = [
      matrix("token_embd", rows: vocabulary.tokens.count, columns: hidden, gain: Float(hidden).squareRoot())
    ]
    for layer in 0..<shape.layerCount {
      let prefix = "blk.\(layer)."
      list += [vector(prefix + "attn_norm.weight", [hidden], mean: 1, deviation: 0.02)]
      list += biased(matrix(prefix + "attn_q", rows: queries, columns: hidden, gain: 1.5), 0.2)
      list += biased(matrix(prefix + "attn_k", rows: keys, columns: hidden, gain: 1.5), 0.2)
      list += biased(matrix(prefix + "attn_v", rows: keys, columns: hidden), 0.1)
      list += biased(matrix(prefix + "attn_output", rows: hidden, columns: queries), 0.1)
      list += [
        vector(prefix + "attn_sinks.weight", [shape.queryHeadCount], deviation: 1),
        vector(prefix + "post_attention_norm.weight", [hidden], mean: 1, deviation: 0.02),
      ]
      let routerDeviation = 2 / Float(hidden).squareRoot()
      list += biased(
        vector(prefix + "ffn_gate_inp.weight", [hidden, experts], deviation: routerDeviation), 0.1)
      list += biased(
        expertMatrices(prefix + "ffn_gate_exps", rows: expertHidden, columns: hidden, gain: 1.5), 0.2)
      list += biased(
        expertMatrices(prefix + "ffn_up_exps", rows: expertHidden, columns: hidden, gain: 1.5), 0.2)
      list += biased(
        expertMatrices(prefix + "ffn_down_exps", rows: hidden, columns: expertHidden, gain: 1), 0.1)
    }
    list.append(vector("output_norm.weight", [hidden], mean: 1, deviation: 0.02))
    list.append(matrix("output", rows: vocabulary.tokens.count, columns: hidden, gain: 2))
    return list
  }

  private func matrix(_ name: String, rows: Int, columns: Int, gain: Float = 1) -> SyntheticTensor {
    SyntheticTensor(
      name: name + ".weight", dimensions: [columns, rows],
      format: matrixFormat.fitting(columns: columns), mean: 0,
      deviation: gain / Float(columns).squareRoot())
  }

  private func expertMatrices(_ name: String, rows: Int, columns: Int, gain: Float) -> SyntheticTensor {
    SyntheticTensor(
      name: name + ".weight", dimensions: [columns, rows, shape.expertCount],
      format: expertFormat.fitting(columns: columns), mean: 0,
      deviation: gain / Float(columns).squareRoot())
  }

  private func vector(_ name: String, _ dimensions: [Int], mean: Float = 0, deviation: Float)
    -> SyntheticTensor
  {
    SyntheticTensor(name: name, dimensions: dimensions, format: .f32, mean: mean, deviation: deviation)
  }

  /// A matrix, and a bias for each of its rows.
  private func biased(_ matrix: SyntheticTensor, _ deviation: Float) -> [SyntheticTensor] {
    let name = String(matrix.name.dropLast("weight".count)) + "bias"
    return [matrix, vector(name, Array(matrix.dimensions.dropFirst()), deviation: deviation)]
  }
}

extension BlockFormat {
  /// The format, or what takes its place in rows that are no multiple of its blocks.
  fileprivate func fitting(columns: Int) -> BlockFormat {
    switch self {
    case .q4_K where columns % weightsPerBlock != 0: .q5_0
    case .q5_K where columns % weightsPerBlock != 0: .q5_1
    case .q6_K where columns % weightsPerBlock != 0: .q8_0
    default: self
    }
  }
}
