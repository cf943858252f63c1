import Foundation
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

/// Holds Docs/StructuredOutput.md to what the code does.
@Suite struct DocumentTests {
  /// Every keyword that the page says is refused.
  @Test func refusedKeywords() throws {
    let page = try Self.page()
    let paragraph = try #require(page.split(separator: "\n\n").first { $0.hasPrefix("Refused, because") })
    let sentence = try #require(paragraph.split(separator: ". ").first)
    let keywords = sentence.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    #expect(keywords.count == 10)
    for keyword in keywords {
      let schema = JSONValue.object(JSONObject([(keyword, JSONValue.object(JSONObject()))]))
      #expect(throws: StructuredOutputError.unsupportedKeyword(path: "#", keyword: keyword)) {
        try TokenConstraint(schema: schema, tokens: TestVocabulary.small)
      }
    }
  }

  /// The page's lines of Swift: an empty object is the first that may end.
  @Test func linesOfSwift() throws {
    let bytes = (UInt8.min...UInt8.max).map { "\(Data([$0]).base64EncodedString()) \($0)\n" }.joined()
    let vocabulary = try Vocabulary(
      tiktokenFile: Array(bytes.utf8), specialTokens: SpecialTokens([("<|return|>", 256)]))
    let token: TokenID = 0x7B  // {
    let schema = try JSONValue(parsing: #"{"type": "object", "properties": {"age": {"type": "integer"}}}"#)
    let trie = TokenTrie(vocabulary)  // once per vocabulary
    var constraint = try TokenConstraint(schema: schema, tokens: trie)
    let mask = constraint.allowedTokens()  // for the sampler
    try constraint.advance(token)  // after every token
    let mayEnd = constraint.canEnd  // then the caller allows the stop tokens, too
    #expect(mask[0x7B] && !mask[0x5B] && !mayEnd)
    try constraint.advance(0x7D)
    #expect(constraint.canEnd)
  }

  private static func page() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "Docs/StructuredOutput.md"), encoding: .utf8)
  }
}
