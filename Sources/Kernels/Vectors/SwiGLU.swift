/// The constants of gpt-oss's activation (openai/gpt-oss, `torch/model.py`, `swiglu`); no file states them.
@usableFromInline
enum SwiGLU {
  @inlinable static var alpha: Float { 1.702 }
  @inlinable static var limit: Float { 7 }
}

extension VectorInstructions {
  /// gpt-oss's clamped SwiGLU in each lane; NaN stays NaN.
  @inlinable @inline(__always)
  package static func gatedActivation(gate: Vector, up: Vector) -> Vector {
    let g = minimum(broadcast(SwiGLU.limit), gate)
    let u = maximum(broadcast(-SwiGLU.limit), minimum(broadcast(SwiGLU.limit), up))
    // σ(αg) = 1 / (1 + 2^(−αg·log₂ e)).
    let exponent = minimum(broadcast(128), multiply(g, broadcast(-SwiGLU.alpha * 1.442_695)))
    let one = broadcast(1)
    return multiply(divide(g, add(one, powerOfTwo(exponent))), add(u, one))
  }
}
