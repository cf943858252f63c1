import GPTOSS
import GPTOSSJSON

/// How an answer is generated that uses MCP servers: in rounds, between which their tools are called here.
struct ServerRounds: Sendable {
  /// The most calls of one round that run at a time, if the client allows several.
  private static let parallelCalls = 4

  private let toolbox: Toolbox
  private let maximumCalls: Int?
  /// The servers whose tools the answer lists.
  let lists: [ServerOffer]
  /// The calls to be carried out before the model writes.
  let approved: [ServerCalls.Approved]

  /// - Returns: nil for a request that names no servers.
  /// - Throws: ``ServerError`` or `JSONError`.
  init?(
    _ request: JSONField, _ offers: [ServerOffer], _ approved: [ServerCalls.Approved], _ items: [JSONValue]
  ) throws {
    maximumCalls = try request.integer("max_tool_calls", in: 1...Int.max)
    guard !offers.isEmpty else { return nil }
    toolbox = try Toolbox(of: offers)
    // A conversation that has a server's list does not get it again.
    let lists = items.filter { $0["type"] == "mcp_list_tools" && $0["error"] ?? .null == .null }
    let labels = Set(lists.compactMap { $0["server_label"]?.stringValue })
    self.lists = offers.filter { $0.failure != nil || !labels.contains($0.label) }
    self.approved = approved
  }

  /// What generates the answer.
  ///
  /// - Throws: ``ServerError`` for a result whose call is not in the conversation.
  func generation(
    of answer: AnswerParameters, _ model: any TokenModel
  ) throws(ServerError) -> @Sendable (_ choice: Int) -> EventStream<ResponseEvent> {
    let conversation = try answer.conversation()
    var options = ActOptions()
    options.response = answer.options(choice: 0)
    options.maximumParallelTools = answer.tools.allowsParallelCalls ? Self.parallelCalls : 1
    options.maximumCalls = maximumCalls
    options.foreignTools = answer.tools.declared.foreign
    let calls = approved.map(\.call)
    return { [toolbox, options] _ in
      model.act(on: conversation, toolbox: toolbox, carryingOut: calls, options: options)
    }
  }
}
