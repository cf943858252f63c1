import GPTOSSHarmony
import GPTOSSJSON
import Testing

/// Requests in JSON: their answers, and what is wrong with them. Conformance/harmony.py compares many more
/// with OpenAI's library.
struct RequestTests {
  private static let conversation = #"{"messages": [{"role": "user", "content": "Hi"}]}"#

  @Test(arguments: [
    ("", "<|start|>user<|message|>Hi<|end|><|start|>assistant"),
    (#", "next_role": "user""#, "<|start|>user<|message|>Hi<|end|><|start|>user"),
    (#", "mode": "conversation""#, "<|start|>user<|message|>Hi<|end|>"),
    (#", "mode": "training", "auto_drop_analysis": false"#, "<|start|>user<|message|>Hi<|end|>"),
  ])
  func rendering(_ fields: String, _ text: String) throws {
    let json = try JSONValue(parsing: "{\"conversation\": \(Self.conversation)\(fields)}")
    let answer = try RenderRequest(json: json).answer(TestEncoding.small)
    let tokens = TestEncoding.small.tokens(spelled: text)
    #expect(answer == ["tokens": .array(tokens.map { JSONValue($0) }), "text": .string(text)])
  }

  @Test(arguments: [
    (#""role": null"#, "<|start|>assistant<|channel|>final<|message|>Hi<|return|>"),
    (#""role": "assistant""#, "<|channel|>final<|message|>Hi<|return|>"),
    (#""role": "assistant", "strict": false"#, "<|channel|>final<|message|>Hi<|return|>"),
    (#""role": "assistant", "tolerant": true, "tools": ["f"]"#, "<|channel|>final<|message|>Hi<|return|>"),
  ])
  func parsing(_ fields: String, _ text: String) throws {
    let tokens = TestEncoding.small.tokens(spelled: text).map(String.init).joined(separator: ",")
    let request = try ParseRequest(json: JSONValue(parsing: "{\"tokens\": [\(tokens)], \(fields)}"))
    let answer = try request.answer(TestEncoding.small)
    let message = try #require(answer["messages"]?.arrayValue?.first)
    #expect(try Message(json: message) == Message(.assistant, "Hi", channel: .final))
    #expect((answer["repairs"] != nil) == fields.contains("tolerant"))
  }

  @Test(arguments: [
    "{}", "[]", #"{"conversation": {"messages": 1}}"#,
    #"{"conversation": {"messages": []}, "mode": "other"}"#,
    #"{"conversation": {"messages": []}, "next_role": "nobody"}"#,
    #"{"conversation": {"messages": []}, "auto_drop_analysis": 1}"#,
    #"{"conversation": {"messages": []}, "modus": "completion"}"#,
  ])
  func malformedRenderRequests(_ text: String) throws {
    let json = try JSONValue(parsing: text)
    #expect(throws: JSONError.self) { try RenderRequest(json: json) }
  }

  @Test(arguments: [
    "{}", #"{"tokens": 1}"#, #"{"tokens": [1.5]}"#, #"{"tokens": ["1"]}"#,
    #"{"tokens": [], "role": "nobody"}"#,
    #"{"tokens": [], "tools": [1]}"#, #"{"tokens": [], "eos": "yes"}"#, #"{"tokens": [], "rolle": "user"}"#,
  ])
  func malformedParseRequests(_ text: String) throws {
    let json = try JSONValue(parsing: text)
    #expect(throws: JSONError.self) { try ParseRequest(json: json) }
  }

  /// A file of test cases is a file of requests.
  @Test func fieldsOfTestCases() throws {
    _ = try RenderRequest(
      json: JSONValue(
        parsing:
          #"{"kind": "render", "id": "r1", "conversation": {"messages": []}, "text": "", "tokens": []}"#))
    _ = try ParseRequest(
      json: JSONValue(
        parsing: #"{"kind": "parse", "id": "p1", "tokens": [], "messages": [], "deltas": [], "rest": ""}"#))
    _ = try ParseRequest(json: JSONValue(parsing: #"{"kind": "parse", "tokens": [], "error": true}"#))
  }
}
