import GPTOSSJSON
import Testing

/// JSON that is still being written.
@Suite struct PartialJSONReaderTests {
  private static let text = """
    {"title": "Pan\\u0063akes \\ud83e\\udd5e, \\"good\\" – 世界 🥞\\\\", "minutes": -2.5e1, "vegan": true, "note": null,
     "steps": ["Mix.", {"in": [], "for": 10}, [[1, 2]], "Bake"], "": {}, "end": 7}
    """

  @Test(
    arguments: [
      ("", nil),
      ("  ", nil),
      ("{", "{}"),
      (#"{"tit"#, "{}"),
      (#"{"title""#, "{}"),
      (#"{"title":"#, "{}"),
      (#"{"title": ""#, #"{"title":""}"#),
      (#"{"title": "Pan"#, #"{"title":"Pan"}"#),
      (#"{"title": "Pan\"#, #"{"title":"Pan"}"#),
      (#"{"title": "Pan\u00"#, #"{"title":"Pan"}"#),
      (#"{"title": "\ud83e\udd5"#, #"{"title":""}"#),
      (#"{"title": "\ud83e\udd5e"#, #"{"title":"🥞"}"#),
      (#"{"title": "Pan", "min"#, #"{"title":"Pan"}"#),
      (#"{"minutes": 2"#, "{}"),
      (#"{"minutes": 2,"#, #"{"minutes":2}"#),
      (#"{"minutes": -"#, "{}"),
      (#"{"vegan": tru"#, "{}"),
      (#"{"vegan": true"#, #"{"vegan":true}"#),
      ("[", "[]"),
      ("[1, 23", "[1]"),
      ("[1, 23]", "[1,23]"),
      (#"[{"a": [{"b": "c"#, #"[{"a":[{"b":"c"}]}]"#),
      ("12", nil),
      ("true", "true"),
      (#""ab"#, #""ab""#),
      ("[1, x, 2]", "[1]"),
      ("{\"a\": \"b\nc\"", "{}"),
      (#"{"a": "\ud83eb"#, "{}"),
      (#"{"a": "\ud83e"#, #"{"a":""}"#),
      (#"{"a": "b\x"#, "{}"),
      (#"{"a" 1}"#, "{}"),
      ("nonsense", nil),
    ] as [(String, String?)])
  func whatIsThereIsRead(_ text: String, expected: String?) {
    #expect(PartialJSONReader.value(of: text)?.text == expected, "\(text)")
  }

  /// At every byte: valid JSON, never less than before, in the end all of it.
  @Test func aValueGrowsByteByByte() throws {
    let whole = try JSONValue(parsing: Self.text)
    var before: JSONValue?
    for count in 0...Self.text.utf8.count {
      // Half a character never comes: the engine holds it back.
      guard let text = String(validating: Self.text.utf8.prefix(count), as: UTF8.self) else { continue }
      let value = PartialJSONReader.value(of: text)
      if let value {
        #expect(try JSONValue(parsing: value.text) == value)
        #expect(value.text.utf8.count >= before?.text.utf8.count ?? 0, "at byte \(count): \(value)")
      }
      before = value ?? before
    }
    #expect(before == whole)
  }

  @Test func anOpenStringCanBeLeftOut() {
    var paths: [[PartialJSONReader.Step]] = []
    func value(_ text: String) -> String? {
      PartialJSONReader.value(of: text) { path in
        paths.append(path)
        return false
      }?.text
    }
    #expect(value(#"{"a": [1, {"b": "x"#) == #"{"a":[1,{}]}"#)
    #expect(paths == [[.key("a"), .index(1), .key("b")]])
    #expect(value(#"{"a": [1, {"b": "x""#) == #"{"a":[1,{"b":"x"}]}"#, "it is whole")
  }

  @Test func nestingIsBounded() {
    let deep = String(repeating: "[", count: 1_000_000)
    let value = PartialJSONReader.value(of: deep)
    #expect(value?.text.utf8.count == 2 * JSONParser.defaultMaximumDepth)
  }

  @Test func valuesPrintAsJSON() {
    let value: JSONValue = ["b": [1, 2.5, nil, true], "a": "text"]
    #expect("\(value)" == #"{"b":[1,2.5,null,true],"a":"text"}"#)
    #expect("\([value])" == "[\(value)]", "and in a list")
    #expect(value.objectValue.map { "\($0)" } == value.text)
    #expect("\(JSONNumber(7))" == "7")
  }
}
