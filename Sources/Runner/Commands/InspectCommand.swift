import ArgumentParser
import Foundation
import GGUF
import GPTOSS
import GPTOSSBlockFormats
import GPTOSSMeasurement
import GPTOSSTerminal

/// `gptoss inspect`: what a GGUF file holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a GGUF file's metadata and tensors, and whether the model will run.",
    discussion: """
      With --tensor, what the weights of a tensor are like: their range, their scales, those that are far from the \
      others. --expert and --row choose a part of it; --block takes one block of the part apart; --compare tells \
      what the part would lose in another format.
      """)

  @OptionGroup var model: ModelArgument

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print long metadata arrays, such as the vocabulary, in full.")
  var arrays = false

  @Option(help: "A tensor to look into.")
  var tensor: String?

  @Option(
    number: "An expert's number, from 0, in a tensor of experts.")
  var expert: Int?

  @Option(
    number: "A row's number, from 0, in the tensor or the expert.")
  var row: Int?

  @Option(
    number: "A block's number, from 0, in the tensor, the expert or the row.")
  var block: Int?

  @Option(
    help: "Tell what the weights would lose in another format: f16, bf16, q8_0 or mxfp4.",
    transform: InspectCommand.encoding)
  var compare: BlockFormat?

  func validate() throws {
    for (name, value) in [("expert", expert), ("row", row), ("block", block)] {
      if value != nil, tensor == nil { throw ValidationError("--\(name) goes with --tensor.") }
      try checkOption(name, value, in: 0...)
    }
    if compare != nil, tensor == nil { throw ValidationError("--compare goes with --tensor.") }
    if compare != nil, block != nil { throw ValidationError("Give either --compare or --block.") }
    if arrays, tensor != nil {
      throw ValidationError("Give either --arrays or --tensor: a tensor has no metadata.")
    }
  }

  func run() throws {
    let file = try model.file()
    guard let tensor else {
      let report = FileReport(file, wholeArrays: arrays)
      return try StandardOutput.write(json ? report.json.text + "\n" : report.text)
    }
    let part = try TensorPart(tensor, expert: expert, row: row, in: file)
    if let block {
      let explanation = try part.explain(block)
      try StandardOutput.writeLine(json ? explanation.json() : explanation.description)
    } else {
      let report = try TensorReport(part, comparedWith: compare)
      try StandardOutput.write(json ? report.json.text + "\n" : report.text)
    }
  }

  /// A format that can be written.
  @Sendable
  private static func encoding(_ name: String) throws -> BlockFormat {
    let known = BlockFormat.allCases.filter { $0.encoder != nil }
    guard let format = known.first(where: { $0.rawValue == name.lowercased() }) else {
      throw ValidationError("the formats are \(known.map(\.rawValue).joined(separator: ", ")).")
    }
    return format
  }
}

/// A tensor of a file, or a part of one.
struct TensorPart {
  let file: GGUFFile
  /// The whole tensor.
  let tensor: GGUFTensor
  let part: GGUFTensor
  let format: BlockFormat
  let expert: Int?
  let row: Int?

  /// - Throws: `RunnerError.noSuchTensor`, `.unknownFormat`; `GGUFError` for an expert or row that there is not.
  init(_ name: String, expert: Int?, row: Int?, in file: GGUFFile) throws {
    guard let tensor = file.tensor(named: name) else {
      throw RunnerError.noSuchTensor(name, path: file.path)
    }
    guard let format = BlockFormat(ggmlTypeID: tensor.type.rawValue) else {
      throw RunnerError.unknownFormat(tensor.type.name, tensor: name)
    }
    self.file = file
    self.tensor = tensor
    self.format = format
    self.expert = expert
    self.row = row
    part = try file.slice(of: tensor, expert: expert, row: row)
  }

  /// Takes a block of the part apart.
  func explain(_ block: Int) throws -> BlockExplanation {
    let blockCount = part.byteCount / format.bytesPerBlock
    guard block < blockCount else {
      throw RunnerError.noSuchBlock(block, tensor: tensor.name, blockCount: blockCount)
    }
    let start = block * format.bytesPerBlock
    return file.withBytes(of: part) { bytes in
      format.explain(bytes.extracting(start..<start + format.bytesPerBlock))
    }
  }

  /// Where a weight of the part stands in the tensor, in words.
  func place(of index: Int) -> String {
    let width = max(1, tensor.dimensions.first ?? 1)
    var words: [String] = []
    let rowOfPart = index / width
    if tensor.dimensions.count > 2 {
      let rows = tensor.dimensions[1]
      words = ["expert \(expert ?? (row ?? rowOfPart) / rows)", "row \((row ?? rowOfPart) % rows)"]
    } else if tensor.dimensions.count > 1 {
      // The experts of a bias are rows.
      words = ["row \(expert ?? row ?? rowOfPart)"]
    }
    return (words + ["column \(index % width)"]).joined(separator: ", ")
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
