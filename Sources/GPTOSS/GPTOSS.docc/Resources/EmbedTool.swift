import Foundation
import GPTOSS

struct Weather: Tool {
  struct Arguments: Decodable { var city: String }
  let description = "The weather in a city."

  func call(arguments: Arguments) async throws -> String { "Rain in \(arguments.city), 12 degrees." }
}

let model = try await LanguageModel.load(contentsOf: CommandLine.arguments[1])
print(model.information.name)

let session = ChatSession(model: model, instructions: "You are a helpful assistant.", tools: [Weather()])
for try await event in session.streamResponse(to: "Will it rain in Oslo?") {
  switch event {
  case .toolCall(_, let call): print("→", call.recipient, call.content)
  case .text(let fragment): print(fragment, terminator: "")
  default: break
  }
  fflush(nil)
}
print()
