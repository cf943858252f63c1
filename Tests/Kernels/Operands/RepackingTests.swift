import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// From the file's layout to records and back.
struct RepackingTests {
  @Test(arguments: [BlockFormat.mxfp4, .q8_0, .q4_0, .q5_0, .q5_1, .iq4_NL, .q4_K, .q5_K, .q6_K])
  func repackingIsExact(_ format: BlockFormat) {
    var random = RandomData(seed: 3)
    for (rows, atLeast) in [(1, 32), (16, 64), (45, 96), (17, 288)] {
      let columns = format.wholeBlocks(atLeast)
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

  /// A format that has records of its own takes hardly more memory in them than in the file, whole groups
  /// given: as much, or with a byte in place of each six bits of a scale or minimum.
  @Test(arguments: RecordProductTests.formats)
  func recordsAreAsLargeAsTheFile(_ format: BlockFormat) {
    var random = RandomData(seed: 4)
    let matrix = random.matrix(format, rows: 32, columns: format.wholeBlocks(64)).matrix
    let added = InterleavedFormat(format)?.scales == .sixBits ? 4 : 0
    let blocks = 32 * matrix.columns / format.weightsPerBlock
    #expect(matrix.byteCount(in: .interleaved16) == matrix.byteCount(in: .rows) + added * blocks)
    #expect(
      format.byteCount(1000 * format.bytesPerBlock, in: .interleaved16)
        == 1000 * (format.bytesPerBlock + added))
  }

  /// A weight's high bit goes to the byte and the bit that belong to its column.
  @Test func highBitsStandByColumn() {
    for column in 0..<32 {
      var block = [UInt8](repeating: 0, count: Q5_0.bytesPerBlock)
      block[2 + column / 8] = 1 << (column % 8)
      let weights = TestMatrix(format: .q5_0, rows: 1, columns: 32, bytes: block)
      var record = [UInt8](repeating: 1, count: weights.matrix.byteCount(in: .interleaved16))
      record.withUnsafeMutableBytes {
        guard let output = $0.baseAddress else { return }
        KernelSet.reference.products.repack(weights.matrix, rows: 0..<1, as: .interleaved16, output: output)
      }
      // The scales of sixteen rows, then four bytes of row 0.
      for byte in 0..<4 {
        let expected: UInt8 = byte == column % 4 ? 1 << (column / 4) : 0
        #expect(record[32 + byte] == expected, "column \(column), byte \(byte)")
      }
    }
  }

  /// Vectors move the same bytes to the same places as the plain loop does.
  @Test(arguments: TestedKernels.here, RecordProductTests.formats)
  func repackingByVectorsIsTheSame(_ name: TestedKernels, _ format: BlockFormat) {
    var random = RandomData(seed: 5)
    for (rows, atLeast) in [(1, 32), (16, 64), (45, 96), (17, 288)] {
      let columns = format.wholeBlocks(atLeast)
      let weights = random.matrix(format, rows: rows, columns: columns)
      let byteCount = weights.matrix.byteCount(in: .interleaved16)
      var (plain, vectors) = (
        [UInt8](repeating: 0, count: byteCount), [UInt8](repeating: 1, count: byteCount)
      )
      plain.withUnsafeMutableBytes {
        guard let output = $0.baseAddress else { return }
        KernelSet.reference.products.repack(
          weights.matrix, rows: 0..<rows, as: .interleaved16, output: output)
      }
      vectors.withUnsafeMutableBytes {
        guard let output = $0.baseAddress else { return }
        name.kernels.products.repack(weights.matrix, rows: 0..<rows, as: .interleaved16, output: output)
      }
      #expect(plain == vectors, "\(name) \(format) [\(rows), \(columns)]")
    }
  }
}
