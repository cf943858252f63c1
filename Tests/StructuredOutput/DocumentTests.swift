import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
      separator: "/")
    let file = try #require(fopen("\(root)/Docs/StructuredOutput.md", "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
