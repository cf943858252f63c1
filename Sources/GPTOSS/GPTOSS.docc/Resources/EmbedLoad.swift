import GPTOSS

let model = try await LanguageModel.load(contentsOf: CommandLine.arguments[1])
print(model.information.name)
