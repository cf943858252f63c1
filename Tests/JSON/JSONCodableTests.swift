import Foundation
import GPTOSSJSON
import Testing

/// JSON values inside of types that Foundation's coders read and write.
struct JSONCodableTests {
  private struct Holder: Codable {
    var value: JSONValue
    var object: JSONObject?
  }

  @Test(arguments: [
    "null", "true", "0", "-9223372036854775808", "18446744073709551615", "0.5", "\"\"", "\"1\"", "\"a\\n\"",
    "[]",
    "{}", #"[1,"a",[null,{"k":false}]]"#,
  ])
  func valuesComeBack(_ text: String) throws {
    let value = try JSONValue(parsing: text)
    let holder = try JSONDecoder().decode(Holder.self, from: Data(#"{"value":\#(text)}"#.utf8))
    #expect(holder.value == value)
    #expect(holder.object == nil)
    let encoded = try JSONEncoder().encode(Holder(value: value))
    #expect(try JSONValue(parsing: String(decoding: encoded, as: UTF8.self))["value"] == value)
  }

  @Test func objects() throws {
    let text = #"{"object":{"a":[{}],"b":1},"value":1}"#
    let holder = try JSONDecoder().decode(Holder.self, from: Data(text.utf8))
    let object = try #require(holder.object)
    #expect(Set(object.keys) == ["a", "b"] && object["a"] == [[:]] && object["b"] == 1)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(holder), as: UTF8.self) == text)
  }

  @Test func aNumberBeyondDoubleIsAnError() throws {
    let value = try JSONValue(parsing: "1e999")
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(value) }
  }
}
