import Foundation
import GPTOSS
import GPTOSSMeasurement
import Testing

/// KL by hand, and of models beside the reference.
struct DivergenceTests {
  /// ¼ and ¾ against ½ and ½: ¼ ln ½ + ¾ ln 1½. An added constant changes no probability.
  @Test func byHand() {
    var divergence = Divergence()
    let reference: [Float] = [Float(log(0.25)) + 7, Float(log(0.75)) + 7]
    divergence.add(reference: reference.span, model: ([-3, -3] as [Float]).span)
    let expected = 0.25 * log(0.5) + 0.75 * log(1.5)
    #expect(abs(divergence.mean - expected) < 1e-6)
    // Of two that are the same the first is the best.
    #expect(divergence.otherBest == 1)
    divergence.add(reference: reference.span, model: reference.span)
    #expect(abs(divergence.mean - expected / 2) < 1e-6 && abs(divergence.largest - expected) < 1e-6)
    #expect(divergence.predictionCount == 2 && divergence.otherBest == 1)
  }

  @Test func impossibleTokensAddNothing() {
    var divergence = Divergence()
    let logits: [Float] = [0, -.infinity]
    divergence.add(reference: logits.span, model: logits.span)
    #expect(divergence.mean == 0)
  }

  @Test func aNaNStays() {
    var divergence = Divergence()
    for model in [[0, .nan], [0, 0]] as [[Float]] {
      divergence.add(reference: ([0, 0] as [Float]).span, model: model.span)
    }
    #expect(divergence.mean.isNaN && divergence.largest.isNaN)
  }

  @Test func nothingComparedIsZero() { #expect(Divergence().mean == 0) }

  /// The model against itself is 0, and `fast` is near the reference without being it.
  @Test func models() async throws {
    func model(_ kernels: KernelSetName, _ precision: Precision) async throws -> LanguageModel {
      let options = LoadOptions(kernels: kernels, precision: precision, cacheByteLimit: 0)
      return try await LanguageModel.load(contentsOf: TinyModel.path, options: options)
    }
    let reference = try await model(.reference, .precise)
    let same = try await Predictions(of: reference, count: 16).divergence(from: reference)
    #expect(same.predictionCount == 16 && same.mean == 0 && same.otherBest == 0)
    let predictions = try await Predictions(of: model(.portable, .fast), count: 16)
    let divergence = try await predictions.divergence(from: reference)
    #expect(divergence.mean > 0 && divergence.mean < 1e-2, "KL \(divergence.mean)")
  }
}
