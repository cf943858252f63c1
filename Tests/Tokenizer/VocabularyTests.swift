import GPTOSSTokenizer
import Testing

@Suite struct VocabularyTests {
  @Test func specialTokensOfO200kHarmony() throws {
    let special = SpecialTokens.o200kHarmony
    #expect(special.tokens.count == 1091)
    #expect(special.tokens.first?.id == 199_998)
    #expect(special.tokens.last?.id == 201_088)
  }
}
