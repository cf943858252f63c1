import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// Products with interleaved weights and quantized activations, against the scalar reference and against themselves in
/// other batches and layouts.
struct InterleavedTests {
  static let sets = KernelSetName.here.filter { $0.kernels.products.layout(for: .mxfp4) == .interleaved16 }

  /// Rows, columns and tokens: whole groups and tiles, tails of both, one token, a panel, and more.
  static let shapes: [(rows: Int, columns: Int, tokens: Int)] = [
    (1, 32, 1), (16, 64, 1), (33, 256, 2), (31, 96, 5), (130, 2880, 1), (48, 160, 31), (200, 96, 33),
    (160, 288, 70), (257, 64, 129),
  ]

  @Test(arguments: sets, [BlockFormat.mxfp4, .q8_0])
  func equalsReference(_ name: KernelSetName, _ format: BlockFormat) {
    let set = name.kernels
    for (index, shape) in Self.shapes.enumerated() {
      var random = RandomData(seed: UInt64(index + 1))
      let weights = random.matrix(format, rows: shape.rows, columns: shape.columns)
      let input = random.activations(rows: shape.tokens, columns: shape.columns)
      let bias = FloatVector((0..<shape.rows).map { _ in random.float() })
      let expected = product(.reference, weights.matrix, input, bias)
      let magnitudes = weights.magnitudes(input)
      for layout in Set([.rows, set.products.layout(for: format)]) {
        let matrix = weights.matrix(in: layout)
        for precision in Precision.allCases {
          let actual = product(set, matrix, input, bias, precision: precision)
          // Half a step of the quantization on each element; elements are half the largest on average, so that
          // twice that is a bound, with some room for the float sums.
          let step: Float = precision == .fast ? 1 / 127 : 1 / 32_512
          expectClose(
            actual, expected, "\(name) \(layout) \(precision) \(shape)",
            tolerance: magnitudes.map { 1.2 * step * $0 + 1e-6 })
        }
      }
    }
  }

  /// Formats without integer dot products are decoded and multiplied as floats: rounding is all that differs.
  @Test(arguments: sets, BlockFormat.allCases)
  func decodedFormatsEqualReference(_ name: KernelSetName, _ format: BlockFormat) {
    for (rows, blocks, tokens) in [(1, 1, 1), (7, 3, 2), (67, 2, 33), (130, 1, 5)] {
      var random = RandomData(seed: UInt64(rows))
      // Formats of single weights also with columns that fill no vector.
      let columns = format.weightsPerBlock == 1 ? 32 * blocks + 5 : format.weightsPerBlock * blocks
      let weights = random.matrix(format, rows: rows, columns: columns)
      guard !name.kernels.products.quantizesInput(for: weights.matrix) else { return }
      let input = random.activations(rows: tokens, columns: columns)
      let bias = FloatVector(random.floats(rows))
      expectClose(
        product(name.kernels, weights.matrix, input, bias), product(.reference, weights.matrix, input, bias),
        "\(name) \(format) [\(rows), \(columns)] × \(tokens)",
        tolerance: weights.magnitudes(input).map { 1e-6 * $0 + 1e-6 })
    }
  }

  /// DESIGN.md, decision 8: a token's result is the same in every batch, layout and number of threads.
  @Test(arguments: sets, [BlockFormat.mxfp4, .q8_0])
  func resultDoesNotDependOnBatch(_ name: KernelSetName, _ format: BlockFormat) {
    let set = name.kernels
    var random = RandomData(seed: 7)
    let weights = random.matrix(format, rows: 150, columns: 352)
    let input = random.activations(rows: 75, columns: 352)
    for precision in Precision.allCases {
      let whole = product(set, weights.matrix, input, precision: precision, threads: 1)
      for layout in Set([.rows, set.products.layout(for: format)]) {
        let matrix = weights.matrix(in: layout)
        for chunk in [1, 2, 7, 32, 33, 64] {
          for first in stride(from: 0, to: 75, by: chunk) {
            let part = first..<min(first + chunk, 75)
            let output = Activations(capacity: part.count, columns: 150)
            let launcher = Launcher(kernels: set, threadCount: 2)
            launcher.precision = precision
            launcher.multiply([MatrixProduct(matrix, input: input[part], output: output.all)])
            for row in part {
              #expect(output.row(row - first) == whole.row(row), "\(layout) \(precision) chunk \(chunk)")
            }
          }
        }
      }
    }
  }

