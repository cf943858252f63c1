import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// Products with interleaved weights and quantized activations, against integers, against the scalar
/// reference, and against themselves in other batches and layouts.
struct RecordProductTests {
  /// At least `portable`, on any CPU.
  static let sets = TestedKernels.here.filter { $0.kernels.products.layout(for: .mxfp4) == .interleaved16 }

  /// The formats that are multiplied as integers.
  static let formats = BlockFormat.allCases.filter { InterleavedFormat($0) != nil }
  /// Those whose weights can be integers without a sum that has to be rounded: where a block of 256 columns
  /// has minimums, zeros are differences of large numbers.
  static let exactFormats = formats.filter { $0.weightsPerBlock == 32 } + [.q6_K]

  /// Rows, columns and tokens: whole groups and tiles, tails of both, one token, a panel, and more.
  static let shapes: [(rows: Int, columns: Int, tokens: Int)] = [
    (1, 32, 1), (16, 64, 1), (33, 256, 2), (31, 96, 5), (130, 2880, 1), (48, 160, 31), (200, 96, 33),
    (160, 288, 70), (257, 64, 129),
  ]

  @Test(arguments: sets, formats)
  func equalsReference(_ name: TestedKernels, _ format: BlockFormat) {
    let set = name.kernels
    for (index, shape) in Self.shapes.enumerated() {
      var random = RandomData(seed: UInt64(index + 1))
      let columns = format.wholeBlocks(shape.columns)
      let weights = random.matrix(format, rows: shape.rows, columns: columns)
      let input = random.activations(rows: shape.tokens, columns: columns)
      let bias = FloatVector((0..<shape.rows).map { _ in random.float() })
      let expected = product(.reference, weights.matrix, input, bias)
      let magnitudes = weights.magnitudes(input)
      for layout in Set([.rows, set.products.layout(for: format)]) {
        let matrix = weights.matrix(in: layout)
        for precision in Precision.allCases {
          let actual = product(set, matrix, input, bias, precision: precision)
          // Half a step of the quantization on each element; elements are half the largest on average, so
          // that twice that is a bound, with some room for the float sums.
          let step: Float = precision == .fast ? 1 / 127 : 1 / 32_512
          expectClose(
            actual, expected, "\(name) \(layout) \(precision) \(shape)",
            tolerance: magnitudes.map { 1.2 * step * $0 + 1e-6 })
        }
      }
    }
  }

