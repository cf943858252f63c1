import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import Testing

/// What tools take of the prompt, and what their calls cannot be held to.
struct ToolCostTests {
  private static func tool(_ name: String, _ description: String, _ parameters: JSONValue) -> any Tool {
    FunctionTool(name: name, description: description, parameters: parameters) { (_: JSONObject) in "" }
  }

  private static let tools = [
    tool("now", "The time.", ["type": "object", "properties": [:]]),
    tool("now_in", "The time.", ["type": "object", "properties": ["zone": ["type": "string"]]]),
    tool("later", "The time of day in a zone, to the minute.", ["type": "object", "properties": [:]]),
  ]

  /// The tools of a prompt cost as much together as one by one, and more with more text.
  @Test func tokens() async throws {
    let model = try await RandomModel.load(LoadOptions(threads: 1))
    let counts = try model.promptTokenCounts(of: Self.tools)
    #expect(counts.count == 3 && counts[0] > 0 && counts[0] < counts[1] && counts[0] < counts[2])
    func usage(_ count: Int) throws -> Int {
      try ChatSession(model: model, tools: Array(Self.tools.prefix(count))).contextUsage().tokenCount
    }
    #expect(try usage(3) - usage(2) == counts[2])
    #expect(try usage(2) - usage(1) == counts[1])
    #expect(try model.promptTokenCounts(of: []).isEmpty)
  }

  @Test func whatIsNotHeld() async throws {
    let model = try await RandomModel.load(LoadOptions(threads: 1))
    #expect(try await model.notices(of: Self.tools).isEmpty)
    let tool = Self.tool(
      "pick", "Picks.", ["type": "object", "properties": ["a": ["$ref": "https://example.com/schema"]]])
    let notices = try await model.notices(of: Self.tools + [tool])
    #expect(notices.map(\.tool) == ["functions.pick"])
  }
}
