import Foundation
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
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

  private static func page() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "Docs/StructuredOutput.md"), encoding: .utf8)
  }
}