  /// Sums of integers are exact and floats are added in the same order, so no instruction set differs by a bit.
  @Test(arguments: [BlockFormat.mxfp4, .q8_0], Precision.allCases)
  func instructionSetsAgree(_ format: BlockFormat, _ precision: Precision) {
    var random = RandomData(seed: 9)
    let weights = random.matrix(format, rows: 75, columns: 416)
    let input = random.activations(rows: 35, columns: 416)
    let results = Self.sets.map { product($0.kernels, weights.matrix, input, precision: precision).values }
    for result in results.dropFirst() {
      #expect(firstDifference(result, results[0], columns: 75) == nil)
    }
  }

  @Test(arguments: [BlockFormat.mxfp4, .q8_0, .q4_0, .q5_0, .iq4_NL])
  func repackingIsExact(_ format: BlockFormat) {
    var random = RandomData(seed: 3)
    for (rows, columns) in [(1, 32), (16, 64), (45, 96)] {
      let weights = random.matrix(format, rows: rows, columns: columns)
      let interleaved = weights.matrix(in: .interleaved16)
      let one = Activations(capacity: 1, columns: columns)
      let other = Activations(capacity: 1, columns: columns)
      let launcher = Launcher(kernels: .reference, threadCount: 1)
      for row in 0..<rows {
        launcher.lookUp([row], in: weights.matrix, output: one.all)
        launcher.lookUp([row], in: interleaved, output: other.all)
        #expect(one.row(0) == other.row(0), "row \(row) of \(rows)")
      }
    }
  }

  /// Vectors move the same bytes to the same places as the plain loop does.
  @Test(arguments: sets, [BlockFormat.mxfp4, .q8_0])
  func repackingByVectorsIsTheSame(_ name: KernelSetName, _ format: BlockFormat) {
    var random = RandomData(seed: 5)
    for (rows, columns) in [(1, 32), (16, 64), (45, 96)] {
      let weights = random.matrix(format, rows: rows, columns: columns)
      let byteCount = weights.matrix.byteCount(in: .interleaved16)
      var (plain, vectors) = (
        [UInt8](repeating: 0, count: byteCount), [UInt8](repeating: 1, count: byteCount)
      )
      plain.withUnsafeMutableBytes {
        guard let output = $0.baseAddress else { return }
        weights.matrix.repack(0..<rows, as: .interleaved16, output: output)
      }
      vectors.withUnsafeMutableBytes {
        guard let output = $0.baseAddress else { return }
        name.kernels.products.repack(weights.matrix, rows: 0..<rows, as: .interleaved16, output: output)
      }
      #expect(plain == vectors, "\(name) \(format) [\(rows), \(columns)]")
    }
  }

