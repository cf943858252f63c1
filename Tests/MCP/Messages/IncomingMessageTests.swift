import GPTOSSJSON
import GPTOSSMCP
import Testing

/// What servers send, and what is no message at all.
struct IncomingMessageTests {
  private func read(_ text: String) -> [IncomingMessage] { IncomingMessage.read(Array(text.utf8)) }

  @Test func messages() {
    #expect(
      read(#"{"jsonrpc":"2.0","id":3,"result":{"tools":[]}}"#) == [
        .result(id: 3, JSONObject([("tools", .array([]))]))
      ])
    #expect(
      read(#"{"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"no"}}"#)
        == [.failure(id: 3, code: -32601, message: "no", data: nil)])
    #expect(
      read(#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700}}"#)
        == [.failure(id: nil, code: -32700, message: "no message", data: nil)])
    #expect(
      read(#"{"jsonrpc":"2.0","method":"a/b"}"#) == [.notification(method: "a/b", parameters: .init())])
  }

  /// The server's id is given back as it came.
  @Test(arguments: [(#""x""#, "x"), ("7", "7"), ("7.0", "7.0")])
  func requests(_ json: String, _ id: String) {
    let messages = read(#"{"jsonrpc":"2.0","id":\#(json),"method":"ping","params":{"a":1}}"#)
    guard case .request(let read, "ping", let parameters)? = messages.first else {
      Issue.record("\(messages)")
      return
    }
    #expect(read.stringValue == id || read.text == id)
    #expect(parameters["a"] == 1)
  }

  /// Up to 2025-03-26 several messages may come as one.
  @Test func batches() {
    let text = #"[{"jsonrpc":"2.0","method":"a"},7,{"jsonrpc":"2.0","id":1,"result":{}}]"#
    #expect(read(text).count == 2)
  }

  @Test(arguments: [
    "", "Server started", "{", "7", "{}", #"{"id":1,"result":{}}"#, #"{"jsonrpc":"1.0","id":1,"result":{}}"#,
    #"{"jsonrpc":"2.0","id":1,"result":7}"#, #"{"jsonrpc":"2.0","id":1}"#,
    #"{"jsonrpc":"2.0","id":{},"method":"a"}"#, #"{"jsonrpc":"2.0","id":1.5,"result":{}}"#,
    #"{"jsonrpc":"2.0","id":99999999999999999999,"result":{}}"#, String(repeating: "[", count: 100_000),
  ])
  func noMessages(_ text: String) {
    #expect(read(text).isEmpty)
  }

  @Test func bytesThatAreNoText() {
    #expect(IncomingMessage.read([0x7B, 0xFF, 0x7D]).isEmpty)
  }
}
