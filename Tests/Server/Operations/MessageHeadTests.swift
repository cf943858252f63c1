import GPTOSSServer
import Testing

private let here = ["localhost:1234"]

/// Breaks when it can be doubted where a message ends or whom it is for, or when a good one is refused.
struct MessageHeadTests {
  @Test(
    arguments: [
      ("the usual", MessageHead(hosts: here), 200),
      ("with a length", MessageHead(hosts: here, contentLengths: ["5"]), 200),
      ("in chunks", MessageHead(hosts: here, transferCodings: ["chunked"]), 200),
      (
        "in chunks, spelled at leisure",
        MessageHead(hosts: here, transferCodings: [" Chunked ,"]), 200
      ),
      ("no host", MessageHead(hosts: []), 400),
      ("two hosts", MessageHead(hosts: ["localhost", "localhost"]), 400),
      ("no valid host", MessageHead(hosts: ["a b"]), 400),
      ("somebody else's host", MessageHead(hosts: ["evil.example"]), 403),
      ("HTTP/1.0 without a host", MessageHead(isVersion10: true, hosts: []), 200),
      ("HTTP/1.0 with one", MessageHead(isVersion10: true, hosts: here), 200),
      (
        "HTTP/1.0 with two",
        MessageHead(isVersion10: true, hosts: here + here), 400
      ),
      ("HTTP/1.0 with somebody else's", MessageHead(isVersion10: true, hosts: ["evil.example"]), 403),
      (
        "a whole URL", MessageHead(target: "http://localhost:1234/v1/models?a", hosts: here),
        200
      ),
      ("somebody else's URL", MessageHead(target: "http://evil.example/", hosts: here), 403),
      ("a URL without a host", MessageHead(target: "http:///v1", hosts: here), 400),
      (
        "a URL in a path",
        MessageHead(target: "/v1/models/http://evil.example/", hosts: here), 200
      ),
      (
        "both lengths",
        MessageHead(hosts: here, transferCodings: ["chunked"], contentLengths: ["5"]), 400
      ),
      (
        "both lengths, 0",
        MessageHead(hosts: here, transferCodings: ["chunked"], contentLengths: ["0"]), 400
      ),
      (
        "chunks in HTTP/1.0",
        MessageHead(isVersion10: true, hosts: here, transferCodings: ["chunked"]), 400
      ),
      (
        "an unknown coding", MessageHead(hosts: here, transferCodings: ["gzip, chunked"]),
        501
      ),
      (
        "an unknown coding in a line of its own",
        MessageHead(hosts: here, transferCodings: ["chunked", "br"]), 501
      ),
      (
        "a coding with a parameter",
        MessageHead(hosts: here, transferCodings: ["chunked;q=1"]), 501
      ),
      (
        "what is no longer a coding",
        MessageHead(hosts: here, transferCodings: ["identity"]), 501
      ),
      (
        "chunks in chunks",
        MessageHead(hosts: here, transferCodings: ["chunked", "chunked"]), 400
      ),
      ("no coding", MessageHead(hosts: here, transferCodings: [""]), 400),
      ("an expectation", MessageHead(hosts: here, expectations: ["100-Continue"]), 200),
      ("another", MessageHead(hosts: here, expectations: ["200-ok"]), 417),
      ("both", MessageHead(hosts: here, expectations: ["100-continue, 200-ok"]), 417),
      (
        "another in HTTP/1.0",
        MessageHead(isVersion10: true, hosts: here, expectations: ["200-ok"]), 200
      ),
    ])
  func statuses(_ what: String, _ head: MessageHead, _ status: Int) {
    let rule = HostRule(listeningAt: "127.0.0.1", allowed: [])
    do throws(ServerError) {
      try head.check(rule)
      #expect(status == 200, "\(what)")
    } catch {
      #expect(error.status == status, "\(what): \(error)")
    }
  }

  @Test func theBodyIsAskedForIfThereIsOne() {
    let expects = ["100-continue"]
    #expect(MessageHead(hosts: here, contentLengths: ["5"], expectations: expects).awaitsContinue)
    #expect(MessageHead(hosts: here, transferCodings: ["chunked"], expectations: expects).awaitsContinue)
    #expect(!MessageHead(hosts: here, contentLengths: ["5"]).awaitsContinue)
    #expect(!MessageHead(hosts: here, contentLengths: ["0"], expectations: expects).awaitsContinue)
    #expect(!MessageHead(hosts: here, expectations: expects).awaitsContinue)
    let old = MessageHead(isVersion10: true, hosts: here, contentLengths: ["5"], expectations: expects)
    #expect(!old.awaitsContinue)
  }
}
