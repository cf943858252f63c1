import GPTOSSHarmony

extension LanguageModel {
  /// How many tokens of the prompt each tool takes, with its description and its parameters.
  ///
  /// The model reads them once, and every answer has that much less room in the context.
  ///
  /// - Throws: `GPTOSSError` for tools that cannot be declared, or a vocabulary without Harmony's tokens.
  public func promptTokenCounts(of tools: [any Tool]) throws(GPTOSSError) -> [Int] {
    let encoding = try harmony()
    // What stands around the tools is there with the first one, so a stand-in is the first.
    let first = ToolDescription(name: "a", description: "")
    func count(_ functions: [ToolDescription]) throws(GPTOSSError) -> Int {
      do throws(HarmonyError) {
        return try encoding.render(.developer(DeveloperContent(functions: functions))).count
      } catch { throw .harmony(error) }
    }
    let base = try count([first])
    var counts: [Int] = []
    for description in try Toolbox(tools).descriptions {
      counts.append(try count([first, description]) - base)
    }
    return counts
  }
}
