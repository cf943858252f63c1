/// How finely the input of a matrix product is quantized where weights are.
public enum Precision: String, Sendable, CaseIterable {
  /// 16 bits per element: the result differs from one in single precision by little more than rounding.
  case precise
  /// 8 bits per element, as other engines do: half the arithmetic of `precise`.
  case fast

  /// The largest integer that stands for an element. 32,512 is 127 · 256, so that `256 · high + low` reaches
  /// it with two signed bytes.
  @inlinable @inline(__always)
  package var largestQuant: Float {
    switch self {
    case .precise: 32_512
    case .fast: 127
    }
  }
}
