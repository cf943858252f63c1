import Foundation
import GPTOSS

let model = try await LanguageModel.load(contentsOf: CommandLine.arguments[1])
print(model.information.name)

let session = ChatSession(model: model, instructions: "You are a helpful assistant.")
for try await event in session.streamResponse(to: "What is a mixture of experts?") {
  if case .text(let fragment) = event { print(fragment, terminator: "") }
  fflush(nil)  // or Linux prints whole lines alone
}
print()
