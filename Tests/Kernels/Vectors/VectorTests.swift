import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// The kernels on activations, every set against the reference, with tails of every length.
struct VectorTests {
  @Test(arguments: [1, 7, 8, 9, 31, 64, 2_880, 2_891], TestedKernels.vectorSets)
  func normEqualsReference(columns: Int, set: TestedKernels) {
    var random = RandomData(seed: 1)
    let input = random.activations(rows: 11, columns: columns, scale: 50)
    let weight = FloatVector(random.floats(columns))
    let results = [TestedKernels.reference, set].map { set in
      let output = Activations(capacity: 11, columns: columns)
      Launcher(kernels: set.kernels, threadCount: 2)
        .rmsNorm(input.all, weight: weight, epsilon: 1e-5, output: output.all)
      return output.values
    }
    for (expected, actual) in zip(results[0], results[1]) {
      #expect(abs(expected - actual) <= 1e-6 * abs(expected) + 1e-7)
    }
  }

  @Test(arguments: [1, 5, 8, 19, 2_880], TestedKernels.vectorSets)
  func activationEqualsReference(columns: Int, set: TestedKernels) {
    var random = RandomData(seed: 2)
    // Values on both sides of the clamps at ±7.
    let gate = random.activations(rows: 9, columns: columns, scale: 30)
    let up = random.activations(rows: 9, columns: columns, scale: 15)
    let results = [TestedKernels.reference, set].map { set in
      let output = Activations(capacity: 9, columns: columns)
      Launcher(kernels: set.kernels, threadCount: 1)
        .gatedActivation(gate: gate.all, up: up.all, output: output.all)
      return output.values
    }
    for (expected, actual) in zip(results[0], results[1]) {
      #expect(abs(expected - actual) <= 2e-6 * abs(expected) + 1e-9)
    }
  }

  /// Single values, worked out by hand from gpt-oss's formula.
  @Test func activationAtKnownPoints() {
    let points: [(gate: Float, up: Float, expected: Float)] = [
      (0, 5, 0),  // 0 · ½ · 6
      (100, 100, 7 * 8 * 0.999_993_28),  // both clamped to 7
      (-1_000, 3, 0),  // σ vanishes
      (1, -1, 0),  // u + 1 = 0
      (7, -100, -6 * 7 * 0.999_993_28),  // up clamped to −7
      (-1e30, 3, 0),  // σ vanishes faster than the gate grows
    ]
    for set in TestedKernels.here {
      for point in points {
        let gate = Activations(capacity: 1, columns: 1)
        let up = Activations(capacity: 1, columns: 1)
        gate.withMutableRow(0) { $0[0] = point.gate }
        up.withMutableRow(0) { $0[0] = point.up }
        Launcher(kernels: set.kernels, threadCount: 1)
          .gatedActivation(gate: gate.all, up: up.all, output: gate.all)
        #expect(abs(gate.values[0] - point.expected) <= 1e-4, "\(set), gate \(point.gate), up \(point.up)")
      }
    }
  }

  @Test func rotationTurnsPairsOfHalves() {
    // A head of four: pairs (0, 2) and (1, 3); a quarter turn of the first, none of the second.
    for set in TestedKernels.here {
      let head = Activations(capacity: 1, columns: 4)
      head.withMutableRow(0) { for i in 0..<4 { $0[i] = Float(i + 1) } }
      let cosines = Activations(capacity: 1, columns: 2)
      let sines = Activations(capacity: 1, columns: 2)
      cosines.withMutableRow(0) {
        $0[0] = 0; $0[1] = 1
      }
      sines.withMutableRow(0) {
        $0[0] = 1; $0[1] = 0
      }
      Launcher(kernels: set.kernels, threadCount: 1)
        .rotate(head.all, headDimension: 4, cosines: cosines.all, sines: sines.all)
      #expect(head.values == [-3, 2, 1, 4])
    }
  }

  /// Every half, and the floats between two of them: ties go to the even one.
  @Test(arguments: TestedKernels.vectorSets)
  func halvesAreRoundedToEven(set: TestedKernels) {
    var numbers: [Float] = [-0.0, 65_519, 65_520, 1e30, -1e30, .infinity, -.infinity, 1e-30, -1e-30]
    for bits in UInt16(0)..<0x7C00 {
      let (low, high) = (Float(float16Bits: bits), Float(float16Bits: bits + 1))
      let middle = bits == 0x7BFF ? 65_520 : (low + high) / 2
      numbers += [low, -low, middle, -middle, middle.nextUp, middle.nextDown]
    }
    for count in [numbers.count, 1, 7, 17] {
      let results = [TestedKernels.reference, set].map { set in
        [UInt16](unsafeUninitializedCapacity: count) { output, initialized in
          numbers.withUnsafeBufferPointer { input in
            guard let input = input.baseAddress, let output = output.baseAddress else { return }
            set.kernels.vectors.roundToHalf(input, output: output, count: count)
          }
          initialized = count
        }
      }
      #expect(results[0] == results[1])
    }
  }

