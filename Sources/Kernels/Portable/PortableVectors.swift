/// The kernels on activations on Swift's SIMD types, attention apart.
struct PortableVectors: VectorKernels {
  func rmsNorm(
    _ input: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float,
    output: UnsafeMutablePointer<Float>, count: Int
  ) {
    let squares = dotProduct(input, input, count: count)
    let scale = 1 / (squares / Float(count) + epsilon).squareRoot()
    for i in 0..<count { output[i] = input[i] * scale * weight[i] }
  }

  func rotate(
    _ head: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
    headDimension: Int
  ) {
    let half = headDimension / 2
    for i in 0..<half {
      let x = head[i]
      let y = head[i + half]
      head[i] = x * cosines[i] - y * sines[i]
      head[i + half] = y * cosines[i] + x * sines[i]
    }
  }

  func gatedActivation(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int
  ) {
    forEachVector(count) { offset, lanes in
      let g = load(gate + offset, lanes).clamped(above: SwiGLU.limit)
      let u = load(up + offset, lanes).clamped(above: SwiGLU.limit).clamped(below: -SwiGLU.limit)
      let sigmoid = 1 / (1 + exponential(g * -SwiGLU.alpha))
      store(g * sigmoid * (u + 1), output + offset, lanes)
    }
  }

  func accumulate(
    _ vector: UnsafePointer<Float>, scale: Float, into accumulator: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { accumulator[i] += scale * vector[i] }
  }
}
