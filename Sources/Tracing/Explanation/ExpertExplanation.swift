public import GGUF
import GPTOSS
public import GPTOSSBlockFormats
import GPTOSSModel

/// What one expert added to a logit, taken apart down to the numbers of a block.
public struct ExpertExplanation: Sendable {
  /// A row of the expert's down projection, which writes one number of the residual stream.
  public struct Row: Sendable {
    /// The row.
    public let index: Int
    /// The number that the engine computed, before the expert's weight.
    public let output: Double
    /// How much of the logit a unit of it makes.
    public let direction: Double
    /// weight · output · direction.
    public let share: Double
  }

  /// A block of a row: some neighboring weights, each times an activation.
  public struct Block: Sendable {
    /// The block's number in the row.
    public let index: Int
    /// The columns of its weights.
    public let columns: Range<Int>
    /// Where its first byte stands in the file; of a split model, in the part that holds the tensor.
    public let byteOffset: Int
    /// The block taken apart.
    public let explanation: BlockExplanation
    /// The activations that its weights are multiplied by, as they were before the engine rounded them
    /// (``LogitExplanation/precision``).
    public let activations: [Float]
    /// Σ weight · activation.
    public let sum: Double

    /// Each weight times its activation.
    public var products: [Double] { zip(explanation.weights, activations).map { Double($0) * Double($1) } }
  }

  /// A row's sum.
  public struct RowSum: Sendable {
    /// The blocks, in order.
    public let blocks: [Block]
    /// What is added at the end.
    public let bias: Double
    /// The sum of the blocks and the bias.
    public var sum: Double { blocks.reduce(bias) { $0 + $1.sum } }
    /// The same as the engine computed it, of rounded activations.
    public let output: Double
  }

  /// The layer.
  public let layer: Int
  /// The expert.
  public let expert: Int
  /// The weight that the router gave it.
  public let weight: Double
  /// All rows.
  public let rows: [Row]
  /// The sum of the rows' shares: the expert's share of the logit.
  public var sum: Double { rows.reduce(0) { $0 + $1.share } }
  /// The tensor with the rows.
  public var tensorName: String { "blk.\(layer).ffn_down_exps.weight" }

  private let vectors: LayerVectors.Expert
  private let weights: FileWeights

  /// Takes an expert's share apart.
  ///
  /// - Returns: nil if the expert was not chosen in this layer.
  public init?(_ explanation: LogitExplanation, layer: Int, expert: Int) {
    guard explanation.vectors.layers.indices.contains(layer),
      let vectors = explanation.vectors.layers[layer].experts.first(where: { $0.index == expert })
    else { return nil }
    let weight = Double(vectors.weight)
    self.layer = layer
    self.expert = expert
    self.weight = weight
    self.vectors = vectors
    weights = explanation.weights
    rows = zip(vectors.output, explanation.direction).enumerated().map { index, pair in
      Row(
        index: index, output: Double(pair.0), direction: pair.1, share: weight * Double(pair.0) * pair.1)
    }
  }

  /// Takes a row's sum apart.
  ///
  /// - Parameter row: below the count of ``rows``.
  /// - Throws: `GGUFError` for a file that is damaged.
  /// - Precondition: there is such a row.
  public func sum(ofRow row: Int) throws(GGUFError) -> RowSum {
    precondition(rows.indices.contains(row), "row \(row) of \(rows.count)")
    var blocks: [Block] = []
    for (byteOffset, explanation) in try weights.blocks(tensorName, expert: expert, row: row) {
      let first = blocks.last?.columns.upperBound ?? 0
      let columns = first..<first + explanation.weights.count
      let activations = Array(vectors.activation[columns])
      let sum = zip(explanation.weights, activations).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      blocks.append(
        Block(
          index: blocks.count, columns: columns, byteOffset: byteOffset, explanation: explanation,
          activations: activations, sum: sum))
    }
    let bias = try weights.row("blk.\(layer).ffn_down_exps.bias", expert: expert)[row]
    return RowSum(blocks: blocks, bias: Double(bias), output: rows[row].output)
  }
}
