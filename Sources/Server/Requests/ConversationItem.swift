import GPTOSSJSON

/// A piece of a conversation. All APIs' conversations are read as such items.
package enum ConversationItem: Equatable, Sendable {
  /// The app's instructions: `system` and `developer` mean the same.
  case instructions(String)
  /// A message of the user.
  case user(String)
  /// The model's reasoning.
  case reasoning(String)
  /// A message of the model; its phase is nil where the API does not say.
  case assistant(String, Phase?)
  /// A call of a tool, which need not be declared any more.
  case call(Call)
  /// A tool's result. `path` is that of the field with its origin.
  case result(of: Origin, String, path: String)
  /// Something that happened and that is none of these, in words.
  case note(String)

  /// A call of a tool.
  package struct Call: Equatable, Sendable {
    /// What its result names; nil where results name the tool.
    package var id: String?
    package var tool: APITool
    /// JSON as the model wrote it, perhaps malformed; text, for a tool that takes text.
    package var content: String

    package init(id: String?, tool: APITool, content: String) {
      self.id = id
      self.tool = tool
      self.content = content
    }
  }

  /// The call or the tool that a result belongs to.
  package enum Origin: Equatable, Sendable {
    case call(id: String)
    case tool(APITool)
  }

  /// What a message of the model is to the user.
  package enum Phase: String, CaseIterable, Sendable {
    /// Text before a call of tools.
    case preamble = "commentary"
    case answer = "final_answer"
  }
}
