import Foundation
import GGUF
import GPTOSSFixtures
import GPTOSSRunner
import Testing

/// Where `inspect --block` says that a block stands. Breaks when somebody who looks there finds other bytes.
struct BlockReportTests {
  private static let name = "blk.1.ffn_down_exps.weight"

  private struct Shown: Decodable {
    let bytes: String
    let offset: Int
    let tensor_offset: Int
    let part: Int
  }

  @Test(arguments: [(expert: 3, row: 17, block: 2), (0, 0, 0), (7, 255, 2)])
  func bytesStandWhereItSays(expert: Int, row: Int, block: Int) throws {
    let path = try SmallModel.url.path
    let file = try GGUFFile(path: path)
    let part = try TensorPart(Self.name, expert: expert, row: row, in: file)
    let report = try BlockReport(block, of: part)
    let shown = try JSONDecoder().decode(Shown.self, from: Data(try report.json().utf8))
    let data = try Data(contentsOf: URL(filePath: path))
    let bytes = data[shown.offset..<shown.offset + 17].map {
      String(repeating: "0", count: $0 < 16 ? 1 : 0) + String($0, radix: 16)
    }
    #expect(bytes.joined() == shown.bytes)
    // Four blocks of 17 bytes per row, 256 rows per expert.
    #expect(shown.offset == shown.tensor_offset + 17 * (4 * (256 * expert + row) + block))
    #expect(shown.tensor_offset == file.tensor(named: Self.name)?.byteOffset && shown.part == 0)
    #expect(report.byteOffset == shown.offset)
    let lines = report.text.split(separator: "\n")
    #expect(
      lines[0] == "\(Self.name), expert \(expert), row \(row), block \(block): from byte \(shown.offset) of "
        + path)
    #expect(lines[1] == "The tensor begins at byte \(shown.tensor_offset).")
    #expect(lines[2] == "MXFP4: 17 bytes for 32 weights")
  }

  @Test func aBlockThatThereIsNotIsRefused() throws {
    let file = try GGUFFile(path: SmallModel.url.path)
    let part = try TensorPart(Self.name, expert: 0, row: 0, in: file)
    #expect {
      try BlockReport(4, of: part)
    } throws: { error in
      guard case RunnerError.noSuchBlock(4, tensor: Self.name, blockCount: 4) = error else { return false }
      return true
    }
  }
}
