import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// Matrix products of every kernel set against the reference, which sums in double precision.
struct ProductTests {
  static let sets = TestedKernels.here.filter { $0 != .reference }

  /// Weights that are decoded and multiplied as floats: rounding is all that differs. (`RecordProductTests`
  /// has those that are multiplied as integers.)
  @Test(arguments: sets, BlockFormat.allCases)
  func equalsReference(set: TestedKernels, format: BlockFormat) {
    var random = RandomData(seed: 1)
    // Rows: whole tiles, tails of a tile, tails of a group of four. Tokens: both sides of every threshold.
    for (rows, blocks, tokens) in [(1, 1, 1), (7, 3, 2), (32, 2, 9), (67, 5, 33), (130, 1, 17)] {
      let columns = max(format.weightsPerBlock, 32) * blocks + (format.weightsPerBlock == 1 ? blocks : 0)
      let weights = random.matrix(format, rows: rows, columns: columns)
      guard !set.kernels.products.quantizesInput(for: weights.matrix) else { return }
      let input = random.activations(rows: tokens, columns: columns)
      let bias = FloatVector(random.floats(rows))
      let expected = product(.reference, weights, input, bias)
      let actual = product(set, weights, input, bias)
      let magnitude = magnitudes(weights, input)
      for i in expected.indices {
        let tolerance = 1e-6 * magnitude[i] + 1e-6
        #expect(
          abs(expected[i] - actual[i]) <= tolerance,
          "\(set) \(format), [\(rows), \(columns)], token \(i / rows), row \(i % rows)")
      }
    }
  }

  /// Products of floats are added up in one order and rounded in the same places by every set but `blas`.
  @Test(arguments: BlockFormat.allCases)
  func setsGiveTheSameBits(format: BlockFormat) {
    var random = RandomData(seed: 6)
    for (rows, blocks, tokens) in [(1, 1, 1), (7, 3, 2), (32, 2, 9), (67, 5, 33)] {
      // Also numbers of columns that are no multiple of 16, where the format has them.
      let columns = max(format.weightsPerBlock, 32) * blocks + (format.weightsPerBlock == 1 ? 9 * blocks : 0)
      let weights = random.matrix(format, rows: rows, columns: columns)
      let input = random.activations(rows: tokens, columns: columns)
      let bias = FloatVector(random.floats(rows))
      let expected = product(.portable, weights, input, bias)
      for set in TestedKernels.vectorSets {
        let difference = firstDifference(product(set, weights, input, bias), expected, columns: rows)
        #expect(difference == nil, "\(set), [\(rows), \(columns)]")
      }
    }
  }

  /// A row's result depends on nothing else in the batch (Docs/Architecture.md).
  @Test(
    arguments: TestedKernels.here.filter { $0 != .blas },
    [BlockFormat.mxfp4, .q8_0, .q5_0, .q5_1, .q4_K, .q5_K, .q6_K, .f32, .f16, .q3_K])
  func aTokenAloneGivesTheSameBits(set: TestedKernels, format: BlockFormat) {
    var random = RandomData(seed: 2)
    let columns = max(format.weightsPerBlock, 32) * 3
    let weights = random.matrix(format, rows: 45, columns: columns)
    let bias = FloatVector(random.floats(45))
    let input = random.activations(rows: 37, columns: columns)
    let together = product(set, weights, input, bias)
    for token in 0..<37 {
      let alone = Activations(capacity: 1, columns: columns)
      input.withRow(token) { row in alone.withMutableRow(0) { _ = $0.update(from: row) } }
      let single = product(set, weights, alone, bias)
      let difference = firstDifference(
        single, Array(together[(token * 45)..<((token + 1) * 45)]), columns: 45)
      #expect(difference == nil, "token \(token)")
    }
  }

  @Test(arguments: TestedKernels.here)
  func threadsDoNotChangeABit(set: TestedKernels) {
    var random = RandomData(seed: 3)
    let weights = random.matrix(.mxfp4, rows: 200, columns: 96)
    let input = random.activations(rows: 20, columns: 96)
    let bias = FloatVector(random.floats(200))
    let one = product(set, weights, input, bias, threads: 1)
    for threads in 2...4 {
      let more = product(set, weights, input, bias, threads: threads)
      #expect(firstDifference(more, one, columns: 200) == nil, "\(threads) threads")
    }
  }

  @Test(arguments: BlockFormat.allCases)
  func portableDecodesRowsToTheReferencesBits(format: BlockFormat) {
    var random = RandomData(seed: 4)
    let columns = max(format.weightsPerBlock, 32) * 4
    // Any bytes are a block: infinities, NaN, subnormals and the largest exponents come up by themselves.
    let count = 64 * columns / format.weightsPerBlock * format.bytesPerBlock
    let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let weights = TestMatrix(format: format, rows: 64, columns: columns, bytes: bytes)
    let rows = Array(0..<64)
    let expected = lookUp(.reference, weights, rows)
    let actual = lookUp(.portable, weights, rows)
    for i in expected.indices {
      #expect(
        expected[i].bitPattern == actual[i].bitPattern || expected[i].isNaN && actual[i].isNaN,
        "\(format), row \(i / columns), column \(i % columns): \(expected[i]), not \(actual[i])")
    }
  }

  @Test(arguments: TestedKernels.here)
  func notANumberStaysInItsRow(set: TestedKernels) {
    var random = RandomData(seed: 5)
    let weights = random.matrix(.q8_0, rows: 20, columns: 64)
    let input = random.activations(rows: 12, columns: 64)
    input.withMutableRow(3) { $0[5] = .nan }
    let output = product(set, weights, input, nil)
    for (i, value) in output.enumerated() { #expect(value.isNaN == (i / 20 == 3), "token \(i / 20)") }
  }

  private func product(
    _ set: TestedKernels, _ weights: TestMatrix, _ input: Activations, _ bias: FloatVector?, threads: Int = 2
  ) -> [Float] {
    let launcher = Launcher(kernels: set.kernels, threadCount: threads)
    let output = Activations(capacity: input.rows, columns: weights.matrix.rows)
    launcher.multiply([MatrixProduct(weights.matrix, bias: bias, input: input.all, output: output.all)])
    return output.values
  }

  private func lookUp(_ set: TestedKernels, _ weights: TestMatrix, _ rows: [Int]) -> [Float] {
    let output = Activations(capacity: rows.count, columns: weights.matrix.columns)
    Launcher(kernels: set.kernels, threadCount: 1).lookUp(rows, in: weights.matrix, output: output.all)
    return output.values
  }

  /// `Σ |weight · input|`: what rounding errors are proportional to.
  private func magnitudes(_ weights: TestMatrix, _ input: Activations) -> [Float] {
    let rows = weights.matrix.rows
    let columns = weights.matrix.columns
    let decoded = lookUp(.reference, weights, Array(0..<rows))
    let inputs = input.values
    return (0..<(input.rows * rows)).map { i in
      let (token, row) = i.quotientAndRemainder(dividingBy: rows)
      return (0..<columns).reduce(Float(0)) {
        $0 + abs(decoded[row * columns + $1] * inputs[token * columns + $1])
      }
    }
  }
}
