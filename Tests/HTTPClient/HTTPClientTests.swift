import Foundation
import GPTOSSHTTPClient
import Testing

/// What needs no server; Tests/Conformance/hub.py has connections that break, stall and go on too long.
struct HTTPClientTests {
  @Test func fieldsHaveNoCase() {
    let head = HTTPResponse(status: 206, headers: ["Content-Range": "bytes 0-1/2", "etag": "\"a\""])
    #expect(head["content-RANGE"] == "bytes 0-1/2" && head["ETag"] == "\"a\"" && head["Location"] == nil)
  }

  /// Nothing listens on port 1.
  @Test func refusedConnectionsNameTheHost() async throws {
    let url = try #require(URL(string: "http://127.0.0.1:1/"))
    do {
      _ = try await HTTPClient().answer(to: HTTPRequest("GET", url), byteLimit: 10)
      Issue.record("something answered")
    } catch HTTPClientError.connection(let host, let reason) {
      #expect(host == "127.0.0.1" && !reason.isEmpty)
    }
  }

  /// Breaks when people are told a number in place of what is wrong with an address.
  @Test func anAddressThatCannotBeIsNamedSo() async throws {
    let url = try #require(URL(string: "http://127.0.0.1:99999/"))
    do {
      _ = try await HTTPClient().answer(to: HTTPRequest("GET", url), byteLimit: 10)
      Issue.record("something answered")
    } catch HTTPClientError.connection(_, let reason) {
      #expect(!reason.isEmpty && !reason.contains("NSURLErrorDomain"))
    }
  }

  @Test func cancelledRequestsEnd() async throws {
    let url = try #require(URL(string: "http://192.0.2.1/"))
    let task = Task { try await HTTPClient().answer(to: HTTPRequest("GET", url), byteLimit: 10) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(arguments: [
    HTTPClientError.connection(host: "h", reason: "r"), .stalled(host: "h", seconds: 10),
    .tooLong(host: "h", limit: 5), .notHTTP(host: "h"),
  ])
  func errorsAreOneLine(_ error: HTTPClientError) {
    #expect("\(error)".contains("h") && !"\(error)".contains("\n"))
    #expect(error.localizedDescription == "\(error)")
  }
}
