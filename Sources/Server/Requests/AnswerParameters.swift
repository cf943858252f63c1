import Foundation
package import GPTOSS
package import GPTOSSHarmony
import GPTOSSJSON

/// What all APIs of conversations have in common: a conversation, and how to answer it.
package struct AnswerParameters {
  package var generation: GenerationParameters
  var items: [ConversationItem]
  package var tools: ToolParameters
  package var format: FormatParameters
  package var effort: ReasoningEffort
  /// How much the model may reason; nil for as much as it likes.
  package var reasoningBudget: ReasoningBudget?
  /// The day that the system message names: by default the one on which the request is read.
  var date = SystemContent.today
}

extension AnswerParameters {
  /// Reads the parameters that chat and Responses have under the same names.
  ///
  /// - Parameters:
  ///   - loadedTools: tools that stand in the conversation.
  ///   - offers: the tools of MCP servers.
  /// - Throws: ``ServerError`` or `JSONError` with the parameter's path.
  init(
    parameters request: JSONField, items: [ConversationItem], layout: ToolParameters.Layout,
    format: JSONField?, loadedTools: [JSONField] = [], offers: [ServerOffer] = []
  ) throws {
    generation = try GenerationParameters(parameters: request)
    self.items = items
    tools = try ToolParameters(parameters: request, layout: layout, loaded: loadedTools, offers: offers)
    self.format = try FormatParameters(format, layout: layout)
    try self.format.readOtherSpellings(request)
    effort = try ReasoningEffort(parameters: request)
    reasoningBudget = try ReasoningBudget(parameters: request)
  }

  /// The conversation in Harmony's terms.
  ///
  /// - Throws: ``ServerError`` for a result whose call is not in the conversation.
  package func conversation() throws(ServerError) -> Conversation {
    try Conversation(
      items, tools: tools.declared.namespaces,
      system: SystemContent(reasoningEffort: effort, conversationStartDate: date), note: format.note)
  }

  /// What is generated for a request with these parameters.
  ///
  /// - Parameters:
  ///   - count: how many answers.
  ///   - limitPath: where the request has the limit of tokens.
  ///   - draft: begins the answer.
  /// - Throws: ``ServerError`` for a result whose call is not in the conversation.
  func plan<Draft: AnswerDraft>(
    _ model: any TokenModel, count: Int = 1, limitPath: String, draft: @escaping () -> Draft
  ) throws(ServerError) -> AnswerPlan<Draft> where Draft.Event == ResponseEvent {
    let conversation = try conversation()
    return AnswerPlan(
      count: count, schemaPath: format.schemaPath, limitPath: limitPath,
      prepare: { () async throws(GPTOSSError) in
        try await model.notices(of: conversation, options: options(choice: 0))
      },
      generate: { model.respond(to: conversation, options: options(choice: $0)) }, draft: draft)
  }

  /// The engine's options for one of several choices.
  package func options(choice: Int) -> ResponseOptions {
    var options = ResponseOptions(
      toolChoice: tools.choice, allowsParallelToolCalls: tools.allowsParallelCalls, format: format.format,
      reasoningBudget: reasoningBudget)
    options.callableTools = tools.callable
    options.generation = generation.options(choice: choice)
    options.strictTools = tools.declared.strict
    return options
  }
}

extension SystemContent {
  /// Today's date, as in `2026-08-05`.
  static var today: String { Date().formatted(Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()) }

  /// What a conversation that begins today opens with.
  static func ofToday(_ effort: ReasoningEffort) -> SystemContent {
    SystemContent(reasoningEffort: effort, conversationStartDate: today)
  }
}
