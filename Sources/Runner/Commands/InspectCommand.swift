import ArgumentParser
import Foundation
import GGUF
import GPTOSS
import GPTOSSBlockFormats
import GPTOSSTerminal

/// `gptoss inspect`: what a GGUF file holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a GGUF file's metadata and tensors, and whether the model will run.",
    discussion: "With --tensor and --block, one block of a tensor is taken apart and explained instead.")

  @OptionGroup var model: ModelArgument

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print long metadata arrays, such as the vocabulary, in full.")
  var arrays = false

  @Option(help: "The tensor that has the block.")
  var tensor: String?

  @Option(
    number: "The block's number in the tensor, from 0.")
  var block: Int?

  func validate() throws {
    if (tensor == nil) != (block == nil) { throw ValidationError("Give --tensor and --block together.") }
    try checkOption("block", block, in: 0...)
    if arrays, tensor != nil {
      throw ValidationError("Give either --arrays or --tensor: a block has no metadata.")
    }
  }

  func run() throws {
    let file = try model.file()
    if let tensor, let block {
      let explanation = try explain(block, of: tensor, in: file)
      try StandardOutput.writeLine(json ? explanation.json() : explanation.description)
    } else {
      let report = FileReport(file, wholeArrays: arrays)
      try StandardOutput.write(json ? report.json.text + "\n" : report.text)
    }
  }

  private func explain(_ block: Int, of name: String, in file: GGUFFile) throws -> BlockExplanation {
    guard let tensor = file.tensor(named: name) else {
      throw RunnerError.noSuchTensor(name, path: file.path)
    }
    guard let format = BlockFormat(ggmlTypeID: tensor.type.rawValue) else {
      throw RunnerError.unknownFormat(tensor.type.name, tensor: name)
    }
    let blockCount = tensor.byteCount / format.bytesPerBlock
    guard block < blockCount else {
      throw RunnerError.noSuchBlock(block, tensor: name, blockCount: blockCount)
    }
    let start = block * format.bytesPerBlock
    return file.withBytes(of: tensor) { bytes in
      format.explain(bytes.extracting(start..<start + format.bytesPerBlock))
    }
  }
}

extension BlockExplanation {
  /// One line of JSON, keys sorted.
  fileprivate func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
