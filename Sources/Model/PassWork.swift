package import GGUF
package import GPTOSSBlockFormats

/// The multiply-adds that tokens take: of matrix products, and of attention.
///
/// A token meets every weight of its products once: all of attention's and the router's, and those of the
/// experts that it chooses. The output is met where logits are wanted. What is left out (norms, rotation,
/// activation, softmax) is under a hundredth.
package struct PassWork: Sendable {
  private var layerWeights: [BlockFormat: Double] = [:]
  private var outputWeights: [BlockFormat: Double] = [:]
  private let configuration: Configuration

  /// - Parameters:
  ///   - file: a model's.
  ///   - configuration: the file's own.
  package init(_ file: GGUFFile, _ configuration: Configuration) {
    self.configuration = configuration
    let share = Double(configuration.expertsPerToken) / Double(configuration.expertCount)
    let output = file.tensor(named: "output.weight") ?? file.tensor(named: "token_embd.weight")
    for tensor in file.tensors where tensor.name.hasSuffix(".weight") && tensor.dimensions.count > 1 {
      guard let format = BlockFormat(ggmlTypeID: tensor.type.rawValue) else { continue }
      let count = tensor.dimensions.reduce(1.0) { $0 * Double($1) }
      if tensor.name == output?.name {
        outputWeights[format, default: 0] += count
      } else if tensor.name.contains("_exps.") {
        layerWeights[format, default: 0] += count * share
      } else if tensor.name != "token_embd.weight" {
        layerWeights[format, default: 0] += count
      }
    }
  }

  /// The multiply-adds of matrix products, by the format of the weights in the file.
  ///
  /// - Parameters:
  ///   - tokenCount: tokens that are read.
  ///   - logitCount: how many of them logits are wanted of.
  package func products(tokenCount: Int, logitCount: Int) -> [BlockFormat: Double] {
    layerWeights.mapValues { $0 * Double(tokenCount) }
      .merging(outputWeights.mapValues { $0 * Double(logitCount) }, uniquingKeysWith: +)
  }

  /// The multiply-adds of attention: a query with every key that it sees, and its weight with the value.
  ///
  /// - Parameters:
  ///   - tokenCount: tokens that are read.
  ///   - depth: positions before them.
  package func attention(tokenCount: Int, depth: Int) -> Double {
    let perPosition = 2 * Double(configuration.queryHeadCount * configuration.headDimension)
    var positions = 0.0
    for layer in 0..<configuration.layerCount {
      let window = configuration.window(ofLayer: layer) ?? .max
      // Tokens at `growing` see all before them and themselves, the others the window.
      let growing = depth..<max(depth, min(depth + tokenCount, window))
      positions += Double(growing.count) * Double(growing.lowerBound + growing.upperBound + 1) / 2
      positions += window == .max ? 0 : Double(tokenCount - growing.count) * Double(window)
    }
    return perPosition * positions
  }
}
