import ArgumentParser
import GPTOSS
import GPTOSSMeasurement

/// `gptoss logits`: a model's output for given tokens.
struct LogitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logits",
    abstract: "Write the logits of given tokens to a NumPy file.",
    discussion: """
      The file holds float32 of shape [tokens, vocabulary]: the last position alone if nothing else is asked.
      """)

  @OptionGroup var model: ModelArgument

  @Option(help: "Token ids as 1,2,3, as a file of them, or - for standard input.")
  var tokens: String

  @Flag(help: "Write the logits of every position.")
  var all = false

  @Option(help: "Write the logits of this many positions at the end.")
  var last: Int?

  @Option(name: [.customShort("o"), .long], help: "The .npy file to write.")
  var output: String

  @OptionGroup var options: RunOptions

  func validate() throws {
    if all, last != nil { throw ValidationError("Give either --all or --last.") }
    try checkOption("last", last, in: 1...)
  }

  func run() async throws {
    let tokens = try TokenList(argument: tokens).tokens
    guard !tokens.isEmpty else { throw GPTOSSError.emptyPrompt }
    let count = all ? tokens.count : last ?? 1
    guard count <= tokens.count else {
      throw ValidationError("--last is \(count), but there are \(tokens.count) tokens.")
    }
    let model = try await options.load(model, precision: .precise)
    let file = try NumPyFile(path: output, rowCount: count, columnCount: model.tokenizer.vocabulary.count)
    try await model.withLogits(of: tokens, at: tokens.count - count..<tokens.count) { _, row in
      try file.append(row)
    }
    try file.finish()
  }
}