  /// Integers that share a scale: within their bounds, within half a step of the input, and as near as the
  /// reference's.
  @Test(arguments: TestedKernels.here, [IntegerBounds.keys, .values])
  func integersAreNear(set: TestedKernels, bounds: IntegerBounds) {
    var random = RandomData(seed: 8)
    for count in [1, 2, 10, 16, 63, 64, 100] {
      for magnitude: Float in [1e-25, 1, 3e38] {
        var input = random.floats(count, scale: magnitude)
        // An element that stands out: the norm is hardly more than it.
        if count % 2 == 0 { input[count / 2] = magnitude }
        let (scale, integers) = set.roundToIntegers(input, within: bounds)
        var squares = 0.0
        for (x, integer) in zip(input, integers) {
          #expect(abs(Double(x) - Double(scale) * Double(integer)) <= 0.501 * Double(scale))
          #expect(abs(Float(integer)) <= bounds.element)
          squares += Double(integer) * Double(integer)
        }
        // Half a step an element more than before rounding.
        #expect(squares.squareRoot() <= Double(bounds.norm) + Double(count).squareRoot() / 2)
        let largest = Float(integers.map { abs(Int($0)) }.max() ?? 0)
        #expect(largest >= bounds.element - 1 || squares.squareRoot() >= Double(bounds.norm) - 10)
        let expected = TestedKernels.reference.roundToIntegers(input, within: bounds)
        #expect(abs(expected.scale - scale) <= 1e-6 * scale)
      }
    }
  }

  @Test(arguments: TestedKernels.here)
  func integersOfExtremes(set: TestedKernels) {
    for count in [5, 16, 37] {
      for poison: Float in [.nan, .infinity, -.infinity] {
        for place in [0, count / 2, count - 1] {
          for rest in [0, 1, Float.leastNormalMagnitude] {
            var input = [Float](repeating: rest, count: count)
            input[place] = poison
            let (scale, integers) = set.roundToIntegers(input, within: .keys)
            #expect(scale.isNaN && integers.allSatisfy { $0 == 0 }, "\(poison) at \(place) of \(count)")
          }
        }
      }
      for tiny: Float in [0, 1e-31, .leastNonzeroMagnitude] {
        let (scale, integers) = set.roundToIntegers([Float](repeating: tiny, count: count), within: .values)
        #expect(scale == 0 && integers.allSatisfy { $0 == 0 })
      }
    }
  }

  @Test(arguments: TestedKernels.vectorSets)
  func rotationEqualsReference(set: TestedKernels) {
    for headDimension in [2, 10, 16, 64, 66, 128] {
      var random = RandomData(seed: 3)
      let cosines = random.activations(rows: 3, columns: headDimension / 2)
      let sines = random.activations(rows: 3, columns: headDimension / 2)
      let heads = random.floats(3 * 2 * headDimension)
      let results = [TestedKernels.reference, set].map { set in
        let rotated = Activations(heads, columns: 2 * headDimension)
        Launcher(kernels: set.kernels, threadCount: 1)
          .rotate(rotated.all, headDimension: headDimension, cosines: cosines.all, sines: sines.all)
        return rotated.values
      }
      for (expected, actual) in zip(results[0], results[1]) { #expect(abs(expected - actual) <= 2e-7) }
    }
  }

  /// NaN is not hidden by a clamp, and infinities stay on their side of it.
  @Test(arguments: TestedKernels.here)
  func activationOfExtremes(set: TestedKernels) {
    let gate = Activations([.nan, 1, .infinity, 0, -2, .greatestFiniteMagnitude], columns: 6)
    let up = Activations([0, .nan, 0, .infinity, -.infinity, .infinity], columns: 6)
    Launcher(kernels: set.kernels, threadCount: 1)
      .gatedActivation(gate: gate.all, up: up.all, output: gate.all)
    let values = gate.values
    #expect(values[0].isNaN && values[1].isNaN)
    #expect(abs(values[2] - 7) <= 1e-4 && values[3] == 0 && values[4] > 0 && abs(values[5] - 56) <= 1e-3)
  }
}

extension TestedKernels {
  fileprivate func roundToIntegers(
    _ input: [Float], within bounds: IntegerBounds
  ) -> (scale: Float, integers: [Int16]) {
    var integers = [Int16](repeating: 1, count: input.count)
    let scale = input.withUnsafeBufferPointer { input in
      integers.withUnsafeMutableBufferPointer { output -> Float in
        guard let from = input.baseAddress, let to = output.baseAddress else { return 0 }
        return kernels.vectors.roundToIntegers(from, within: bounds, output: to, count: input.count)
      }
    }
    return (scale, integers)
  }
}