  /// Scales at the ends of their range, where the result is finite, zero, infinite or NaN as in the reference.
  @Test(arguments: sets)
  func extremeScales(_ name: KernelSetName) {
    let set = name.kernels
    var random = RandomData(seed: 11)
    for e: UInt8 in [0, 1, 2, 126, 253, 254, 255] {
      let weights = random.matrix(.mxfp4, rows: 20, columns: 64, scale: [e])
      for magnitude: Float in [1, 1e-30, 1e20] {
        let input = random.activations(rows: 3, columns: 64, scale: magnitude)
        let expected = product(.reference, weights.matrix, input)
        let actual = product(set, weights.matrix(in: set.products.layout(for: .mxfp4)), input)
        for token in 0..<3 {
          for (row, (a, b)) in zip(actual.row(token), expected.row(token)).enumerated() where b.isFinite {
            // The largest weight is 6 · 2^(e − 127); what underflows may be lost.
            let largest = 12 * MXFP4.halfScale(e8m0: e) * magnitude
            let tolerance = max(largest * 64 * 1e-4, 1e-37 * magnitude, .leastNormalMagnitude)
            #expect(
              abs(a - b) <= tolerance || !largest.isFinite, "e \(e) × \(magnitude) row \(row): \(a), \(b)")
          }
        }
      }
    }
    for scale: UInt16 in [0, 1, 0x7BFF, 0x8001, 0xFBFF] {
      let weights = random.matrix(
        .q8_0, rows: 20, columns: 64, scale: [UInt8(scale & 255), UInt8(scale >> 8)])
      let input = random.activations(rows: 3, columns: 64)
      let expected = product(.reference, weights.matrix, input)
      let actual = product(set, weights.matrix(in: set.products.layout(for: .q8_0)), input)
      let tolerance = abs(Float(float16Bits: scale)) * 128 * 8 * 1e-3
      expectClose(
        actual, expected, "\(name) Q8_0 scale \(scale)", tolerance: [Float](repeating: tolerance, count: 60))
    }
  }

  /// A token with NaN or infinity gives no finite number, and its neighbors are not touched.
  @Test(arguments: sets)
  func nonFiniteActivations(_ name: KernelSetName) {
    let set = name.kernels
    var random = RandomData(seed: 5)
    let weights = random.matrix(.mxfp4, rows: 40, columns: 96)
    let matrix = weights.matrix(in: set.products.layout(for: .mxfp4))
    let input = random.activations(rows: 4, columns: 96)
    let clean = product(set, matrix, input)
    input.withMutableRow(1) { $0[40] = .nan }
    input.withMutableRow(3) { $0[0] = .infinity }
    let dirty = product(set, matrix, input)
    for token in [0, 2] { #expect(dirty.row(token) == clean.row(token)) }
    #expect(dirty.row(1).allSatisfy { $0.isNaN })
    #expect(dirty.row(3).allSatisfy { !$0.isFinite || matrix.format == .mxfp4 })
  }
}

/// One product on its own.
private func product(
  _ set: KernelSet, _ matrix: WeightMatrix, _ input: Activations, _ bias: FloatVector? = nil,
  precision: Precision = .precise, threads: Int = 2
) -> Activations {
  let launcher = Launcher(kernels: set, threadCount: threads)
  launcher.precision = precision
  let output = Activations(capacity: input.rows, columns: matrix.rows)
  launcher.multiply([MatrixProduct(matrix, bias: bias, input: input.all, output: output.all)])
  return output
}

/// Compares all elements and names the first that differs.
private func expectClose(_ actual: Activations, _ expected: Activations, _ what: String, tolerance: [Float]) {
  for token in 0..<expected.rows {
    for (row, (a, b)) in zip(actual.row(token), expected.row(token)).enumerated() {
      let isClose = abs(a - b) <= tolerance[token * expected.columns + row]
      #expect(isClose, "\(what): token \(token), row \(row): \(a), expected \(b)")
      if !isClose { return }
    }
  }
}

extension TestMatrix {
  /// `Σ |weight · input|` for every token and row: what errors are proportional to.
  fileprivate func magnitudes(_ input: Activations) -> [Float] {
    let decoded = Activations(capacity: matrix.rows, columns: matrix.columns)
    Launcher(kernels: .reference, threadCount: 1)
      .lookUp(Array(0..<matrix.rows), in: matrix, output: decoded.all)
    let weights = (0..<matrix.rows).map { decoded.row($0) }
    return (0..<input.rows).flatMap { token in
      let activations = input.row(token)
      return weights.map { zip($0, activations).reduce(Float(0)) { $0 + abs($1.0 * $1.1) } }
    }
  }
}
