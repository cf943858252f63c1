import Foundation
import GGUF
import Testing

/// Rows and experts cut out of tensors.
@Suite struct SliceTests {
  private let file: GGUFFile

  init() throws { file = try open(FileBuilder.sample.bytes) }

  private func tensor(_ name: String) throws -> GGUFTensor { try #require(file.tensor(named: name)) }

  private func bytes(_ slice: GGUFTensor) -> [UInt8] { file.withBytes(of: slice) { Array(reading: $0) } }

  @Test func aRowOfAMatrix() throws {
    let attention = try tensor("attention")
    let whole = try #require(file.copy(of: "attention"))
    #expect(attention.rowCount == 3)
    for row in 0..<3 {
      let slice = try file.slice(of: attention, row: row)
      #expect(slice.dimensions == [32] && slice.type == .q8_0 && slice.name == "attention")
      #expect(slice.byteCount == GGUFTensorType.q8_0.bytesPerBlock)
      #expect(bytes(slice) == Array(whole[row * 34..<(row + 1) * 34]))
    }
  }

  @Test func anExpertOfAStackAndItsRows() throws {
    let experts = try tensor("experts")
    let whole = try #require(file.copy(of: "experts"))
    for expert in 0..<2 {
      let slice = try file.slice(of: experts, expert: expert)
      #expect(slice.dimensions == [64, 2] && slice.type == .mxfp4)
      #expect(bytes(slice) == Array(whole[expert * 68..<(expert + 1) * 68]))
      for row in 0..<2 {
        let direct = try file.slice(of: experts, expert: expert, row: row)
        #expect(direct.dimensions == [64] && direct.byteCount == 34)
        #expect(direct == (try file.slice(of: slice, row: row)), "a slice of a slice")
        #expect(direct == (try file.slice(of: experts, row: 2 * expert + row)), "rows of all experts")
        #expect(bytes(direct) == Array(whole[(2 * expert + row) * 34..<(2 * expert + row + 1) * 34]))
      }
    }
  }

  @Test func theWholeTensorAndTheSmallest() throws {
    for tensor in file.tensors {
      #expect(try file.slice(of: tensor) == tensor)
      if tensor.dimensions.count < 2 { #expect(try file.slice(of: tensor, row: 0) == tensor) }
    }
    // A bias of experts: one vector for each.
    let attention = try tensor("attention")
    #expect(try file.slice(of: attention, expert: 2) == file.slice(of: attention, row: 2))
  }

  @Test(arguments: [-1, 2, 3, .max, .min]) func whatIsNotThereIsAnError(index: Int) throws {
    let experts = try tensor("experts")
    #expect(throws: refusal(.noSuchExpert(index, count: 2), "experts")) {
      try file.slice(of: experts, expert: index)
    }
    #expect(throws: refusal(.noSuchRow(index, count: 2), "experts")) {
      try file.slice(of: experts, expert: 0, row: index)
    }
    #expect(throws: refusal(.noSuchExpert(index, count: 0), "norm")) {
      try file.slice(of: tensor("norm"), expert: index)
    }
    #expect(throws: refusal(.noSuchRow(index, count: 1), "scalar")) {
      try file.slice(of: tensor("scalar"), row: index)
    }
  }

  private func refusal(_ reason: GGUFError.Reason, _ tensor: String) -> GGUFError {
    GGUFError(path: file.path, place: .tensor(tensor), reason: reason)
  }

  @Test func urlsAreTakenLikePaths() throws {
    let folder = try TemporaryFolder()
    let url = URL(filePath: folder.path).appending(path: "a model.gguf")
    var writer = try GGUFWriter(
      url: url, metadata: GGUFMetadata(), tensors: [.init(name: "t", dimensions: [2], type: .f32)])
    try writer.write([UInt8](repeating: 1, count: 8).span.bytes, to: "t")
    try writer.finish()
    #expect(try GGUFFile(url: url).path == url.path)
    let page = try #require(URL(string: "https://example.org/model.gguf"))
    let expected = GGUFError(path: page.absoluteString, reason: .notAFileURL)
    #expect(throws: expected) { try GGUFFile(url: page) }
    #expect(throws: expected) { _ = try GGUFWriter(url: page, metadata: GGUFMetadata(), tensors: []) }
  }
}
