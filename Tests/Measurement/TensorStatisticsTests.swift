import Foundation
import GGUF
import GPTOSSBlockFormats
import GPTOSSMeasurement
import Testing

/// What `inspect --tensor` tells, on weights that can be counted by hand.
struct TensorStatisticsTests {
  /// Two rows of MXFP4, 0.5 and 1 with the scale 1, then 0 and 6 with the scale 2; 64 floats of which one is
  /// far away.
  private static func withFile(_ body: (GGUFFile) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "weights-\(UUID().uuidString).gguf"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var metadata = GGUFMetadata()
    metadata["general.architecture"] = .string("gpt-oss")
    var writer = try GGUFWriter(
      path: path, metadata: metadata,
      tensors: [
        GGUFWriter.Tensor(name: "blocks", dimensions: [32, 2], type: .mxfp4),
        GGUFWriter.Tensor(name: "floats", dimensions: [64], type: .f32),
        GGUFWriter.Tensor(name: "bytes", dimensions: [64], type: .q8_0),
      ])
    let blocks: [UInt8] =
      [127] + [UInt8](repeating: 0x21, count: 16) + [128] + [UInt8](repeating: 0x70, count: 16)
    try writer.write(blocks.span.bytes, to: "blocks")
    let floats = (0..<64).map { $0 == 40 ? Float(-50) : $0 % 2 == 0 ? 0.1 : -0.1 }
    try writer.write(floats.span.bytes, to: "floats")
    // Scales 0.5 and 0.
    let bytes: [UInt8] = [0, 0x38] + [UInt8](repeating: 3, count: 32) + [UInt8](repeating: 0, count: 34)
    try writer.write(bytes.span.bytes, to: "bytes")
    try writer.finish()
    try body(GGUFFile(path: path))
  }

  @Test func countsAreThoseOfTheWeights() throws {
    try Self.withFile { file in
      let tensor = try #require(file.tensor(named: "blocks"))
      let whole = try TensorStatistics(of: tensor, .mxfp4, in: file)
      #expect(whole.count == 64 && whole.zeroCount == 16 && whole.notFiniteCount == 0)
      #expect(whole.smallest == 0 && whole.largest == 12 && whole.mean == 3.375)
      // The mean of the squares is (0.25 + 1 + 0 + 144) / 4.
      #expect(abs(whole.deviation - (36.3125 - 3.375 * 3.375).squareRoot()) < 1e-12)
      #expect(whole.scaleCounts == [0: 1, 1: 1] && whole.outlierCount == 0)
      #expect(whole.nibbleCounts == [16, 16, 16, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0])
      let row = try TensorStatistics(of: file.slice(of: tensor, row: 0), .mxfp4, in: file)
      #expect(row.count == 32 && row.largest == 1 && row.scaleCounts == [0: 1])
    }
  }

  @Test func scalesAreCounted() throws {
    try Self.withFile { file in
      let statistics = try TensorStatistics(of: #require(file.tensor(named: "bytes")), .q8_0, in: file)
      #expect(statistics.scaleCounts == [-1: 1] && statistics.zeroScaleCount == 1)
      #expect(statistics.largest == 1.5 && statistics.zeroCount == 32)
    }
  }

  @Test func whatIsFarAwayIsNamed() throws {
    try Self.withFile { file in
      let statistics = try TensorStatistics(of: #require(file.tensor(named: "floats")), .f32, in: file)
      #expect(statistics.outlierCount == 1)
      #expect(statistics.outliers.map(\.index) == [40] && statistics.outliers.map(\.value) == [-50])
      #expect(statistics.scaleCounts.isEmpty && statistics.nibbleCounts == [Int](repeating: 0, count: 16))
    }
  }

  @Test func anotherFormatLosesWhatItRounds() throws {
    try Self.withFile { file in
      let blocks = try #require(file.tensor(named: "blocks"))
      for format in [F16.self, BF16.self, MXFP4.self] as [any BlockEncoding.Type] {
        let loss = try FormatLoss(of: blocks, .mxfp4, as: format, in: file)
        #expect(loss.relativeError == 0 && loss.largestError == 0 && loss.unchangedCount == 64)
      }
      // In the block with −50, steps of MXFP4 are far larger than 0.1.
      let loss = try FormatLoss(of: #require(file.tensor(named: "floats")), .f32, as: MXFP4.self, in: file)
      #expect(loss.bitsPerWeight == 4.25 && loss.count == 64)
      #expect(loss.relativeError > 0 && loss.largestError > 0.09 && loss.unchangedCount < 64)
    }
  }
}
