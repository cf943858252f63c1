import ArgumentParser
import Foundation
import GPTOSS
import GPTOSSMeasurement
import GPTOSSTerminal

/// `gptoss perplexity`: how well a model predicts a text.
struct PerplexityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perplexity",
    abstract: "Measure how well a model predicts a text.",
    discussion: """
      The text is cut into windows of --context tokens (2048 unless given). Every token but a window's first \
      counts: perplexity is e to the mean of −ln p, and its error is the standard error of that mean times \
      the perplexity.
      """)

  @OptionGroup var model: ModelArgument

  @Option(help: "The text in UTF-8, or - for standard input.", completion: .file())
  var file: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var options: RunOptions

  private static let defaultWindow = 2048

  func validate() throws {
    try checkPath("--file", file)
    try checkOption("context", options.context, in: 2...)
  }

  func run() async throws {
    let input = Input(path: file)
    let text = try input.readText()
    let model = try await options.load(model, precision: .precise)
    let tokens = model.tokenizer.encode(text)
    guard tokens.count > 1 else { throw RunnerError.textTooShort(path: input.name) }
    let window = min(options.context ?? Self.defaultWindow, model.configuration.contextLength)
    guard window > 1 else { throw RunnerError.contextTooShort }

    var progress = ProgressBar("reading")
    defer { progress.finish() }
    let perplexity = try await model.perplexity(of: tokens, window: window) { read in
      progress.update(Double(read) / Double(tokens.count), "\(read) of \(tokens.count) tokens")
    }
    progress.finish()
    try StandardOutput.writeLine(json ? perplexity.json.text : perplexity.text)
  }
}

extension Perplexity {
  fileprivate var json: JSONValue {
    [
      "perplexity": JSONValue(decimal: value), "error": JSONValue(decimal: standardError),
      "mean_negative_log_likelihood": JSONValue(decimal: meanNegativeLogLikelihood),
      "tokens": JSONValue(tokenCount),
    ]
  }

  fileprivate var text: String {
    String(format: "perplexity %.4f ± %.4f over %d tokens", value, standardError, tokenCount)
  }
}
