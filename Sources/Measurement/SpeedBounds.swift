package import GGUF
package import GPTOSS
import GPTOSSBlockFormats
package import GPTOSSKernels
package import GPTOSSModel

/// What bounds a model's speed on this machine, measured in the same run: memory, which a decode waits for, and
/// arithmetic, which a prefill waits for.
///
/// The arithmetic's peak is that of the kernels' own inner products on data in the first-level cache, mixed as
/// the model mixes formats: a model whose multiply-adds are four fifths MXFP4 and a fifth Q8_0 spends at its
/// peak four fifths of them at the one's rate and a fifth at the other's. Attention's multiply-adds are counted
/// with the products' and compared with the same peak.
package struct SpeedBounds: Sendable {
  /// Bytes per second that memory delivers.
  package private(set) var streamBytesPerSecond: Double
  /// Multiply-adds per second of inner products with a prompt's activations.
  package private(set) var prefillPeak: Double
  /// Multiply-adds per second of inner products with a generated token's activations, which are `precise`
  /// always.
  package private(set) var decodePeak: Double

  private let bytesPerToken: Int
  private let work: PassWork

  /// Bounds that were measured elsewhere.
  package init(
    _ file: GGUFFile, _ configuration: Configuration, streamBytesPerSecond: Double, prefillPeak: Double,
    decodePeak: Double
  ) {
    self.streamBytesPerSecond = streamBytesPerSecond
    (self.prefillPeak, self.decodePeak) = (prefillPeak, decodePeak)
    bytesPerToken = file.bytesPerToken(configuration)
    work = PassWork(file, configuration)
  }

  /// The medians of several rounds, because rates are medians too: memory may be fast in one minute and slow in
  /// the next.
  ///
  /// - Parameter rounds: of one model with one precision. Nil if there are none.
  package init?(of rounds: [SpeedBounds]) {
    guard var bounds = rounds.first, let stream = Spread(rounds.map(\.streamBytesPerSecond)),
      let prefill = Spread(rounds.map(\.prefillPeak)), let decode = Spread(rounds.map(\.decodePeak))
    else { return nil }
    bounds.streamBytesPerSecond = stream.median
    (bounds.prefillPeak, bounds.decodePeak) = (prefill.median, decode.median)
    self = bounds
  }

  /// Measures this machine, in about a second.
  ///
  /// - Parameters:
  ///   - file: the model's.
  ///   - model: where kernels, threads and the place of the weights come from.
  ///   - precision: of a prompt's activations.
  ///   - sweepByteCount: the memory that is read for its bandwidth, much more than the caches hold.
  /// - Returns: nil where there is no room for that memory.
  /// - Throws: `ModelError` if this CPU cannot run the model's kernels.
  package static func measure(
    _ file: GGUFFile, _ model: LanguageModel, precision: Precision, sweepByteCount: Int = 1 << 30
  ) async throws(ModelError) -> SpeedBounds? {
    let information = model.information
    guard let name = KernelSetName(rawValue: information.kernels) else {
      throw .unknownKernels(information.kernels)
    }
    let kernels = try KernelSet(name)
    let work = PassWork(file, model.configuration)
    guard let stream = await memoryBandwidth(threadCount: information.threads, byteCount: sweepByteCount)
    else { return nil }
    // Apart from a task's threads, as what follows blocks.
    return await Task.detached {
      func peak(_ products: [BlockFormat: Double], _ precision: Precision) -> Double {
        var inner: [BlockFormat: Double] = [:]
        for (format, count) in products {
          inner[
            kernels.innerFormat(of: format, isResident: information.weights == .resident), default: 0] +=
            count
        }
        let seconds = inner.reduce(0.0) { sum, part in
          sum + part.value
            / kernels.multiplyAddsPerSecond(
              format: part.key, precision: precision, threadCount: information.threads)
        }
        return inner.values.reduce(0, +) / seconds
      }
      return SpeedBounds(
        file, model.configuration, streamBytesPerSecond: stream,
        prefillPeak: peak(work.products(tokenCount: 1, logitCount: 0), precision),
        decodePeak: peak(work.products(tokenCount: 1, logitCount: 1), .precise))
    }.value
  }

  /// The share of the memory's bandwidth that generating tokens at a rate takes: of weights alone.
  package func bandwidthShare(decodeRate: Double) -> Double {
    decodeRate * Double(bytesPerToken) / streamBytesPerSecond
  }

  /// The share of the arithmetic's peak that a test takes at a rate.
  package func arithmeticShare(of test: SpeedTest, tokensPerSecond: Double) -> Double {
    let peak: Double
    let products: [BlockFormat: Double]
    switch test.stage {
    case .prefill: (peak, products) = (prefillPeak, work.products(tokenCount: test.tokenCount, logitCount: 1))
    case .decode:
      (peak, products) = (
        decodePeak, work.products(tokenCount: test.tokenCount, logitCount: test.tokenCount)
      )
    }
    let multiplyAdds =
      products.values.reduce(0, +) + work.attention(tokenCount: test.tokenCount, depth: test.depth)
    return multiplyAdds / Double(test.tokenCount) * tokensPerSecond / peak
  }
}
