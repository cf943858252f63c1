package import GPTOSS
package import GPTOSSHarmony
import GPTOSSJSON

/// What chat and Responses both ask for: a conversation and how to answer it.
package struct AnswerRequest {
  package var generation: GenerationParameters
  var items: [ConversationItem]
  package var tools: ToolParameters
  package var format: FormatParameters
  package var effort: ReasoningEffort

  /// The parameters that both have under the same names, and items read elsewhere.
  init(
    parameters request: JSONField, items: [ConversationItem], layout: ToolParameters.Layout,
    format: JSONField?
  ) throws {
    generation = try GenerationParameters(parameters: request)
    self.items = items
    tools = try ToolParameters(parameters: request, layout: layout)
    self.format = try FormatParameters(format, layout: layout)
    effort = try ReasoningEffort(parameters: request)
  }

  /// The conversation in Harmony's terms.
  ///
  /// - Parameter date: today, as `2025-06-28`.
  func conversation(date: String) throws(ServerError) -> Conversation {
    try Conversation(
      items, functions: tools.functions,
      system: SystemContent(reasoningEffort: effort, conversationStartDate: date), note: format.note)
  }

  /// How the engine is to answer, for one of several choices.
  package func options(choice: Int) -> ResponseOptions {
    ResponseOptions(
      generation.options(choice: choice), toolChoice: tools.choice,
      allowsParallelToolCalls: tools.allowsParallelCalls, format: format.format)
  }
}
