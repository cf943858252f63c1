import GPTOSSKernels
import Testing

/// Every set but `reference` and `blas` gives the bits of `portable`. If these fail, the same seed gives another
/// text on another computer. (Products and attention have such tests beside their own.)
struct OneArithmeticTests {
  /// Tails of every length of vector.
  static let counts = [1, 3, 8, 15, 16, 17, 31, 32, 47, 64, 99, 2_880, 2_891]

  @Test(arguments: TestedKernels.vectorSets, counts)
  func norms(set: TestedKernels, count: Int) {
    var random = RandomData(seed: 21)
    let (input, weight) = (random.floats(count, scale: 50), random.floats(count))
    expectSameBits(set, count) { $0.rmsNorm(input, weight: weight, epsilon: 1e-5, output: $1, count: count) }
  }

  @Test(arguments: TestedKernels.vectorSets, counts)
  func rotations(set: TestedKernels, count: Int) {
    var random = RandomData(seed: 22)
    let heads = random.floats(2 * count)
    let (cosines, sines) = (random.floats(count), random.floats(count))
    expectSameBits(set, 2 * count) { vectors, output in
      output.update(from: heads, count: 2 * count)
      vectors.rotate(output, cosines: cosines, sines: sines, headDimension: 2 * count)
    }
  }

  @Test(arguments: TestedKernels.vectorSets, counts)
  func activations(set: TestedKernels, count: Int) {
    var random = RandomData(seed: 23)
    let (gate, up) = (random.floats(count, scale: 30), random.floats(count, scale: 15))
    expectSameBits(set, count) { $0.gatedActivation(gate: gate, up: up, output: $1, count: count) }
  }

  @Test(arguments: TestedKernels.vectorSets, counts)
  func accumulation(set: TestedKernels, count: Int) {
    var random = RandomData(seed: 24)
    let (vector, start) = (random.floats(count), random.floats(count))
    expectSameBits(set, count) { vectors, output in
      output.update(from: start, count: count)
      vectors.accumulate(vector, scale: 0.3, into: output, count: count)
    }
  }

  @Test(arguments: TestedKernels.vectorSets, counts)
  func integers(set: TestedKernels, count: Int) {
    var random = RandomData(seed: 25)
    for bounds in [IntegerBounds.keys, .values] {
      let input = random.floats(count, scale: 3)
      expectSameBits(set, count + 1) { vectors, output in
        withUnsafeTemporaryAllocation(of: Int16.self, capacity: count) { integers in
          guard let base = integers.baseAddress else { return }
          output[count] = vectors.roundToIntegers(input, within: bounds, output: base, count: count)
          for i in 0..<count { output[i] = Float(integers[i]) }
        }
      }
    }
  }

  /// A product and an addition are rounded once: where rounding to double precision in between would end on the
  /// middle of two floats, where the result is subnormal, and at the ends of the range.
  @Test(arguments: TestedKernels.vectorSets)
  func productsAndAdditionsAreRoundedOnce(set: TestedKernels) {
    let tiny = Float.leastNonzeroMagnitude
    var cases: [(x: Float, y: Float, z: Float)] = [
      // 1 + 2⁻²⁴ is a middle; 2⁻⁷⁰ beside it is lost in double precision, and decides.
      (0x1p-35, 0x1p-35, 1 + 0x1p-23), (1 + 0x1p-12, 1 + 0x1p-12, 0x1p-40),
      (0x1.000002p0, 0x1.fffffep-1, 0x1p-30),
      (0x1p-24, 1 + 0x1p-23, 1), (0x1p-24, 1 - 0x1p-24, 1), (-0x1p-25, 1 + 0x1p-23, 1),
      (0x1.000002p-24, 0x1.fffffep-1, 1), (0x1.8p-75, 0x1p-75, tiny), (0x1.000002p-75, 0x1p-75, tiny),
      (0x1.fffffep-75, -0x1.000002p-75, 3 * tiny), (0x1.8p-64, 0x1.0p-64, .leastNormalMagnitude),
      (0x1.fffffep127, 2, -0x1.fffffep127), (0x1.fffffep127, 2, 1), (.infinity, 1, -.infinity), (.nan, 1, 1),
      (0, 1, -0.0), (-0.0, 1, -0.0), (0, 0, 0), (.infinity, 0, 1),
    ]
    // Half a place of z less a part of 2²ᵃ, which double precision loses: then the result is rounded to even.
    let odd: [(z: Float, xScale: Float, yScale: Float)] = [
      (1 + 0x1p-23, 1, 0x1p-24), (-1 - 0x1p-23, 1, 0x1p-24), (0xF_FFFF * tiny, 0x1p-75, 0x1p-75),
    ]
    for a in 17...22 {
      let bit = Float(sign: .plus, exponent: -a, significand: 1)
      for (z, xScale, yScale) in odd {
        let (x, y) = ((1 + bit) * xScale, (1 - bit) * yScale)
        #expect(Float(Double(x) * Double(y) + Double(z)) != z.addingProduct(x, y))
        cases.append((x, y, z))
      }
    }
    var random = RandomData(seed: 26)
    for _ in 0..<20_000 {
      // Few bits apart, so that middles come up.
      let x = Float(random.int(-0xFFFF...0xFFFF)) * 0x1p-16
      let y =
        Float(random.int(-0xFFFFFF...0xFFFFFF))
        * Float(sign: .plus, exponent: -random.int(20...120), significand: 1)
      cases.append((x, y, Float(random.int(-0xFFFFFF...0xFFFFFF)) * 0x1p-24))
      cases.append((x * 0x1p-60, y, Float(random.int(-0xFFFF...0xFFFF)) * tiny))
    }
    for count in [1, 16] {
      let wrong = cases.first { x, y, z in
        let expected = z.addingProduct(x, y)
        var sums = [Float](repeating: z, count: count)
        set.kernels.vectors.accumulate(
          [Float](repeating: x, count: count), scale: y, into: &sums, count: count)
        return sums.contains { $0.bitPattern != expected.bitPattern && !($0.isNaN && expected.isNaN) }
      }
      #expect(wrong == nil, "\(count) at once")
    }
  }

  private func expectSameBits(
    _ set: TestedKernels, _ count: Int,
    _ compute: (any VectorKernels, UnsafeMutablePointer<Float>) -> Void
  ) {
    let results = [TestedKernels.portable, set].map { set in
      [Float](unsafeUninitializedCapacity: count) { output, initialized in
        guard let base = output.baseAddress else { return }
        compute(set.kernels.vectors, base)
        initialized = count
      }
    }
    #expect(firstDifference(results[1], results[0], columns: count) == nil)
  }
}
