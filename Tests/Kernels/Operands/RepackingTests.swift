import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// From the file's layout to records and back.
struct RepackingTests {
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
  @Test(arguments: TestedKernels.here, [BlockFormat.mxfp4, .q8_0])
  func repackingByVectorsIsTheSame(_ name: TestedKernels, _ format: BlockFormat) {
    var random = RandomData(seed: 5)
    for (rows, columns) in [(1, 32), (16, 64), (45, 96)] {
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
