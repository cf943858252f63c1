import GGUF
import GPTOSSTokenizer
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A vocabulary from a GGUF file, without the engine.
struct GGUFVocabularyTests {
  private static let fixture = #filePath.replacing(
    "Tests/Tokenizer/GGUFVocabularyTests.swift", with: "Fixtures/random-tiny.gguf")

  @Test func aFileIsReadByPathAndURL() throws {
    for vocabulary in [
      try Vocabulary(gguf: Self.fixture), try Vocabulary(gguf: URL(filePath: Self.fixture)),
    ] {
      #expect(vocabulary.count == 352 && vocabulary.specialToken("<|start|>") != nil)
      let tokenizer = Tokenizer(vocabulary: vocabulary)
      #expect(try tokenizer.decode(tokenizer.encode("Grüße, 世界 🙂")) == "Grüße, 世界 🙂")
    }
  }

  @Test func whatIsNoVocabularyOfGptOssIsAnError() throws {
    #expect(throws: TokenizerError.self) { try Vocabulary(gguf: "/nowhere/model.gguf") }
    let page = try #require(URL(string: "https://example.org/model.gguf"))
    let error = #expect(throws: TokenizerError.self) { try Vocabulary(gguf: page) }
    guard case .file(let fault)? = error, fault.reason == .notAFileURL else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: TokenizerError.notAFileURL("https://example.org/model.gguf")) {
      try Vocabulary(tiktoken: page)
    }

    var metadata = GGUFMetadata()
    let missing = #expect(throws: TokenizerError.self) { try Vocabulary(metadata: metadata) }
    guard case .file(let fault)? = missing, fault.place == .key("tokenizer.ggml.model") else {
      Issue.record("\(String(describing: missing))")
      return
    }
    metadata["tokenizer.ggml.model"] = "llama"
    metadata["tokenizer.ggml.pre"] = "de\nfault"
    for list in ["tokens", "merges"] { metadata["tokenizer.ggml.\(list)"] = .array(GGUFArray([String]())) }
    metadata["tokenizer.ggml.token_type"] = .array(GGUFArray([Int32]()))
    let other = TokenizerError.unsupportedVocabulary(model: "llama", splitter: "de\nfault")
    #expect(throws: other) { try Vocabulary(metadata: metadata) }
    #expect(!"\(other)".contains("\n"), "a file's text cannot break the line")
  }
}
