import ArgumentParser
import GPTOSSSampling

/// How tokens are chosen.
struct SamplingArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Above 1 makes the choice of tokens more random, below 1 less; at 0 the likeliest token is taken. If \
      left out, what the model's file recommends, or 1.
      """, transform: decimalNumber)
  var temperature: Float?

  @Option(
    parsing: .unconditional,
    help: """
      Choose among this many of the likeliest tokens; 0 for all. If left out, what the file recommends, or \
      all.
      """, transform: wholeNumber)
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Choose among the likeliest tokens that together reach this probability, 0 to 1. If left out, what the \
      file recommends, or 1.
      """, transform: decimalNumber)
  var topP: Float?

  @Option(
    parsing: .unconditional,
    help: """
      Choose among tokens at least this fraction as likely as the likeliest, 0 to 1. If left out, what the \
      file recommends, or 0.
      """, transform: decimalNumber)
  var minP: Float?

  @Option(
    parsing: .unconditional,
    help: "The seed of the random numbers: the same seed gives the same text. Random if left out.",
    transform: wholeNumber)
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "Above 1, makes tokens of the prompt and the answer less likely to come again. (default: 1)",
    transform: decimalNumber)
  var repetitionPenalty: Float = 1

  @Option(
    parsing: .unconditional,
    help: "Subtracted from a token's logit once for each time that it was generated. (default: 0)",
    transform: decimalNumber)
  var frequencyPenalty: Float = 0

  @Option(
    parsing: .unconditional,
    help: "Subtracted from a token's logit if it was generated, however often. (default: 0)",
    transform: decimalNumber)
  var presencePenalty: Float = 0

  @Option(
    parsing: .unconditional,
    help: "How many of the last tokens the penalties look at; all if left out.",
    transform: wholeNumber)
  var penaltyWindow: Int?

  /// The options as the library has them.
  var options: SamplingOptions {
    SamplingOptions(
      temperature: temperature, topK: topK, topP: topP, minP: minP, repetitionPenalty: repetitionPenalty,
      frequencyPenalty: frequencyPenalty, presencePenalty: presencePenalty, penaltyWindow: penaltyWindow,
      seed: seed)
  }

  func validate() throws {
    do { try options.validate() } catch { throw ValidationError("\(error).") }
  }
}
