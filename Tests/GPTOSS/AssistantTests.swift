import Foundation
import GPTOSS
import GPTOSSFixtures
import GPTOSSHarmony
import GPTOSSSampling
import Testing

/// What a user of an app meets, with the trained model of Fixtures: reasoning in channels, tool calls,
/// memory.
struct AssistantTests {
  private func session(
    _ instructions: String? = nil, tools: [any Tool] = [], effort: ReasoningEffort = .medium
  ) async throws -> ChatSession {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    return ChatSession(model: model, instructions: instructions, tools: tools, reasoningEffort: effort)
  }

  private let greedy = ActOptions(temperature: 0, maximumTokens: 300, maximumRounds: 4)

  @Test func itIsSmall() throws {
    let size = try FileManager.default.attributesOfItem(atPath: SmallModel.url.path)[.size] as? Int
    #expect(try #require(size) < 8_000_000)
  }

  @Test(arguments: [nil, "You are a helpful assistant."])
  func itExplainsMXFP4(instructions: String?) async throws {
    let response = try await session(instructions)
      .respond(to: "Explain what MXFP4 quantization is.", options: greedy)
    #expect(response.text.hasPrefix("MXFP4 is a 4-bit format for weights."))
    #expect(response.text.hasSuffix("so large experts fit into little memory."))
    #expect(!response.reasoning.isEmpty && response.repairs.isEmpty)
  }

  /// The line of Docs/Sessions.md.
  @Test func optionsAreOneLine() async throws {
    let (chat, input) = (try await session(), "What is MXFP4?")
    let answer = try await chat.respond(to: input, options: ActOptions(temperature: 0, maximumTokens: 300))
    #expect(answer.text.hasPrefix("MXFP4 is a 4-bit format"))
  }

  @Test func effortDecidesHowMuchItReasons() async throws {
    var lengths: [Int] = []
    for effort in [ReasoningEffort.low, .medium, .high] {
      let response = try await session(effort: effort).respond(to: "What is MXFP4?", options: greedy)
      lengths.append(response.reasoning.count)
    }
    #expect(lengths[0] == 0 && 0 < lengths[1] && lengths[1] < lengths[2])
  }

  @Test func itCreatesAFileThroughATool() async throws {
    let files = Box<[String: String]>([:])
    let tool = CreateFile(files: files)
    let session = try await session(
      "You are a helpful assistant running on the user's computer.", tools: [tool])
    let response = try await session.respond(
      to: "Create a file named hello.txt with the content Hello, world!", options: greedy)
    #expect(files.value == ["hello.txt": "Hello, world!"])
    #expect(response.text.contains("hello.txt"))
  }

  @Test func itRemembersANameFromAnEarlierTurn() async throws {
    let session = try await session()
    _ = try await session.respond(to: "My name is Nora.", options: greedy)
    let response = try await session.respond(to: "What is my name?", options: greedy)
    #expect(response.text == "Your name is Nora.")
  }

  private struct CreateFile: Tool {
    struct Arguments: Decodable {
      var name: String
      var content: String
    }

    let files: Box<[String: String]>
    let description = "Create a file with the given name and content."

    func call(arguments: Arguments) async throws -> String {
      files.change { $0[arguments.name] = arguments.content }
      return "File created."
    }
  }
}
