import ArgumentParser
import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSKernels
import GPTOSSModel
import GPTOSSSampling
import GPTOSSTokenizer
import Synchronization

/// `gptoss perplexity`: how well a model predicts a text.
struct Perplexity: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how well a model predicts a text.",
    discussion: """
      The text is cut into windows of --context tokens (2048 unless given). Every token but a window's first counts: \
      perplexity is e to the mean of −ln p, and its error is the standard error of that mean times the perplexity.
      """)

  @Argument(help: "The GGUF file.")
  var model: String

  @Option(help: "The text in UTF-8, or - for standard input.")
  var file: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var options: RunOptions

  private static let defaultWindow = 2048

  func run() async throws {
    let text = try Input(path: file).readText()
    let model = try await options.load(model, precision: .precise)
    let tokens = model.tokenizer.encode(text)
    guard tokens.count > 1 else { throw RunnerError.textTooShort(path: Input(path: file).name) }
    let window = min(options.context ?? Self.defaultWindow, model.configuration.contextLength)
    guard window > 1 else { throw ValidationError("--context is \(window); perplexity needs 2 or more.") }

    var progress = ProgressBar("reading")
    defer { progress.finish() }
    let score = Score()
    for start in stride(from: 0, to: tokens.count - 1, by: window) {
      let piece = Array(tokens[start..<min(start + window, tokens.count)])
      try await model.withLogits(of: piece, at: 0..<piece.count - 1) { position, logits in
        score.add(piece[position + 1], logits)
      }
      let read = start + piece.count
      progress.update(Double(read) / Double(tokens.count), "\(read) of \(tokens.count) tokens")
    }
    progress.finish()
    try report(score.result)
  }

  private func report(_ result: Score.Result) throws {
    if json {
      let object: JSONValue = [
        "perplexity": JSONValue(decimal: result.perplexity), "error": JSONValue(decimal: result.error),
        "mean_negative_log_likelihood": JSONValue(decimal: result.mean), "tokens": JSONValue(result.count),
      ]
      try StandardOutput.writeLine(object.text)
    } else {
      let line = String(
        format: "perplexity %.4f ± %.4f over %d tokens", result.perplexity, result.error, result.count)
      try StandardOutput.writeLine(line)
    }
  }
}

/// Gathers −ln p of the tokens that came.
private final class Score: Sendable {
  struct Result {
    let count: Int
    let mean: Double
    let perplexity: Double
    let error: Double
  }

  private struct Sums: Sendable {
    var logProbabilities = LogProbabilities()
    var count = 0
    /// The running mean, and the sum of squared distances from it (Welford 1962).
    var mean = 0.0
    var squares = 0.0
  }

  private let sums = Mutex(Sums())

  func add(_ token: Int, _ logits: Span<Float>) {
    sums.withLock { sums in
      let value = -sums.logProbabilities.logProbability(of: token, in: logits)
      sums.count += 1
      let distance = value - sums.mean
      sums.mean += distance / Double(sums.count)
      sums.squares += distance * (value - sums.mean)
    }
  }

  var result: Result {
    sums.withLock { sums in
      let count = Double(sums.count)
      let variance = sums.count > 1 ? sums.squares / (count - 1) : 0
      let perplexity = exp(sums.mean)
      return Result(
        count: sums.count, mean: sums.mean, perplexity: perplexity,
        error: perplexity * (variance / count).squareRoot())
    }
  }
}