  /// With a scale of one and one block, a result is the sum of integers itself, as a float. Every loop of
  /// every set: one token, few, odd numbers, more than a panel.
  @Test(arguments: sets, exactFormats)
  func sumsOfIntegersAreExact(_ name: TestedKernels, _ format: BlockFormat) {
    var random = RandomData(seed: 13)
    for weights in [random.unscaledMatrix(format, rows: 45), .extremes(format)] {
      let matrix = weights.matrix
      let integers = weights.decoded.map { $0.map { Int($0) } }
      for precision in Precision.allCases {
        let largest = Int(precision.largestQuant)
        for tokens in [1, 2, 5, 9, 33] {
          let quants = (0..<tokens).map { token in
            // The largest magnitude stands somewhere in each token, so that the scale is one. Every fourth
            // token has nothing but extremes, which give the largest sums.
            var quants = (0..<32).map { _ in
              token % 4 == 3 ? largest * (random.int(0...1) * 2 - 1) : random.int(-largest...largest)
            }
            quants[random.int(0...31)] = token % 2 == 0 ? largest : -largest
            // The same for each group of 32, of which a row has one.
            return (0..<format.weightsPerBlock).map { quants[$0 % 32] }
          }
          let input = Activations(
            quants.flatMap { $0.map { Float($0) } }, columns: format.weightsPerBlock)
          for layout in [WeightLayout.rows, .interleaved16] {
            let output = product(name.kernels, weights.matrix(in: layout), input, precision: precision)
            for token in 0..<tokens {
              let expected = integers.map { Float(zip($0, quants[token]).reduce(0) { $0 + $1.0 * $1.1 }) }
              #expect(
                firstDifference(output.row(token), expected, columns: matrix.rows) == nil,
                "\(layout) \(precision) token \(token) of \(tokens)")
            }
          }
        }
      }
    }
  }

  /// The ends of what weights and activations can be, in every column: in all of them, in one, in all but
  /// one. An instruction that adds in 16 bits saturates, or wraps around, without a sign of it.
  @Test(arguments: sets, exactFormats)
  func extremesInEveryColumn(_ set: TestedKernels, _ format: BlockFormat) {
    let (low, high) = format.integerRange
    var rows: [[Int]] = []
    for (even, odd) in [(low, low), (high, high), (low, high), (high, low)] {
      rows.append((0..<32).map { $0 % 2 == 0 ? even : odd })
    }
    for column in 0..<32 {
      for (this, others) in [(low, 0), (high, 0), (low, high), (high, low)] {
        rows.append((0..<32).map { $0 == column ? this : others })
      }
    }
    let weights = TestMatrix(format, integers: rows)
    for precision in Precision.allCases {
      // Beside the largest: high bytes of ±127 with low bytes of −128 and 127.
      let largest = Int(precision.largestQuant)
      let extremes = precision == .fast ? [largest, -largest] : [largest, -largest, 32_384, -32_385]
      var tokens: [[Int]] = []
      for column in 0..<32 {
        // The largest magnitude stands in one column, so that the scale is one.
        for x in extremes { tokens.append((0..<32).map { $0 == column ? largest : x }) }
        tokens.append((0..<32).map { $0 == column ? -largest : extremes[$0 % extremes.count] })
      }
      let expected = tokens.map { x in rows.map { Float(zip($0, x).reduce(0) { $0 + $1.0 * $1.1 }) } }
      let columns = format.weightsPerBlock
      let inputs = tokens.map { token in (0..<columns).map { Float(token[$0 % 32]) } }
      let input = Activations(inputs.flatMap { $0 }, columns: columns)
      let matrix = weights.matrix(in: .interleaved16)
      let together = product(set.kernels, matrix, input, precision: precision)
      for index in tokens.indices {
        let one = Activations(inputs[index], columns: columns)
        let alone = product(set.kernels, matrix, one, precision: precision, threads: 1)
        for (output, what) in [(together.row(index), "together"), (alone.row(0), "alone")] {
          let difference = firstDifference(output, expected[index], columns: rows.count)
          #expect(difference == nil, "\(set) \(format) \(precision), token \(index) \(what)")
        }
      }
    }
  }

  /// Every scale and minimum of six bits, and every scale of eight, in every group of columns and in two
  /// blocks: with *d* and *dmin* of one, weights are integers, and sums so small that nothing is rounded.
  /// Every third token has the largest activations in one group and nothing elsewhere.
  @Test(arguments: sets, formats.filter { $0.weightsPerBlock == 256 })
  func groupsOfColumnsAreExact(_ name: TestedKernels, _ format: BlockFormat) {
    var random = RandomData(seed: 17)
    let columns = 512
    let ones: [UInt8] = format == .q6_K ? [0x00, 0x3C] : [0x00, 0x3C, 0x00, 0x3C]
    let weights = random.matrix(format, rows: 45, columns: columns, scale: ones)
    let integers = weights.decoded.map { $0.map { Int($0) } }
    for tokens in [1, 2, 9, 33] {
      let quants = (0..<tokens).map { token in
        (0..<columns).map { column in
          let isLarge = column / 32 == (token * 5 + 3) % 16
          if token % 3 == 2 { return isLarge ? 127 * (random.int(0...1) * 2 - 1) : 0 }
          // The largest magnitude of each 32 is 127, so that their scale is one, or 1/256 with 16 bits.
          return column % 32 == token % 32 ? 127 : random.int(-3...3)
        }
      }
      let input = Activations(quants.flatMap { $0.map { Float($0) } }, columns: columns)
      for precision in Precision.allCases {
        for layout in Set([.rows, name.kernels.products.layout(for: format)]) {
          let output = product(name.kernels, weights.matrix(in: layout), input, precision: precision)
          for token in 0..<tokens {
            let expected = integers.map { Float(zip($0, quants[token]).reduce(0) { $0 + $1.0 * $1.1 }) }
            #expect(
              firstDifference(output.row(token), expected, columns: 45) == nil,
              "\(layout) \(precision) token \(token) of \(tokens)")
          }
        }
      }
    }
  }

  /// The two scales of a block of Q6_K, each for sixteen columns: with one of them zero, and the other at an
  /// end of its range, only its half counts.
  @Test(arguments: sets)
  func halvesHaveScalesOfTheirOwn(_ name: TestedKernels) {
    let columns = Q6_K.weightsPerBlock
    for precision in Precision.allCases {
      let largest = Int(precision.largestQuant)
      for tokens in [1, 2, 9] {
        let quants = (0..<tokens).map { token in
          (0..<columns).map { $0 % 32 == token ? largest : ($0 * 37 + token * 11) % 200 - 100 }
        }
        let input = Activations(quants.flatMap { $0.map { Float($0) } }, columns: columns)
        for scale in [-128, -1, 1, 127] {
          // Row r has the scale in half r and nothing else. Weights are −32 or 31 by turns.
          let blocks = (0..<16).flatMap { row in
            var block = BlockFormat.q6_K.block((0..<columns).map { $0 % 2 == 0 ? -32 : 31 })
            for half in 0..<16 { block[192 + half] = half == row ? UInt8(truncatingIfNeeded: scale) : 0 }
            return block
          }
          let weights = TestMatrix(format: .q6_K, rows: 16, columns: columns, bytes: blocks)
          for layout in Set([.rows, name.kernels.products.layout(for: .q6_K)]) {
            let output = product(name.kernels, weights.matrix(in: layout), input, precision: precision)
            for token in 0..<tokens {
              let expected = (0..<16).map { half in
                let sum = (16 * half..<16 * half + 16).reduce(0) {
                  $0 + quants[token][$1] * ($1 % 2 == 0 ? -32 : 31)
                }
                return Float(sum * scale)
              }
              #expect(
                firstDifference(output.row(token), expected, columns: 16) == nil,
                "\(name) \(layout) \(precision), scale \(scale), token \(token) of \(tokens)")
            }
          }
        }
      }
    }
  }

  /// A token's result is the same in every batch, layout and number of threads (Docs/Architecture.md).
  @Test(arguments: sets, formats)
  func resultDoesNotDependOnBatch(_ name: TestedKernels, _ format: BlockFormat) {
    let set = name.kernels
    var random = RandomData(seed: 7)
    let columns = format.wholeBlocks(352)
    let weights = random.matrix(format, rows: 150, columns: columns)
    let input = random.activations(rows: 75, columns: columns)
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

  /// Every set gives the same bits: activations are rounded to the same integers and scales, the sums of a block
  /// are exact, and what follows is rounded in the same places.
  @Test(arguments: formats, Precision.allCases)
  func instructionSetsAgree(_ format: BlockFormat, _ precision: Precision) {
    var random = RandomData(seed: 9)
    for atLeast in [32, 416] {
      let columns = format.wholeBlocks(atLeast)
      let weights = random.matrix(format, rows: 75, columns: columns)
      let input = random.activations(rows: 35, columns: columns)
      let bias = FloatVector(random.floats(75))
      let expected = product(.portable, weights.matrix, input, bias, precision: precision).values
      for set in Self.sets {
        for layout in Set([.rows, set.kernels.products.layout(for: format)]) {
          let result = product(set.kernels, weights.matrix(in: layout), input, bias, precision: precision)
          #expect(
            firstDifference(result.values, expected, columns: 75) == nil,
            "\(set) \(layout), \(columns) columns")
        }
      }
    }
  }

  /// 102,400 random records per format, both precisions, one token to more than a panel.
  @Test(arguments: sets.filter { $0 != .portable }, formats)
  func randomRecordsEqualPortable(_ set: TestedKernels, _ format: BlockFormat) {
    var random = RandomData(seed: 19)
    for tokens in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16, 17, 32, 33] {
      // 100 groups of 16 rows, 64 blocks of 32 columns.
      let weights = random.matrix(format, rows: 1_600, columns: 2_048)
      let input = random.activations(rows: tokens, columns: 2_048)
      let matrix = weights.matrix(in: .interleaved16)
      for precision in Precision.allCases {
        let expected = product(.portable, matrix, input, precision: precision).values
        let actual = product(set.kernels, matrix, input, precision: precision).values
        #expect(firstDifference(actual, expected, columns: 1_600) == nil, "\(precision), \(tokens) tokens")
      }
    }
  }

  /// Scales at the ends of their range, where the result is finite, zero, infinite or NaN as in the
  /// reference.
  @Test(arguments: sets)
  func extremeScales(_ name: TestedKernels) {
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
    for format in [BlockFormat.q8_0, .q5_0] {
      for scale: UInt16 in [0, 1, 0x7BFF, 0x8001, 0xFBFF] {
        let weights = random.matrix(
          format, rows: 20, columns: 64, scale: [UInt8(scale & 255), UInt8(scale >> 8)])
        let input = random.activations(rows: 3, columns: 64)
        let expected = product(.reference, weights.matrix, input)
        let actual = product(set, weights.matrix(in: set.products.layout(for: format)), input)
        let tolerance = abs(Float(float16Bits: scale)) * Float(-format.integerRange.low) * 8 * 1e-3
        expectClose(
          actual, expected, "\(name) \(format) scale \(scale)",
          tolerance: [Float](repeating: tolerance, count: 60))
      }
    }
  }

  /// Minimums are multiplied by the sum of the activations as they were rounded: with no scale there is
  /// nothing else, and where a minimum takes off what the scale gives, nothing is left.
  @Test(arguments: sets)
  func minimums(_ name: TestedKernels) {
    for precision in Precision.allCases {
      let largest = Int(precision.largestQuant)
      let quants = (0..<3).map { token in
        (0..<32).map { $0 == token ? largest : ($0 * 37 + token * 11) % 200 - 100 }
      }
      let sums = quants.map { Float($0.reduce(0, +)) }
      for tokens in [1, 3] {
        let input = Activations(quants.prefix(tokens).flatMap { $0.map { Float($0) } }, columns: 32)
        // m = −2.5 with d = 0; d = 1 and m = −31 with every q = 31; d = 2 and m = 1 with every q = 0.
        for (scale, minimum, bits, weight) in [
          (0x0000, 0xC100, UInt8(0xA5), Float(-2.5)), (0x3C00, 0xCFC0, 0xFF, 0), (0x4000, 0x3C00, 0, 1),
        ] as [(UInt16, UInt16, UInt8, Float)] {
          let numbers = [scale, minimum].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
          let block = numbers + [UInt8](repeating: bits, count: 20)
          let weights = TestMatrix(
            format: .q5_1, rows: 17, columns: 32, bytes: (0..<17).flatMap { _ in block })
          for layout in Set([.rows, name.kernels.products.layout(for: .q5_1)]) {
            let output = product(
              name.kernels, weights.matrix(in: layout), input, precision: precision)
            for token in 0..<tokens {
              let expected = [Float](repeating: sums[token] * weight, count: 17)
              #expect(
                output.row(token) == expected,
                "\(name) \(layout) \(precision), weights of \(weight), token \(token)")
            }
          }
        }
      }
    }
  }

  /// A token with NaN or infinity gives no finite number, and its neighbors are not touched.
  @Test(arguments: sets)
  func nonFiniteActivations(_ name: TestedKernels) {
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
