/// How finely the input of a matrix product is quantized where weights are.
public enum Precision: String, Sendable, CaseIterable {
  /// 16 bits an element: the result differs from one in single precision by little more than rounding.
  case precise
  /// 8 bits an element, as other engines do: half the arithmetic of `precise`.
  case fast
}
