import ArgumentParser
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
      others. --expert and --row choose a part of it; --block takes one block of the part apart and tells at which \
      byte of the file it begins; --compare tells what the part would lose in another format.
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
      return json ? try StandardOutput.writeJSON(report.json.text) : try StandardOutput.write(report.text)
    }
    let part = try TensorPart(tensor, expert: expert, row: row, in: file)
    if let block {
      let report = try BlockReport(block, of: part)
      json ? try StandardOutput.writeJSON(report.json()) : try StandardOutput.writeLine(report.text)
    } else {
      let report = try TensorReport(part, comparedWith: compare)
      json ? try StandardOutput.writeJSON(report.json.text) : try StandardOutput.write(report.text)
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
