import GPTOSSHarmony
import GPTOSSJSON

extension ReasoningEffort {
  /// `reasoning_effort`, or `effort` in `reasoning`, which wins; medium if neither is there.
  init(parameters request: JSONField) throws {
    let fields = [
      try request.optional("reasoning")?.optional("effort"), try request.optional("reasoning_effort"),
    ]
    guard let field = fields.compactMap(\.self).first else {
      self = .medium
      return
    }
    let name = try field.string()
    guard let effort = ReasoningEffort(named: name) else {
      throw field.unknownValue(name, allowed: ["none", "minimal", "low", "medium", "high", "xhigh", "max"])
    }
    self = effort
  }
}

/// Under which names a chat answer tells the reasoning.
package enum ReasoningFormat: String, CaseIterable {
  /// As `reasoning`, which OpenAI's compatibility cases look for.
  case reasoning
  /// As `reasoning_content`, which some clients read.
  case reasoningContent = "reasoning_content"
  /// Not at all.
  case none

  /// `reasoning_format`, a field of this server; `include_reasoning: false` is `none`.
  init(parameters request: JSONField) throws {
    let isIncluded = try request.flag("include_reasoning") ?? true
    self = try request.choice("reasoning_format") ?? (isIncluded ? .reasoning : .none)
  }

  /// Adds the reasoning to a message or a delta.
  func add(_ text: String, to object: inout JSONObject) {
    if self != .none { object[rawValue] = .string(text) }
  }
}
