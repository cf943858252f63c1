import Foundation
import GPTOSS
import GPTOSSJSON
import Testing

/// Holds the code to what Docs/Tools.md says: its programs stand below word for word, its tables are read
/// from the page.
@Suite("Docs/Tools.md") struct ToolsDocumentTests {
  private let page: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    page = try String(contentsOf: root.appending(path: "Docs/Tools.md"), encoding: .utf8)
  }

  @Test func theProgramsStandHere() throws {
    let here = Self.trimmed(try String(contentsOfFile: #filePath, encoding: .utf8))
    let programs = page.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0]
    }
    #expect(programs.count == 3)
    for program in programs { #expect(here.contains(Self.trimmed(program)), "\(program)") }
  }

  @Test func whatTheModelReads() throws {
    let developer = DeveloperContent(functions: try Toolbox(Self.tools).descriptions)
    let segments = try Renderer().segments(of: Conversation([.developer(developer)]))
    let block = page.components(separatedBy: "\n```\n")[2]
    #expect(
      segments.contains { if case .text(let text) = $0 { text.contains(block) } else { false } },
      "\(segments)")
  }

  @Test func schemas() throws {
    var types: [String: any Decodable.Type] = [
      "enum Mode: String, Decodable, CaseIterable { case create, append }": CreateFile.Mode.self,
      "struct City: Decodable { var name: String; var country: String? }": City.self,
    ]
    let named: [any Decodable.Type] = [
      String.self, Bool.self, Int.self, UInt.self, Int8.self, Double.self, Decimal.self, Float.self,
      Date.self,
      URL.self, UUID.self, Data.self, Set<String>.self, JSONValue.self, JSONObject.self,
    ]
    for type in named { types["\(type)"] = type }
    types["Decimal"] = Decimal.self
    types["[Int]"] = [Int].self
    types["[Int?]"] = [Int?].self
    types["[String: Bool]"] = [String: Bool].self
    let rows = try table("| type | schema |")
    #expect(rows.count == 20)
    for row in rows {
      let type = try #require(types[row[0]], "\(row[0])")
      #expect(try JSONValue.schema(of: type).text == row[1], "\(row[0])")
    }
  }

  @Test func typesWithoutSchema() throws {
    let types: [String: any Decodable.Type] = [
      "struct Tree: Decodable { var children: [Tree] }": SchemalessSamples.Tree.self,
      "enum Shape: Decodable { case circle(radius: Double); case square(side: Double) }":
        SchemalessSamples.Shape.self,
      "[Int: String]": [Int: String].self,
      "ClosedRange<Int>": ClosedRange<Int>.self,
      "enum Plain: Codable, CaseIterable { case one, two }": SchemalessSamples.Plain.self,
      "enum Uncounted: String, Decodable { case one, two }": SchemalessSamples.Uncounted.self,
    ]
    let rows = try table("| type | reason |")
    #expect(rows.count == types.count)
    for row in rows {
      let type = try #require(types[row[0]], "\(row[0])")
      do throws(GPTOSSError) {
        Issue.record("\(type): \(try JSONValue.schema(of: type).text)")
      } catch {
        guard case .schema(let failure) = error else { throw error }
        #expect("\(failure.reason)".prefix { $0 != "(" } == row[1])
      }
    }
  }

  @Test func calls() async throws {
    let tools = try Toolbox(Self.tools)
    let rows = try table("| call | the model reads |")
    #expect(rows.count == 5)
    for row in rows {
      let parts = row[0].split(separator: " ", maxSplits: 1).map(String.init)
      let failure = await #expect(throws: ToolFailure.self, "\(row)") {
        try await tools.run(ToolCall(recipient: "functions." + parts[0], content: parts[1]))
      }
      let text = try #require(failure).description
      #expect(row[1].hasSuffix("…") ? text.hasPrefix(row[1].dropLast()) : text == row[1])
    }
  }

  @Test func results() async throws {
    let tools = try Toolbox(Self.tools)
    let weather = ToolCall(recipient: "functions.weather", content: #"{"name":"Oslo"}"#)
    #expect(try await tools.run(weather) == #"{"city":"Oslo","sky":"rain"}"#)
    let search = ToolCall(recipient: "functions.search", content: #"{"words":"fjords"}"#)
    #expect(try await tools.run(search) == "fjords")
  }

  // MARK: The programs

  struct CreateFile: Tool {
    struct Arguments: Decodable, Guided {
      var name: String
      var content: String
      var mode: Mode?
      static let guides: [String: Guide] = ["name": "The file's name, without a folder."]
    }
    enum Mode: String, Decodable, CaseIterable { case create, append }

    let description = "Create a file with the given name and content."

    func call(arguments: Arguments) async throws -> String {
      try arguments.content.write(toFile: arguments.name, atomically: true, encoding: .utf8)
      return "Created \(arguments.name)."
    }
  }

  struct City: Decodable {
    var name: String
    var country: String?
  }

  private static var tools: [any Tool] {
    let weather = FunctionTool(name: "weather", description: "The weather in a city.") { (city: City) in
      ["sky": "rain", "city": city.name]
    }
    let search = FunctionTool(
      name: "search", description: "Finds pages.",
      parameters: [
        "type": "object", "properties": ["words": ["type": "string", "minLength": 2]], "required": ["words"],
      ]
    ) { arguments in
      arguments["words"]?.stringValue ?? ""
    }
    return [CreateFile(), weather, search]
  }

  // MARK: Reading the page

  /// The rows of the table with this header, each a list of its cells without their back quotes.
  private func table(_ header: String) throws -> [[String]] {
    let lines = page.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: header), "no table \(header)")
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      let bar = "\u{1}"
      return line.dropFirst().dropLast().replacingOccurrences(of: "\\|", with: bar).components(
        separatedBy: "|"
      )
      .map { $0.trimmingCharacters(in: .whitespaces.union(["`"])).replacingOccurrences(of: bar, with: "|") }
    }
  }

  /// Lines without what they are indented by.
  private static func trimmed(_ text: String) -> String {
    text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
  }
}
