import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// The tools of requests. Breaks when a tool that can be called is refused or lost, or one that cannot be run
/// is dropped in silence.
struct ToolParametersTests {
  static let f = #"{"type": "function", "name": "f"}"#

  private static func list(_ elements: [String]) -> String { "[\(elements.joined(separator: ", "))]" }

  /// A namespace of 400 tools that cannot be run.
  private static func hostedNamespace(_ number: Int) -> String {
    let tools = list([String](repeating: #"{"type": "mcp"}"#, count: 400))
    return #"{"type": "namespace", "name": "n\#(number)", "tools": \#(tools)}"#
  }

  @Test func everyKindOfTool() throws {
    let tools = try read(
      #"""
      "tools": [\#(Self.f), {"type": "web_search"}, {"type": "a_tool_of_tomorrow", "x": 1},
        {"type": "custom", "name": "run", "description": "Runs code."},
        {"type": "namespace", "name": "agents", "description": "Agents.", "tools": [
          {"type": "function", "name": "f", "description": "d"}, {"type": "mcp"}, {"type": "custom", "name": "say"}]},
        {"type": "namespace", "name": "empty", "tools": []}, {"type": "namespace", "name": "functions", "tools": [
          {"type": "function", "name": "g"}]}]
      """#
    ).declared
    #expect(
      tools.namespaces == [
        .functions([
          ToolDescription(name: "f", description: ""),
          ToolDescription(
            name: "run", description: "Runs code.\nCall it with plain text, not with JSON.", text: .any),
          ToolDescription(name: "g", description: ""),
        ]),
        ToolNamespace(
          name: "agents", description: "Agents.",
          tools: [
            ToolDescription(name: "f", description: "d"),
            ToolDescription(name: "say", description: "Call it with plain text, not with JSON.", text: .any),
          ]),
      ])
    #expect(
      tools.notes["unsupported_tools"]?.text
        == #"[{"type":"web_search","param":"tools[1]"},{"type":"a_tool_of_tomorrow","param":"tools[2]"},"#
        + #"{"type":"mcp","param":"tools[4].tools[1]"}]"#)
    #expect(tools.unsupportedTypes == ["web_search", "a_tool_of_tomorrow", "mcp"])
    #expect(tools.tool(calledAs: "agents.f") == APITool(name: "f", namespace: "agents"))
    #expect(tools.tool(calledAs: "functions.run") == APITool(name: "run", takesText: true))
    #expect(tools.tool(calledAs: "browser.search") == APITool(name: "browser.search"))
  }

  /// Whether they can be held shows when they are compiled.
  @Test func grammarsOfKnownKindsAreRead() throws {
    func tool(_ name: String, _ syntax: String, _ definition: String) -> String {
      #"{"type": "custom", "name": "\#(name)", "format": {"type": "grammar", "syntax": "\#(syntax)", "#
        + #""definition": "\#(definition)"}}"#
    }
    let list = [
      tool("a", "regex", "[a-z]+"), tool("b", "lark", "start: /[a-z ]+/"), tool("e", "peg", "x"),
      #"{"type": "custom", "name": "g", "format": {"type": "text"}}"#,
    ]
    let tools = try read("\"tools\": [\(list.joined(separator: ", "))]").declared
    #expect(
      tools.namespaces[0].tools.map(\.text) == [
        .pattern("[a-z]+"), .grammar("start: /[a-z ]+/"), .any, .any,
      ])
    #expect(tools.unenforcedFormats == ["tools[2].format"])
    #expect(tools.namespaces[0].tools[0].description.hasSuffix("(regex):\n[a-z]+"))
  }

  @Test(
    arguments: [
      (#"[{"name": "f"}]"#, "tools[0].type"), (#"[{"type": 1}]"#, "tools[0].type"),
      (#"[{"type": "custom"}]"#, "tools[0].name"), (#"[{"type": "custom", "name": ""}]"#, "tools[0].name"),
      (#"[{"type": "namespace", "tools": []}]"#, "tools[0].name"),
      (#"[{"type": "namespace", "name": "a b", "tools": []}]"#, "tools[0].name"),
      (#"[{"type": "namespace", "name": "a", "tools": [\#(f), \#(f)]}]"#, "tools[0].tools[1]"),
      (#"[\#(f), {"type": "custom", "name": "f"}]"#, "tools[1]"),
      // One full name in two ways.
      (
        #"[{"type": "namespace", "name": "a", "tools": [{"type": "function", "name": "b.c"}]}, "#
          + #"{"type": "namespace", "name": "a.b", "tools": [{"type": "function", "name": "c"}]}]"#,
        "tools[1].tools[0]"
      ),
      (list((0...1024).map { #"{"type": "function", "name": "f\#($0)"}"# }), "tools"),
      (list((0..<3).map(hostedNamespace)), "tools[2].tools[224]"),
    ]) func refused(_ tools: String, _ parameter: String)
  {
    expectRefusal("\"tools\": \(tools)", parameter)
  }

  /// What a search for tools found can be called; it refuses nothing.
  @Test func toolsOfTheConversation() throws {
    let request = #"{"tools": [\#(Self.f)]}"#
    let loaded =
      #"[\#(Self.f), {"type": "function"}, 1, {"type": "namespace", "name": "n", "tools": [\#(Self.f)]}]"#
    let read = try ToolParameters(
      parameters: JSONField(JSONValue(parsing: request)), layout: .responses,
      loaded: JSONField(JSONValue(parsing: loaded)).elements())
    #expect(read.declared.namespaces.map(\.name) == ["functions", "n"])
    #expect(read.declared.namespaces.map(\.tools.count) == [1, 1])
  }

  // MARK: Choices

  static let tools = #"""
    "tools": [{"type": "function", "name": "f"}, {"type": "custom", "name": "run"}, {"type": "web_search"},
      {"type": "namespace", "name": "agents", "tools": [
        {"type": "function", "name": "f"}, {"type": "function", "name": "wait"}]}]
    """#

  @Test(
    arguments: [
      (#""auto""#, .auto, nil), (#""none""#, .none, nil), (#""required""#, .required, nil),
      (#"{"type": "function", "name": "f"}"#, .required, ["functions.f"]),
      (#"{"type": "function", "name": "wait"}"#, .required, ["agents.wait"]),
      (#"{"type": "function", "name": "f", "namespace": "agents"}"#, .required, ["agents.f"]),
      (#"{"type": "custom", "name": "run"}"#, .required, ["functions.run"]),
      (
        #"{"type": "allowed_tools", "mode": "auto", "tools": [{"type": "namespace", "name": "agents"}, "#
          + #"{"type": "web_search"}]}"#, .auto, ["agents.f", "agents.wait"]
      ),
      (
        #"{"type": "allowed_tools", "mode": "required", "tools": [{"type": "custom", "name": "run"}]}"#,
        .required, ["functions.run"]
      ),
      (#"{"type": "allowed_tools", "mode": "auto", "tools": []}"#, .auto, []),
    ] as [(String, ToolChoice, Set<String>?)])
  func choices(_ json: String, _ choice: ToolChoice, _ callable: Set<String>?) throws {
    let read = try read(Self.tools + ", \"tool_choice\": \(json)")
    #expect(read.choice == choice && read.callable == callable)
  }

  @Test(arguments: [
    (#"{"type": "function", "name": "g"}"#, "tool_choice.name"),
    (#"{"type": "function", "name": "run"}"#, "tool_choice.name"),
    (#"{"type": "custom", "name": "f"}"#, "tool_choice.name"),
    (#"{"type": "function", "name": "wait", "namespace": "x"}"#, "tool_choice.name"),
    (#"{"type": "web_search"}"#, "tool_choice.type"), (#"{"type": "shell"}"#, "tool_choice.type"),
    (#"{"type": "allowed_tools", "mode": "required", "tools": []}"#, "tool_choice.mode"),
    (
      #"{"type": "allowed_tools", "mode": "none", "tools": [{"type": "function", "name": "x"}]}"#,
      "tool_choice.tools[0].name"
    ),
    (#"{"type": "allowed_tools", "tools": []}"#, "tool_choice.mode"), ("1", "tool_choice"),
  ]) func refusedChoices(_ json: String, _ parameter: String) {
    expectRefusal(Self.tools + ", \"tool_choice\": \(json)", parameter)
  }

  @Test func whatCannotBeRunCannotBeRequired() {
    expectRefusal(#""tools": [{"type": "web_search"}], "tool_choice": "required""#, "tool_choice")
  }

  // MARK: Chat

  @Test func toolsOfChat() throws {
    let read = try read(
      #"""
      "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "namespace", "name": "n"},
        {"type": "custom", "custom": {"name": "run", "format": {"type": "grammar", "grammar": {
          "syntax": "lark", "definition": "start: \"a\""}}}}], "web_search_options": {},
      "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [
        {"type": "custom", "custom": {"name": "run"}}]}}
      """#, .chat)
    #expect(read.declared.namespaces[0].tools.map(\.text) == [nil, .grammar("start: \"a\"")])
    #expect(read.declared.unsupported.map(\.path) == ["tools[1]", "web_search_options"])
    #expect(read.choice == .required && read.callable == ["functions.run"])
  }

  @Test(
    arguments: [
      ("", .auto, nil), (#", "function_call": "none""#, .none, nil),
      (#", "function_call": "auto""#, .auto, nil),
      (#", "function_call": {"name": "f"}"#, .required, ["functions.f"]),
      (#", "tool_choice": "required""#, .required, nil),
    ] as [(String, ToolChoice, Set<String>?)])
  func legacyFunctions(_ more: String, _ choice: ToolChoice, _ callable: Set<String>?) throws {
    let read = try read(#""functions": [{"name": "f", "parameters": {"a": 1}}]\#(more)"#, .chat)
    #expect(read.declared.namespaces[0].tools[0].parameters == ["a": 1])
    #expect(read.isLegacy && !read.allowsParallelCalls)
    #expect(read.choice == choice && read.callable == callable)
  }

  @Test func nullIsNoLegacyFunction() throws {
    #expect(try read(#""functions": null, "function_call": null"#, .chat) == ToolParameters())
  }

  @Test(arguments: [
    (#""functions": [{"name": "f"}], "tools": []"#, "functions"),
    (#""functions": [{"name": "f"}, {"name": "f"}]"#, "functions[1]"),
    (#""functions": [{}]"#, "functions[0].name"), (#""functions": {}"#, "functions"),
    (#""functions": [{"name": "f", "parameters": []}]"#, "functions[0].parameters"),
    (#""functions": [{"name": "f", "parameters": {"type": "array"}}]"#, "functions[0].parameters.type"),
    (#""functions": [{"name": "f", "parameters": {"type": ["null"]}}]"#, "functions[0].parameters.type"),
    (#""functions": [], "function_call": {"name": "f"}"#, "function_call.name"),
    (#""function_call": {"name": "f"}"#, "function_call.name"), (#""function_call": 1"#, "function_call"),
    (#""function_call": "required""#, "function_call"),
    (#""functions": [{"name": "f"}], "function_call": "auto", "tool_choice": "auto""#, "function_call"),
  ]) func refusedLegacyFunctions(_ fields: String, _ parameter: String) {
    expectRefusal(fields, parameter, .chat)
  }

  // MARK: Reading

  private func expectRefusal(
    _ fields: String, _ parameter: String, _ layout: ToolParameters.Layout = .responses,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: ServerError.self, sourceLocation: sourceLocation) {
      do { _ = try read(fields, layout) } catch { throw ServerError(error) }
    }
    #expect(error?.parameter == parameter && error?.status == 400, sourceLocation: sourceLocation)
  }

  private func read(_ fields: String, _ layout: ToolParameters.Layout = .responses) throws -> ToolParameters {
    try ToolParameters(parameters: JSONField(JSONValue(parsing: "{\(fields)}")), layout: layout)
  }
}
