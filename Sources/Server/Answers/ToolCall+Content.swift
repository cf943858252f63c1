import GPTOSSHarmony
import GPTOSSJSON

extension ToolCall {
  /// What an answer says that the tool is called with: JSON, repaired where the model's text is not quite an
  /// object, or text as it is.
  func content(for tool: APITool) -> String {
    guard !tool.takesText, let arguments, !arguments.repairs.isEmpty else { return content }
    return JSONValue.object(arguments.object).text
  }
}
