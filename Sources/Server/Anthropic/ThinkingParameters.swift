package import GPTOSS
package import GPTOSSHarmony
package import GPTOSSJSON

/// `thinking` of Messages: how much the model reasons, and what the answer has of it.
package struct ThinkingParameters: Equatable {
  /// What an answer has of the reasoning.
  package enum Display: String, CaseIterable, Sendable {
    /// Its text, all of it.
    case summarized
    /// A block without text.
    case omitted
  }

  /// nil for no blocks of thinking. The model reasons all the same: gpt-oss always does.
  package var display: Display?
  /// How much the model reasons, unless `output_config.effort` says so.
  package var effort = ReasoningEffort.low
  /// `budget_tokens`; nil for no limit.
  package var budget: ReasoningBudget?

  /// - Throws: `ServerError` or `JSONError` with the parameter's path.
  package init(messages request: JSONField) throws {
    guard let field = try request.optional("thinking") else { return }
    let type = try field.required("type")
    switch try type.string() {
    case "disabled": return
    case "adaptive", "between_tools": effort = .medium
    case "enabled":
      let count = try field.required("budget_tokens").integer(in: 1...Int.max)
      effort = Self.effort(budget: count)
      budget = .tokens(count)
    case let other:
      throw type.unknownValue(other, allowed: ["enabled", "adaptive", "between_tools", "disabled"])
    }
    display = try field.choice("display") ?? .summarized
  }

  /// The effort whose reasoning is about as long as a budget of tokens. It is not low, because a model may
  /// then not reason at all.
  private static func effort(budget: Int) -> ReasoningEffort { budget < 16384 ? .medium : .high }
}
