import GPTOSSServer
import Testing

/// Breaks when a page whose name leads to this machine is answered, or somebody who calls it by its own name
/// is not.
struct HostRuleTests {
  enum Verdict { case loopback, open, refused, invalid }

  @Test(
    arguments: [
      // Names and addresses of this machine.
      ("localhost", .loopback), ("LocalHost:1234", .loopback), ("localhost.", .loopback),
      ("a.b.localhost", .loopback), ("localhost:", .loopback), ("127.0.0.1:65535", .loopback),
      ("127.255.0.9", .loopback), ("[::1]", .loopback), ("[0:0::1]:80", .loopback),
      ("[::ffff:127.0.0.1]", .loopback), ("[::FFFF:7f00:1]", .loopback),
      // Names that are allowed.
      ("proxy.example", .loopback), ("PROXY.example.:443", .loopback), ("[2001:DB8::7]", .loopback),
      // Other addresses.
      ("0.0.0.0", .open), ("10.0.0.1", .open), ("10.0.0.1:1234", .open), ("[::]", .open),
      ("[fe80::1]:1", .open),
      ("[2001:db8::8]", .open),
      // Names of anybody, some of which look like something else.
      ("evil.example", .refused), ("evil.example:1234", .refused), ("notlocalhost", .refused),
      ("localhost.evil.example", .refused), ("127.0.0.1.evil.example", .refused), ("127.0.0.1..", .refused),
      ("x.proxy.example", .refused), ("xn--lcalhost-8yd", .refused), ("127.1", .refused),
      ("0x7f.0.0.1", .refused), ("127.0.0.01", .refused), ("2130706433", .refused), ("127.0.0.256", .refused),
      ("%6cocalhost", .refused), (".localhost.x", .refused), ("a,b", .refused), ("1.2.3.4.5", .refused),
      // No hosts.
      ("", .invalid), (" ", .invalid), (":1234", .invalid), ("a b", .invalid), ("localhost:x", .invalid),
      ("localhost:65536", .invalid), ("localhost:-1", .invalid), ("localhost:+1", .invalid),
      ("localhost:1:2", .invalid), ("user@localhost", .invalid), ("localhost/", .invalid),
      ("http://localhost", .invalid), ("[::1", .invalid), ("::1", .invalid), ("[]", .invalid),
      ("[localhost]", .invalid), ("[127.0.0.1]", .invalid), ("[::1]x", .invalid), ("[::1%25lo]", .invalid),
      ("localhost\0", .invalid), ("[::1\0]", .invalid), ("löcalhost", .invalid), ("a%2", .invalid),
      ("a%zz", .invalid), ("a\\b", .invalid), ("\"localhost\"", .invalid),
      (String(repeating: "a", count: 256), .invalid),
    ] as [(String, Verdict)])
  func verdict(_ field: String, _ expected: Verdict) {
    let names = ["proxy.example", "2001:db8::7"]
    let loopback = HostRule(listeningAt: "127.0.0.1", allowed: names)
    let open = HostRule(listeningAt: "0.0.0.0", allowed: names)
    guard let host = RequestHost(field) else {
      #expect(expected == .invalid)
      return
    }
    #expect(loopback.allows(host) == (expected == .loopback))
    #expect(open.allows(host) == (expected == .loopback || expected == .open))
    #expect(expected != .invalid)
  }

  @Test(
    arguments: [
      ("127.0.0.1", false), ("localhost", false), ("::1", false), ("[::1]", false), ("0.0.0.0", true),
      ("::", true), ("10.0.0.1", true), ("box.example", true),
    ])
  func whoListensAtLoopbackIsReachedThereAlone(_ address: String, _ isOpen: Bool) throws {
    let rule = HostRule(listeningAt: address, allowed: [])
    #expect(rule.allows(try #require(RequestHost("10.9.8.7"))) == isOpen)
    #expect(rule.allows(try #require(RequestHost("localhost"))))
    #expect(rule.allows(try #require(RequestHost("box.example"))) == (address == "box.example"))
  }
}
