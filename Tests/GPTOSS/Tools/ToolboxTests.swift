import Foundation
import GPTOSS
import GPTOSSJSON
import Synchronization
import Testing

/// Tools as the model sees them, and what comes of its calls.
struct ToolboxTests {
  struct CreateFile: Tool {
    struct Arguments: Decodable, Guided {
      var name: String
      var content: String
      static let guides: [String: Guide] = ["name": "The file's name."]
    }
    let description = "Create a file."
    func call(arguments: Arguments) async throws -> String { "\(arguments.name): \(arguments.content)" }
  }

  struct Time: Tool {
    struct Arguments: Decodable {}
    let description = "The time."
    func call(arguments: Arguments) async throws -> [String: Int] { ["hour": 12, "minute": 30] }
  }

  enum Trouble: LocalizedError {
    case disk, plain
    var errorDescription: String? { self == .disk ? "the disk is full" : nil }
  }

  static let failing = FunctionTool(name: "fail", description: "Fails.") {
    (arguments: Time.Arguments) -> String in
    throw Trouble.disk
  }
  static let raw = FunctionTool(
    name: "raw", description: "Any.", parameters: ["type": "object", "properties": ["z": [:], "a": [:]]]
  ) { JSONValue.object($0) }

  // MARK: Declaring

  @Test func whatTheModelSees() throws {
    let tools = try Toolbox([CreateFile(), Time(), Self.raw])
    let declared = tools.declaredTools
    #expect(declared.map(\.recipient) == ["functions.create_file", "functions.time", "functions.raw"])
    #expect(declared[2].parameters?.text == #"{"type":"object","properties":{"z":{},"a":{}}}"#)
    #expect(declared[1].parameters?["type"] == "object")
    let descriptions = tools.descriptions
    #expect(descriptions.map { $0.parameters?.typeName ?? "none" } == ["object", "none", "object"])
    #expect(descriptions[0].name == "create_file" && descriptions[0].description == "Create a file.")
    #expect(try Toolbox().isEmpty)
  }

  @Test(arguments: [
    ("CreateFile", "create_file"), ("HTTPGet", "http_get"), ("GetURL", "get_url"),
    ("Base64Encode", "base64_encode"),
    ("time", "time"), ("Search<Int>", "search"), ("Read_File", "read_file"), ("A", "a"),
  ])
  func names(_ type: String, _ name: String) { #expect(ToolName.snakeCase(of: type) == name) }

  @Test func toolsThatCannotBeDeclared() {
    for name in ["", "zwölf", "a b", "a/b", String(repeating: "a", count: 65)] {
      guard case .invalidName = fault([tool(named: name)]) else {
        Issue.record("\(name) is no name")
        continue
      }
    }
    #expect(fault([tool(named: "a.b-C_9"), tool(named: String(repeating: "a", count: 64))]) == nil)
    guard case .nameIsTaken = fault([tool(named: "a"), tool(named: "a")]) else {
      Issue.record("two tools of one name")
      return
    }
    let list = FunctionTool(name: "list", description: "") { (numbers: [Int]) in numbers.count }
    guard case .argumentsAreNoObject("\"array\"") = fault([list]) else {
      Issue.record("an array of arguments")
      return
    }
    let tree = FunctionTool(name: "tree", description: "") { (tree: SchemalessSamples.Tree) in 1 }
    guard case .parameters(GPTOSSError.schema(let failure)) = fault([tree]), failure.reason == .recursive
    else {
      Issue.record("arguments without a schema")
      return
    }
  }

  private func tool(named name: String) -> FunctionTool<JSONObject, Int> {
    FunctionTool(name: name, description: "", parameters: ["type": "object"]) { _ in 1 }
  }

  private func fault(_ tools: [any Tool]) -> ToolFault? {
    do throws(GPTOSSError) {
      _ = try Toolbox(tools)
      return nil
    } catch {
      guard case .tool(_, let fault) = error else { return nil }
      return fault
    }
  }

  // MARK: Calling

  @Test(arguments: [
    ("create_file", #"{"name":"a.txt","content":"b"}"#, "a.txt: b"),
    // Repaired: a line end in a string, and a bracket too few.
    ("create_file", "{\"name\":\"a\",\"content\":\"b\nc\"", "a: b\nc"),
    ("time", "", #"{"hour":12,"minute":30}"#),
    // Neither the order of keys nor digits are lost on the way to a tool that takes JSON.
    ("raw", #"{"z":1.50,"a":{"y":1,"x":2}}"#, #"{"z":1.50,"a":{"y":1,"x":2}}"#),
  ])
  func results(_ name: String, _ arguments: String, _ result: String) async throws {
    let tools = try Toolbox([CreateFile(), Time(), Self.raw])
    #expect(try await tools.run(ToolCall(recipient: "functions." + name, content: arguments)) == result)
  }

  @Test(arguments: [
    ("delete", "{}", #"there is no tool "delete"; the tools are create_file, fail"#),
    (
      "create_file", #"{"name":"a"}"#,
      #"create_file was not called, its arguments are wrong: "content" is missing"#
    ),
    (
      "create_file", #"{"name":"a","content":["b"]}"#,
      #"create_file was not called, its arguments are wrong: "content" must be a string, not an array"#
    ),
    (
      "create_file", "[1, 2]",
      "create_file was not called, its arguments are wrong: not valid JSON: no complete object"
    ),
    ("fail", "{}", "fail failed: the disk is full"),
  ])
  func failures(_ name: String, _ arguments: String, _ text: String) async throws {
    let tools = try Toolbox([CreateFile(), Self.failing])
    let failure = await #expect(throws: ToolFailure.self) {
      try await tools.run(ToolCall(recipient: "functions." + name, content: arguments))
    }
    #expect(failure?.description == text)
  }

  @Test func errorsDescribeThemselves() {
    #expect(ToolFailure.failed(tool: "a", Trouble.plain).description == "a failed: plain")
    #expect(ToolFailure.unknownTool(name: "a", declared: []).description.contains("no tool \"a\""))
  }

  @Test func cancellingReachesTheTool() async throws {
    let started = AsyncStream<Void>.makeStream()
    let wait = FunctionTool(name: "wait", description: "Waits.") { (_: Time.Arguments) in
      started.continuation.yield()
      do {
        try await Task.sleep(for: .seconds(60))
      } catch {
        throw Trouble.disk
      }
      return "done"
    }
    let tools = try Toolbox([wait])
    let task = Task { try await tools.run(ToolCall(recipient: "functions.wait", content: "{}")) }
    for await _ in started.stream.prefix(1) {}
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func aToolThatGivesUpByItselfHasFailed() async throws {
    let quitter = FunctionTool(name: "quit", description: "Quits.") { (_: Time.Arguments) -> String in
      throw CancellationError()
    }
    await #expect(throws: ToolFailure.self) {
      try await Toolbox([quitter]).run(ToolCall(recipient: "functions.quit", content: "{}"))
    }
  }
}
