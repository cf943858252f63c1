import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON

extension ReasoningEffort {
  /// Reads `reasoning.effort`, else `reasoning_effort`; medium if both are absent.
  init(parameters request: JSONField) throws {
    let fields = [
      try request.optional("reasoning")?.optional("effort"), try request.optional("reasoning_effort"),
    ]
    self = try fields.compactMap(\.self).first.map(ReasoningEffort.init(name:)) ?? .medium
  }

  /// Reads an effort by the name that any API has for it.
  init(name field: JSONField) throws {
    let name = try field.string()
    guard let effort = ReasoningEffort(named: name) else {
      throw field.unknownValue(name, allowed: ["none", "minimal", "low", "medium", "high", "xhigh", "max"])
    }
    self = effort
  }
}

extension ReasoningBudget {
  /// Reads the first field that is given of `reasoning_budget` (a field of this server: tokens, or a text
  /// such as `"30s"`), `reasoning.max_tokens`, and the names that other servers have for tokens; nil without
  /// one. -1 is no limit.
  init?(parameters request: JSONField) throws {
    let fields = [
      try request.optional("reasoning_budget"), try request.optional("reasoning")?.optional("max_tokens"),
      try request.optional("thinking_budget_tokens"), try request.optional("thinking_token_budget"),
    ]
    guard let field = fields.compactMap(\.self).first else { return nil }
    guard let text = field.value.stringValue else {
      let count = try field.integer(in: -1...Int.max)
      guard count >= 0 else { return nil }
      self = .tokens(count)
      return
    }
    guard let budget = ReasoningBudget(text) else {
      throw ServerError.invalid(
        parameter: field.path,
        problem: "it has to be a number of tokens, seconds such as \"30s\", or \"none\"")
    }
    self = budget
  }
}

/// The field of a chat answer that has the reasoning.
package enum ReasoningFormat: String, CaseIterable {
  /// `reasoning`, which OpenAI's compatibility cases look for.
  case reasoning
  /// `reasoning_content`, which some clients read.
  case reasoningContent = "reasoning_content"
  /// No field: the reasoning is left out.
  case none

  /// Reads `reasoning_format`, a field of this server, or `include_reasoning`, which is `none` if false.
  init(parameters request: JSONField) throws {
    let isIncluded = try request.flag("include_reasoning") ?? true
    self = try request.choice("reasoning_format") ?? (isIncluded ? .reasoning : .none)
  }

  /// Adds the reasoning to a message or a delta.
  func add(_ text: String, to object: inout JSONObject) {
    if self != .none { object[rawValue] = .string(text) }
  }
}
