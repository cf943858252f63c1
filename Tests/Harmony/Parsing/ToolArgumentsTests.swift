import GPTOSSHarmony
import GPTOSSJSON
import Testing

/// Arguments as models write them.
///
/// The first word of a source is the project whose issue shows the fault.
@Suite struct ToolArgumentsTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let source: String
    let content: String
    let object: String?
    var repairs: [ToolArguments.Repair] = []
    var testDescription: String { "\(source): \(content)" }
  }

  static let cases = [
    Case(source: "well-formed", content: #"{"b": 1, "a": [2.50]}"#, object: #"{"b":1,"a":[2.50]}"#),
    Case(source: "well-formed", content: " {}\n", object: "{}"),
    Case(source: "harmony docs, no parameters", content: "", object: "{}", repairs: [.empty]),
    Case(
      source: "ollama#17638", content: #"[{"input":"x"}]"#, object: #"{"input":"x"}"#,
      repairs: [.unwrappedArray]),
    Case(
      source: "ollama#17638", content: #"{"input":"*** Begin Patch\n"}]"#,
      object: #"{"input":"*** Begin Patch\n"}"#,
      repairs: [.trailingText("]")]),
    Case(
      source: "ollama#12203", content: #"commentary{"path":"a.txt"}"#, object: #"{"path":"a.txt"}"#,
      repairs: [.leadingText("commentary")]),
    Case(
      source: "ollama#11704", content: #"I will call it [now]: {"q":"x"} ok?"#, object: #"{"q":"x"}"#,
      repairs: [.leadingText("I will call it [now]: "), .trailingText(" ok?")]),
    Case(
      source: "ollama#12884", content: #"{"a":1}{"a":2}"#, object: #"{"a":1}"#,
      repairs: [.trailingText(#"{"a":2}"#)]),
    Case(
      source: "ollama#12884", content: "{\"content\":\"/**\n * x\n */\"}",
      object: #"{"content":"/**\n * x\n */"}"#,
      repairs: [.unescapedControlCharacters]),
    Case(
      source: "ollama#12884", content: #"{"name":"write","parameters":{"path":"p"}}"#,
      object: #"{"path":"p"}"#,
      repairs: [.unwrappedCall]),
    Case(
      source: "lmstudio-bug-tracker#942", content: #"{"data":{"envs":{"sd":{}}}"#,
      object: #"{"data":{"envs":{"sd":{}}}}"#,
      repairs: [.closed(brackets: "}")]),
    Case(
      source: "goose#9946, brackets in order", content: #"{"a":[{"b":"c"}"#, object: #"{"a":[{"b":"c"}]}"#,
      repairs: [.closed(brackets: "]}")]),
    Case(
      source: "vllm, code fence", content: "```json\n{\"a\":1}\n```", object: #"{"a":1}"#,
      repairs: [.leadingText("```json\n"), .trailingText("\n```")]),
    Case(
      source: "arguments as JSON text", content: #""{\"a\":1}""#, object: #"{"a":1}"#, repairs: [.unquoted]),
    Case(source: "ollama#12017, braces in strings", content: #"{"m":"}A{"}"#, object: #"{"m":"}A{"}"#),
    Case(
      source: "hermes-agent#81765", content: #"{"a":1} }"#, object: #"{"a":1}"#,
      repairs: [.trailingText(" }")]),
    // What must not be made into arguments.
    Case(source: "continue#10221, a command instead of JSON", content: "ls -R\n", object: nil),
    Case(source: "goose#9946, cut off in a string", content: #"{"path":"a","content":"half"#, object: nil),
    Case(source: "goose#9946, cut off in a number", content: #"{"a":12"#, object: nil),
    Case(source: "cut off behind a whole object", content: #"{"a":{"b":1},"c":"half"#, object: nil),
    Case(
      source: "an object inside a broken one is not the whole", content: #"{"a":{"b":1},oops}"#, object: nil),
    Case(
      source: "an object behind the fault of a broken one", content: #"{"p":'x',"o":{"force":true}}"#,
      object: nil),
    Case(
      source: "brackets in prose", content: #"I call [it] now [x {"a":1}"#, object: #"{"a":1}"#,
      repairs: [.leadingText("I call [it] now [x ")]),
    Case(source: "two calls in one", content: #"[{"a":1},{"a":2}]"#, object: nil),
    Case(source: "a number", content: "42", object: nil),
    Case(source: "python code", content: "print({1: 2})", object: nil),
  ]

  @Test(arguments: cases) func arguments(_ test: Case) throws {
    let call = ToolCall(recipient: "functions.write", content: test.content)
    #expect(call.arguments.map { JSONValue.object($0.object).text } == test.object)
    #expect((call.arguments?.repairs ?? []) == test.repairs)
  }

  /// A piece 50,000 times, with which a reader of quadratic time would take minutes, and whether it holds an
  /// object.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("{", false), ("[", false), (#"[{"a":"#, false), (#"{"a":["#, false), ("\"", false), ("{}[", true),
      ("[1]", false),
    ])
  func hostileContentTakesLinearTime(piece: String, holdsObject: Bool) {
    let call = ToolCall(recipient: "functions.f", content: String(repeating: piece, count: 50_000))
    #expect((call.arguments != nil) == holdsObject)
  }

  @Test func names() {
    #expect(ToolCall(recipient: "functions.f", content: "").functionName == "f")
    #expect(ToolCall(recipient: "python", content: "").functionName == nil)
    #expect(
      Message(.assistant, "", channel: .analysis, recipient: "functions.f").toolCall?.functionName == "f")
    #expect(Message(.assistant, "", channel: .commentary).toolCall == nil)
    #expect(Message.toolResult("", from: "functions.f").toolCall == nil)
  }
}
