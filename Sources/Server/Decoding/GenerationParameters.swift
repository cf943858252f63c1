import GPTOSS
import GPTOSSHarmony
import GPTOSSSampling

/// What chat and Responses both ask for: a conversation and how to answer it.
struct AnswerRequest {
  /// The model's name as the client gave it.
  var model: String
  var items: [ConversationItem]
  var tools: ToolParameters
  var format: FormatParameters
  var effort: ReasoningEffort
  var generation: GenerationOptions
  var isStreamed: Bool

  /// The parameters that both have under the same names, and items read elsewhere.
  init(
    parameters request: JSONField, items: [ConversationItem], layout: ToolParameters.Layout,
    format: JSONField?
  )
    throws
  {
    model = try request.required("model").string()
    self.items = items
    tools = try ToolParameters(parameters: request, layout: layout)
    self.format = try FormatParameters(format, layout: layout)
    effort = try ReasoningEffort(parameters: request)
    generation = GenerationOptions(
      sampling: try SamplingOptions(parameters: request), stopSequences: try stopSequences(of: request))
    isStreamed = try request.flag("stream") ?? false
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
  func options(choice: Int) -> ResponseOptions {
    var generation = generation
    // Each choice is another draw; a given seed gives the same choices again.
    if let seed = generation.sampling.seed { generation.sampling.seed = seed &+ UInt64(choice) }
    return ResponseOptions(
      generation, toolChoice: tools.choice, allowsParallelToolCalls: tools.allowsParallelCalls,
      format: format.format)
  }
}
