import GPTOSSJSON
import GPTOSSMCP
import Testing

/// Results of tools as the model reads them.
struct CallResultTests {
  private func result(_ json: String) throws -> CallResult {
    CallResult(try #require(try JSONValue(parsing: json).objectValue))
  }

  @Test(arguments: [
    (#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, "a\nb"),
    (#"{"content":[]}"#, "The tool gave no output."), ("{}", "The tool gave no output."),
    (#"{"content":[],"structuredContent":{"a":1.50}}"#, #"{"a":1.50}"#),
    (#"{"content":[{"type":"text","text":"{\"a\": 1}"}],"structuredContent":{"a":1}}"#, #"{"a": 1}"#),
    // What wraps one value says it already.
    (#"{"content":[{"type":"text","text":"hi"}],"structuredContent":{"result":"hi"}}"#, "hi"),
    (#"{"content":[{"type":"text","text":"7"}],"structuredContent":{"result":7}}"#, "7"),
    (
      #"{"content":[{"type":"text","text":"Found 2"}],"structuredContent":[{"id":"1"},{"id":"2"}]}"#,
      "Found 2\n[{\"id\":\"1\"},{\"id\":\"2\"}]"
    ),
    (
      #"{"content":[{"type":"resource_link","uri":"file:///a.rs","name":"a.rs","mimeType":"text/x-rust"}]}"#,
      "Resource file:///a.rs, a.rs, text/x-rust"
    ),
    (
      #"{"content":[{"type":"resource","resource":{"uri":"file:///a","text":"fn main() {}"}}]}"#,
      "Resource file:///a:\nfn main() {}"
    ),
    (
      #"{"content":[{"type":"image","mimeType":"image/png","data":"AAAAAAAA"}]}"#,
      "[An image (image/png, 6 bytes) was returned. You cannot see or hear it.]"
    ),
    (
      #"{"content":[{"type":"audio","data":"AAAA"}]}"#,
      "[Sound (3 bytes) was returned. You cannot see or hear it.]"
    ),
    (
      #"{"content":[{"type":"hologram"},7]}"#,
      "[Content of the type hologram was returned. You cannot see it.]\n"
        + "[Content of the type unknown was returned. You cannot see it.]"
    ),
  ])
  func text(_ json: String, _ text: String) throws {
    let result = try result(json)
    #expect(result.text == text)
    #expect(!result.isError)
  }

  @Test func failure() throws {
    let result = try result(#"{"content":[{"type":"text","text":"no such city"}],"isError":true}"#)
    #expect(
      result == (try self.result(#"{"content":[{"type":"text","text":"no such city"}],"isError":true}"#)))
    #expect(result.isError)
  }

  @Test func longTextLosesItsMiddle() {
    let text = String(repeating: "é", count: 1_000)
    #expect(text.cutInTheMiddle(limit: 2_000) == text)
    // 501 bytes are 250 whole letters and a half, which belongs to neither side.
    let cut = text.cutInTheMiddle(limit: 1_001)
    let letters = String(repeating: "é", count: 250)
    #expect(cut == "\(letters)\n[… 1000 of 2000 bytes were left out here …]\n\(letters)")
    #expect("abc".cutInTheMiddle(limit: 0) == "\n[… 3 of 3 bytes were left out here …]\n")
  }
}
