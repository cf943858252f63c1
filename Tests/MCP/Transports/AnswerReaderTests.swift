import GPTOSSHTTPClient
import GPTOSSJSON
import GPTOSSMCP
import Testing

/// HTTP answers, from the head to the last byte.
struct AnswerReaderTests {
  private func steps(
    of answer: Answer = Answer(id: 1), _ status: Int, _ type: String = "", headers: [String: String] = [:],
    _ pieces: String..., error: MCPError? = nil
  ) -> [AnswerReader.Step] {
    var reader = AnswerReader(answer)
    var steps = reader.take(
      .response(HTTPResponse(status: status, headers: headers.merging(["content-type": type]) { $1 })))
    for piece in pieces { steps += reader.take(.body(Array(piece.utf8))) }
    return steps + reader.take(.ended(error))
  }

  private static let result = #"{"jsonrpc":"2.0","id":1,"result":{}}"#
  private static let progress = #"{"jsonrpc":"2.0","method":"notifications/progress","params":{}}"#
  private let message = AnswerReader.Step.message(.result(id: 1, .init()))
  private let closed = MCPError.unreachable("the server closed the connection without an answer")

  @Test func json() {
    #expect(
      steps(200, "application/json; charset=utf-8", #"{"jsonrpc":"2.0","#, #""id":1,"result":{}}"#) == [
        message
      ])
  }

  /// The answer ends the stream, even if the server does not.
  @Test func events() {
    let got = steps(200, "text/event-stream", "data: \(Self.progress)\n\n", "data: \(Self.result)\n\n")
    #expect(got.count == 3)
    #expect(Array(got.suffix(2)) == [message, .abandon])
  }

  @Test func sessions() {
    let answer = Answer(id: 1, startsSession: true)
    #expect(
      steps(of: answer, 200, "application/json", headers: ["mcp-session-id": "s1"], Self.result)
        == [.session("s1"), message])
    #expect(
      steps(of: answer, 200, "application/json", headers: ["mcp-session-id": "a\nb"], Self.result) == [
        message
      ])
    #expect(steps(200, "application/json", headers: ["mcp-session-id": "s1"], Self.result) == [message])
  }

  @Test(arguments: [401, 403, 404, 500, 503])
  func refusals(_ status: Int) {
    #expect(
      steps(status, "text/plain", "no\nsuch") == [.failed(.status(status, detail: "no such")), .abandon])
  }

  /// A server that keeps to the protocol says in the body what is wrong; its id may be missing.
  @Test(arguments: ["1", "null"])
  func refusalsInTheProtocol(_ id: String) {
    let body = #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32022,"message":"m","data":{"supported":[]}}}"#
    #expect(
      steps(400, "application/json", body)
        == [.message(.failure(id: 1, code: -32022, message: "m", data: ["supported": []]))])
  }

  /// With 404 a server with sessions says that it knows this one no more, whatever stands in the body.
  @Test(arguments: ["1", "null", #""server-error""#])
  func lostSessions(_ id: String) {
    let body = #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32600,"message":"Session not found"}}"#
    #expect(
      steps(of: Answer(id: 1, canResume: true), 404, "application/json", body)
        == [.failed(.status(404, detail: "Session not found")), .abandon])
  }

  @Test func redirects() {
    #expect(
      steps(302, headers: ["location": "http://evil.example/"])
        == [.failed(.redirected(to: "http://evil.example/")), .abandon])
  }

  @Test func nothing() {
    #expect(steps(of: Answer(id: nil), 202).isEmpty)
    #expect(
      steps(202) == [
        .failed(.malformed(method: "a request", problem: "HTTP 202 without an answer")), .abandon,
      ])
    #expect(steps(200, "text/event-stream", ": hello\n\n") == [.failed(closed), .abandon])
    #expect(steps(200, "application/json", "{").last == .abandon)
    #expect(
      steps(200, "text/html", "<html>")
        == [.failed(.malformed(method: "a request", problem: "its type is text/html")), .abandon])
  }

  @Test func brokenConnections() {
    #expect(
      steps(200, "application/json", "{", error: .unreachable("gone")) == [
        .failed(.unreachable("gone")), .abandon,
      ])
    // Servers with sessions say where a stream can be taken up.
    #expect(
      steps(of: Answer(id: 1, canResume: true), 200, "text/event-stream", "id: 7\nretry: 20\ndata\n\n")
        == [.resume(lastEventID: "7", afterMilliseconds: 50)])
    // A stream that is taken up and ends before its first event goes on from the same place.
    var again = Answer(id: 1, canResume: true)
    again.lastEventID = "7"
    #expect(
      steps(of: again, 200, "text/event-stream") == [.resume(lastEventID: "7", afterMilliseconds: 1_000)])
    // What the server says by itself is listened to again, but not at once, nor where there is nothing.
    let listening = Answer(id: nil, isListening: true)
    #expect(
      steps(of: listening, 200, "text/event-stream", "retry: 20\ndata: {}\n\n").last
        == .resume(lastEventID: nil, afterMilliseconds: 5_000))
    #expect(steps(of: listening, 405).isEmpty)
  }

  @Test func tooLong() {
    var reader = AnswerReader(Answer(id: 1))
    _ = reader.take(.response(HTTPResponse(status: 200, headers: ["content-type": "application/json"])))
    let piece = [UInt8](repeating: 0x20, count: 1 << 20)
    var steps: [AnswerReader.Step] = []
    for _ in 0..<20 { steps += reader.take(.body(piece)) }
    #expect(steps == [.failed(.tooLong(limit: 8 << 20)), .abandon])
    #expect(reader.take(.ended(nil)).isEmpty)
  }
}
