import GPTOSSKernels
import GPTOSSPlatform

/// Rotary position embedding with YaRN (Peng et al. 2023, arXiv:2309.00071), as in OpenAI's reference.
///
/// Pair *i* of a head of *d* elements turns by `position · f(i)` with `f(i) = θ^(−2i/d)`. To stretch the
/// context, YaRN divides slow frequencies by the scaling factor, keeps fast ones and blends linearly in
/// between. The blend begins where a pair turns β_fast = 32 times over the original context and ends where it
/// turns β_slow = 1 times; **these two indices are not rounded**. (ggml's code floors and ceils them and
/// drifts from OpenAI's model at long positions.) Cosine and sine are scaled by `0.1·ln(factor) + 1`.
///
/// Angles are computed in double precision: at position 131,071 a single-precision product is off by up to
/// 0.008. The functions are our own (`Elementary`), so that every platform turns by the same bits.
public struct RotaryEmbedding: Sendable {
  /// Radians per position, one for each pair; fast to slow.
  public let frequencies: [Double]
  /// The factor on cosine and sine.
  public let concentration: Double

  /// Turns over the original context above which a frequency is kept.
  private static let betaFast = 32.0
  /// Turns over the original context below which a frequency is divided by the scaling factor.
  private static let betaSlow = 1.0

  /// Computes the frequencies for heads of `headDimension` elements.
  ///
  /// - Precondition: `headDimension` is even.
  public init(_ configuration: RotaryConfiguration, headDimension: Int) {
    precondition(headDimension > 0 && headDimension % 2 == 0)
    let theta = configuration.theta
    let size = Double(headDimension)
    let unscaled = (0..<(headDimension / 2)).map { Elementary.power(theta, -Double(2 * $0) / size) }
    let factor = configuration.scalingFactor
    guard factor > 1 else {
      frequencies = unscaled
      concentration = 1
      return
    }
    // The index at which a pair turns `turns` times over the original context.
    func index(turning turns: Double) -> Double {
      size / 2 * Elementary.log(Double(configuration.originalContextLength) / (turns * 2 * .pi))
        / Elementary.log(theta)
    }
    let low = index(turning: Self.betaFast)
    let high = index(turning: Self.betaSlow)
    frequencies = unscaled.enumerated().map { i, frequency in
      let blend = min(max((Double(i) - low) / max(high - low, 0.001), 0), 1)
      return frequency / factor * blend + frequency * (1 - blend)
    }
    concentration = 0.1 * Elementary.log(factor) + 1
  }

  /// Cosine and sine of pair `i` at `position`, both times `concentration`.
  public func cosineAndSine(position: Int, pair i: Int) -> (cosine: Double, sine: Double) {
    let (cosine, sine) = Elementary.cosineAndSine(Double(position) * frequencies[i])
    return (cosine * concentration, sine * concentration)
  }
}

extension RotaryEmbedding {
  /// Computes the cosines and sines of the positions of tokens.
  ///
  /// - Parameters:
  ///   - cosines: receives `[tokens, headDimension / 2]`.
  ///   - sines: receives `[tokens, headDimension / 2]`.
  func write(_ positions: [Int], cosines: Activations, sines: Activations) {
    precondition(cosines.columns == frequencies.count && sines.columns == frequencies.count)
    for (row, position) in positions.enumerated() {
      cosines.withMutableRow(row) { cosines in
        sines.withMutableRow(row) { sines in
          for pair in frequencies.indices {
            let (cosine, sine) = cosineAndSine(position: position, pair: pair)
            cosines[pair] = Float(cosine)
            sines[pair] = Float(sine)
          }
        }
      }
    }
  }
}
