import ArgumentParser
import GPTOSS
import GPTOSSMeasurement

/// `gptoss logits`: a model's output for given tokens.
struct LogitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logits",
    abstract: "Write the logits of given tokens to a NumPy file.",
    discussion: """
      The file holds float32 of shape [tokens, vocabulary]: for every token the logits of the one after it. \
      Without --all and --last, that is one row, for the last token.
      """)

  @OptionGroup var model: ModelArgument

  @Option(
    parsing: .unconditional,
    help: "Token ids such as 1,2,3, a file with such a list, or - for standard input.", completion: .file(),
    transform: TokenSource.init(argument:))
  var tokens: TokenSource

  @Flag(help: "Write a row for every token.")
  var all = false

  @Option(
    number: "Write a row for each of the last tokens of the list, as many as this says.")
  var last: Int?

  @Option(name: [.customShort("o"), .long], help: "The .npy file to write.", completion: .file())
  var output: String

  @Flag(help: Destination.forceHelp)
  var force = false

  @OptionGroup var options: RunOptions

  private var destination: Destination { Destination(path: output, isOverwriting: force) }

  func validate() throws {
    try destination.validate("--output")
    if all, last != nil { throw ValidationError("Give either --all or --last.") }
    try checkOption("last", last, in: 1...)
    if let last, case .list(let tokens) = tokens, last > tokens.count {
      throw ValidationError("--last is \(last), but --tokens has \(tokens.count).")
    }
  }

  func run() async throws {
    try destination.check(reading: model.files() + [tokens.path].compactMap(\.self))
    let tokens = try tokens.tokens()
    let count = all ? tokens.count : last ?? 1
    guard count <= tokens.count else { throw RunnerError.tooFewTokens(tokens.count, wanted: count) }
    let model = try await options.load(model, precision: .precise)
    let file = try NumPyFile(
      path: output, rowCount: count, columnCount: model.tokenizer.vocabulary.count, isOverwriting: force)
    try await model.withLogits(of: tokens, at: tokens.count - count..<tokens.count) { _, row in
      try file.append(row)
    }
    try file.finish()
  }
}
