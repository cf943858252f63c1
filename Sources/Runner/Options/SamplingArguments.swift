import ArgumentParser
import GPTOSSSampling

/// How tokens are chosen.
struct SamplingArguments: ParsableArguments {
  @Option(
    help: """
      Flattens (above 1) or sharpens the choice; at 0 the best token is taken. As the model's file \
      recommends, or 1, if left out.
      """)
  var temperature: Float?

  @Option(
    help: "Choose among this many best tokens; 0 for all. The file's recommendation, or all, if left out.")
  var topK: Int?

  @Option(
    help: """
      Choose among the best tokens that together reach this probability, 0 to 1. The file's recommendation, \
      or 1, if left out.
      """)
  var topP: Float?

  @Option(
    help: """
      Choose among tokens at least this fraction as likely as the best, 0 to 1. The file's recommendation, \
      or 0, if left out.
      """)
  var minP: Float?

  @Option(help: "The start of the random numbers: the same seed gives the same text. Drawn if left out.")
  var seed: UInt64?

  @Option(help: "Above 1, makes tokens of prompt and answer less likely to come again.")
  var repetitionPenalty: Float = 1

  @Option(help: "Subtracted from a token's logit for each time that it was generated.")
  var frequencyPenalty: Float = 0

  @Option(help: "Subtracted once from the logit of a token that was generated.")
  var presencePenalty: Float = 0

  @Option(help: "How many of the last tokens the penalties look at; all if left out.")
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
