import GPTOSSHarmony
import GPTOSSTokenizer
import Testing

/// OpenAI's own tests of the encoding under the format (openai/harmony v0.0.8, `tests/test_harmony.py`).
@Suite(.enabled(if: TestEncoding.real != nil, "\(TestEncoding.realIsMissing)"))
struct ReferenceEncodingTests {
  private let tokenizer: Tokenizer

  init() throws {
    tokenizer = try #require(TestEncoding.real).tokenizer
  }

  @Test("test_encode_decode_roundtrip") func roundTrip() throws {
    #expect(try tokenizer.decode(tokenizer.encode("hello world")) == "hello world")
  }

  @Test("test_encode_allowed_special") func allowedSpecialTokens() throws {
    #expect(tokenizer.encode("hello world") == [24_912, 2375])
    #expect(tokenizer.encode("<|start|>", specialTokens: .allow(["<|start|>"])) == [200_006])
    #expect(tokenizer.encode("<|start|>", specialTokens: .allowAll) == [200_006])
    #expect(tokenizer.encode("<|start|>") == [27, 91, 5236, 91, 29])
    #expect(throws: TokenizerError.specialTokenInText("<|start|>", byteOffset: 0)) {
      try tokenizer.encodeRejectingSpecialTokens("<|start|>")
    }
  }

  @Test("test_reserved_token_decoding") func reservedTokens() throws {
    #expect(try tokenizer.decode([200_014]) == "<|reserved_200014|>")
    #expect(try tokenizer.decode([201_088]) == "<|reserved_201088|>")
  }

  @Test("test_decode_utf8_invalid_token") func unknownToken() {
    #expect(throws: TokenizerError.unknownToken(99_999_999, count: tokenizer.vocabulary.count)) {
      try tokenizer.decode([99_999_999])
    }
  }

  @Test("test_is_special_token") func specialTokens() {
    #expect(tokenizer.vocabulary.specialTokenText(200_006) == "<|start|>")
    #expect(tokenizer.vocabulary.specialTokenText(24_912) == nil)
  }

  @Test("test_invalid_utf8_decoding") func invalidUTF8() throws {
    #expect(throws: TokenizerError.self) { try tokenizer.decode([132_990, 9552]) }
    #expect(try tokenizer.decodeReplacingInvalid([132_990, 9552]).contains("Chicken"))
  }
}
