import ArgumentParser
import GPTOSSSampling

/// How tokens are chosen.
struct SamplingArguments: ParsableArguments {
  @Option(
    number: """
      Above 1 makes the choice of tokens more random, below 1 less; at 0 the likeliest token is taken. If \
      left out, what the model's file recommends, or 1.
      """)
  var temperature: Float?

  @Option(
    number: """
      Choose among this many of the likeliest tokens; 0 for all. If left out, what the file recommends, or \
      all.
      """)
  var topK: Int?

  @Option(
    number: """
      Choose among the likeliest tokens that together reach this probability, 0 to 1. If left out, what the \
      file recommends, or 1.
      """)
  var topP: Float?

  @Option(
    number: """
      Choose among tokens at least this fraction as likely as the likeliest, 0 to 1. If left out, what the \
      file recommends, or 0.
      """)
  var minP: Float?

  @Option(
    number: "The seed of the random numbers: the same seed gives the same text. Random if left out.")
  var seed: UInt64?

  @Option(
    number: "Above 1, makes tokens of the prompt and the answer less likely to come again.")
  var repetitionPenalty: Float = 1

  @Option(
    number: "Subtracted from a token's logit once for each time that it was generated.")
  var frequencyPenalty: Float = 0

  @Option(
    number: "Subtracted from a token's logit if it was generated, however often.")
  var presencePenalty: Float = 0

  @Option(
    number: "How many of the last tokens the penalties look at; all if left out.")
  var penaltyWindow: Int?

  /// The options as the library has them.
  var options: SamplingOptions {
    SamplingOptions(
      temperature: temperature, topK: topK, topP: topP, minP: minP, repetitionPenalty: repetitionPenalty,
      frequencyPenalty: frequencyPenalty, presencePenalty: presencePenalty, penaltyWindow: penaltyWindow,
      seed: seed)
  }

  func validate() throws {
    do { try options.validate() } catch {
      guard case .optionOutOfRange(let option, _) = error else { throw ValidationError("\(error).") }
      // The option as it is spelled here in place of its name in the library.
      let spelling = option.rawValue.replacing(" ", with: "-")
      throw ValidationError("--\(spelling)\("\(error)".dropFirst(option.rawValue.count)).")
    }
  }
}

extension SamplingOptions {
  /// What differs from options that change nothing, as arguments. Biases of single tokens have none.
  var arguments: [String] {
    let values: [(name: String, value: (any CustomStringConvertible)?)] = [
      ("temperature", temperature), ("top-k", topK), ("top-p", topP), ("min-p", minP), ("seed", seed),
      ("repetition-penalty", repetitionPenalty == 1 ? nil : repetitionPenalty),
      ("frequency-penalty", frequencyPenalty == 0 ? nil : frequencyPenalty),
      ("presence-penalty", presencePenalty == 0 ? nil : presencePenalty), ("penalty-window", penaltyWindow),
    ]
    // With a sign of equality a negative number is no option of its own.
    return values.compactMap { name, value in value.map { "--\(name)=\($0)" } }
  }
}
