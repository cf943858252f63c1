import GPTOSSHarmony

extension ConversationModel {
  /// How many tokens of the prompt each tool takes, with its description and its parameters.
  ///
  /// The model reads them once, and every answer has that much less room in the context.
  ///
  /// - Throws: `GPTOSSError` for tools that cannot be declared, or that the model cannot read.
  public func promptTokenCounts(of tools: [any Tool]) throws(GPTOSSError) -> [Int] {
    // What stands around the tools is there with the first one, so a stand-in is the first.
    let first = ToolDescription(name: "a", description: "")
    let base = try count([first])
    var counts: [Int] = []
    for description in try Toolbox(tools).descriptions {
      counts.append(try count([first, description]) - base)
    }
    return counts
  }

  private func count(_ functions: [ToolDescription]) throws(GPTOSSError) -> Int {
    var entries = [Transcript.Entry(.developer(DeveloperContent(functions: functions)))]
    try measure(&entries)
    return entries.reduce(0) { $0 + ($1.tokenCount ?? 0) }
  }

  /// What of the parameters of tools the arguments of calls cannot be held to.
  ///
  /// - Throws: `GPTOSSError` for tools that cannot be declared, or that the model cannot read.
  public func notices(of tools: [any Tool]) async throws(GPTOSSError) -> [ConstraintNotice] {
    let functions = try Toolbox(tools).descriptions
    return try await notices(of: Conversation([.developer(DeveloperContent(functions: functions))]))
  }
}
