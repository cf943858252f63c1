import GPTOSSServer
import Testing

/// Breaks when a program that names the model in a usual way is refused.
struct ModelNamesTests {
  @Test func everyNameOfAModel() throws {
    let names = ModelNames(path: "/models/mine.gguf", name: "Gpt Oss 20B", layerCount: 24)
    #expect(names.all == ["mine", "mine.gguf", "Gpt Oss 20B", "gpt-oss-20b", "openai/gpt-oss-20b"])
    #expect(throws: ServerError.unknownModel("openai/gpt-oss-120b")) {
      try names.check("openai/gpt-oss-120b")
    }
    // Programs for Anthropic's models ask for several of them.
    try names.check("claude-haiku-4-5-20251001")
    #expect(
      ModelNames(path: "a", name: "a", layerCount: 36).all == ["a", "gpt-oss-120b", "openai/gpt-oss-120b"])
    #expect(ModelNames(path: "a.gguf", name: "a", layerCount: 2, id: "x").id == "x")
  }
}
