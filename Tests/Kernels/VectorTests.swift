import GPTOSSKernels
import Testing

/// The kernels on activations, portable against reference, with tails of every length.
struct VectorTests {
  @Test(arguments: [1, 7, 8, 9, 64, 2_880])
  func normEqualsReference(columns: Int) {
    var random = RandomData(seed: 1)
    let input = random.activations(rows: 11, columns: columns, scale: 50)
    let weight = FloatVector(random.floats(columns))
    let results = [KernelSetName.reference, .portable].map { set in
      let output = Activations(capacity: 11, columns: columns)
      Launcher(kernels: set.kernels, threadCount: 2)
        .rmsNorm(input.all, weight: weight, epsilon: 1e-5, output: output.all)
      return output.values
    }
    for (expected, actual) in zip(results[0], results[1]) {
      #expect(abs(expected - actual) <= 1e-6 * abs(expected) + 1e-7)
    }
  }

  @Test(arguments: [1, 5, 8, 19, 2_880])
  func activationEqualsReference(columns: Int) {
    var random = RandomData(seed: 2)
    // Values on both sides of the clamps at ±7.
    let gate = random.activations(rows: 9, columns: columns, scale: 30)
    let up = random.activations(rows: 9, columns: columns, scale: 15)
    let results = [KernelSetName.reference, .portable].map { set in
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
    ]
    for set in [KernelSetName.reference, .portable] {
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
    for set in [KernelSetName.reference, .portable] {
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
}
