import ArgumentParser
import GPTOSS

/// How much the model may reason.
struct ReasoningBudgetOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      The most that the model may reason before it has to answer: a number of tokens, seconds such as 30s, \
      or none. No limit if left out.
      """,
    transform: readBudget)
  var reasoningBudget: ReasoningBudget?
}

/// Reads a budget.
///
/// - Throws: `ValidationError` that says what the option takes.
@Sendable
private func readBudget(_ text: String) throws -> ReasoningBudget {
  guard let budget = ReasoningBudget(text) else {
    throw ValidationError("it has to be a number of tokens, seconds such as 30s, or none.")
  }
  return budget
}
