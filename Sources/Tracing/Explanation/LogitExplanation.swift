public import GGUF
public import GPTOSS
import GPTOSSBlockFormats
import GPTOSSModel

/// One logit taken apart into what wrote it.
///
/// The residual stream *x* is a sum: the token's embedding, and what attention and the chosen experts of
/// every layer added. A logit is linear in it once its length is known:
///
///     logit = Σ_i x[i] · direction[i],   direction[i] = norm[i] · output[token, i] / √(mean(x²) + ε)
///
/// So each part has a share of the logit, and the shares add up to it. All is computed in double precision
/// from what the engine added and from the file's weights.
public struct LogitExplanation: Sendable {
  /// What wrote to the residual stream.
  public enum Writer: Sendable, Hashable {
    /// The embedding of the token that was read.
    case embedding
    /// A layer's attention.
    case attention(layer: Int)
    /// One of a layer's chosen experts.
    case expert(layer: Int, expert: Int)
  }

  /// A part's share.
  public struct Share: Sendable {
    /// Who wrote it.
    public let writer: Writer
    /// The weight that the router gave an expert; nil for other parts.
    public let weight: Double?
    /// Its share of the logit.
    public let share: Double
  }

  /// The token whose logit it is.
  public let token: TokenID
  /// The logit as the engine computed it.
  public let logit: Double
  /// √(mean(x²) + ε) of the residual stream.
  public let rootMeanSquare: Double
  /// `[hiddenSize]`: how much of the logit one unit of each number of the residual stream makes.
  public let direction: [Double]
  /// The parts in the order in which they wrote.
  public let shares: [Share]
  /// The sum of the shares.
  public var sum: Double { shares.reduce(0) { $0 + $1.share } }

  let weights: FileWeights
  let vectors: TokenVectors

  /// Takes a logit apart.
  ///
  /// - Parameters:
  ///   - token: the token whose logit it is.
  ///   - read: the token that was read before it.
  ///   - vectors: of that one's position.
  ///   - configuration: the model's.
  ///   - file: the model's file.
  /// - Throws: `GGUFError` for a file that is another model's.
  public init(
    of token: TokenID, after read: TokenID, _ vectors: TokenVectors, _ configuration: Configuration,
    file: GGUFFile
  ) throws(GGUFError) {
    let weights = FileWeights(file: file)
    let residual = vectors.layers.last?.residual ?? []
    let squares = residual.reduce(0.0) { $0 + Double($1) * Double($1) }
    let root = (squares / Double(residual.count) + Double(configuration.normEpsilon)).squareRoot()
    let norm = try weights.row("output_norm.weight")
    let output = try weights.row(weights.outputName, row: token)
    let direction = zip(norm, output).map { Double($0) * Double($1) / root }
    func share(_ vector: [Float]) -> Double { zip(vector, direction).reduce(0) { $0 + Double($1.0) * $1.1 } }
    var shares = [
      Share(writer: .embedding, weight: nil, share: share(try weights.row("token_embd.weight", row: read)))
    ]
    for (index, layer) in vectors.layers.enumerated() {
      shares.append(Share(writer: .attention(layer: index), weight: nil, share: share(layer.attention)))
      for expert in layer.experts {
        shares.append(
          Share(
            writer: .expert(layer: index, expert: expert.index), weight: Double(expert.weight),
            share: Double(expert.weight) * share(expert.output)))
      }
    }
    self.token = token
    logit = Double(vectors.logits[token])
    rootMeanSquare = root
    self.direction = direction
    self.shares = shares
    self.weights = weights
    self.vectors = vectors
  }
}

/// Rows of a model's file, decoded.
struct FileWeights: Sendable {
  let file: GGUFFile

  /// The tensor that makes logits.
  var outputName: String {
    file.tensor(named: "output.weight") == nil ? "token_embd.weight" : "output.weight"
  }

  /// A row of a tensor; the whole of a vector.
  func row(_ name: String, expert: Int? = nil, row: Int? = nil) throws(GGUFError) -> [Float] {
    let (format, tensor) = try slice(name, expert: expert, row: row)
    var values = [Float](repeating: 0, count: tensor.weightCount)
    file.withBytes(of: tensor) { format.decode($0, into: values.mutableSpan) }
    return values
  }

  /// A row's blocks, taken apart.
  func blocks(_ name: String, expert: Int, row: Int) throws(GGUFError) -> [BlockExplanation] {
    let (format, tensor) = try slice(name, expert: expert, row: row)
    let size = format.bytesPerBlock
    return file.withBytes(of: tensor) { bytes in
      (0..<bytes.byteCount / size).map { format.explain(bytes.extracting($0 * size..<($0 + 1) * size)) }
    }
  }

  private func slice(
    _ name: String, expert: Int?, row: Int?
  ) throws(GGUFError) -> (BlockFormat, GGUFTensor) {
    guard let tensor = file.tensor(named: name), let format = BlockFormat(ggmlTypeID: tensor.type.rawValue)
    else {
      // The model that was loaded has them all.
      preconditionFailure("\(name) is of another model")
    }
    return (format, try file.slice(of: tensor, expert: expert, row: row))
  }
}
