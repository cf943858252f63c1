import Foundation
package import GPTOSS
import GPTOSSPlatform
import GPTOSSTokenizer

/// How far a model's predictions are from those of a reference.
///
///     KL = Σ p · ln(p / q)
///
/// p are the reference's probabilities of the next token and q the model's. 0 for the same predictions.
package struct Divergence: Sendable, Equatable {
  /// How many predictions were compared.
  package private(set) var predictionCount = 0
  /// The largest KL of a prediction, in nats.
  package private(set) var largest = 0.0
  /// Predictions whose most probable token is another one.
  package private(set) var otherBest = 0
  private var sum = 0.0

  /// Nothing compared yet.
  package init() {}

  /// The mean KL of a prediction, in nats; 0 without predictions.
  package var mean: Double { predictionCount == 0 ? 0 : sum / Double(predictionCount) }

  /// Compares the predictions of one token.
  ///
  /// - Parameters:
  ///   - reference: logits, `[vocabulary]`.
  ///   - model: logits, `[vocabulary]`. Where either has a NaN the KL is NaN.
  /// - Precondition: both have as many tokens, at least one.
  package mutating func add(reference: Span<Float>, model: Span<Float>) {
    precondition(reference.count == model.count && !reference.isEmpty)
    let (p, q) = (Distribution(reference), Distribution(model))
    var divergence = 0.0
    for token in reference.indices {
      let logP = Double(reference[token]) - p.logSum
      let probability = exp(logP)
      // What cannot come adds nothing, whatever the model says of it.
      if probability != 0 { divergence += probability * (logP - (Double(model[token]) - q.logSum)) }
    }
    predictionCount += 1
    sum += divergence
    // As a comparison with NaN is false, NaN is kept apart.
    largest = divergence.isNaN || largest.isNaN ? .nan : max(largest, divergence)
    if p.best != q.best { otherBest += 1 }
  }

  /// The most probable token, and ln Σ e^logit.
  private struct Distribution {
    var best = 0
    var logSum = 0.0

    init(_ logits: Span<Float>) {
      for token in logits.indices where logits[token] > logits[best] { best = token }
      let largest = Double(logits[best])
      var sum = 0.0
      for token in logits.indices { sum += exp(Double(logits[token]) - largest) }
      logSum = largest + log(sum)
    }
  }
}

/// A model's predictions for a short English text.
package struct Predictions: Sendable {
  /// What the model read.
  package let tokens: [TokenID]
  private let logits: [[Float]]

  /// Reads the first tokens of the text, each at its position.
  ///
  /// - Parameter count: the most tokens, at least 1; fewer if the context or the text has fewer.
  /// - Throws: `GPTOSSError`; `CancellationError`.
  package init(of model: LanguageModel, count: Int) async throws {
    let tokens = model.tokenizer.encode(Self.text).prefix(min(count, model.configuration.contextLength))
    try await self.init(of: model, tokens: Array(tokens))
  }

  private init(
    of model: LanguageModel, tokens: [TokenID],
    progress: @escaping @Sendable (_ share: Double) -> Void = { _ in }
  ) async throws {
    let rows = Locked<[[Float]]>([])
    try await model.withLogits(of: tokens, at: 0..<tokens.count) { position, logits in
      rows.withLock { $0.append(logits.withUnsafeBufferPointer { Array($0) }) }
      progress(Double(position + 1) / Double(tokens.count))
    }
    (self.tokens, logits) = (tokens, rows.withLock { $0 })
  }

  /// How far they are from those of another model of the same vocabulary for the same tokens.
  ///
  /// - Parameter progress: is told which share the reference has read, on its thread.
  /// - Throws: `GPTOSSError`; `CancellationError`.
  package func divergence(
    from reference: LanguageModel, progress: @escaping @Sendable (_ share: Double) -> Void = { _ in }
  ) async throws -> Divergence {
    let expected = try await Predictions(of: reference, tokens: tokens, progress: progress)
    var divergence = Divergence()
    for (row, model) in zip(expected.logits, logits) {
      divergence.add(reference: row.span, model: model.span)
    }
    return divergence
  }

  private static let text = """
    The lighthouse at the end of the island was built in 1871, when forty ships a year were lost between the \
    rocks and the open sea. Its keeper wrote down every evening how far the light could be seen, what the wind \
    was doing, and who had passed. "Clear to the north, fog by midnight," he noted; "two schooners, one of them \
    without her mainsail." After 23 years the books filled a shelf, and a weather office asked for copies.
    """
}
