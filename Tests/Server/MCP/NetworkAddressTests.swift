import GPTOSSServer
import Testing

/// Breaks when a request can make the server speak to its own machine or network.
struct NetworkAddressTests {
  @Test(
    arguments: [
      "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
      "172.31.255.255", "192.0.0.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "203.0.113.9",
      "224.0.0.1",
      "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::10.0.0.1",
      "fe80::1",
      "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "2002:7f00:1::", "2002:c0a8:101::", "3fff::1",
      "::127.0.0.1", "100::1", "fec0::1", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "localhost",
      "[::1]",
    ])
  func notPublic(_ host: String) async throws {
    // What has no address is no way in either.
    let addresses = await NetworkAddress.all(of: host) ?? []
    #expect(addresses.filter(\.isPublic).isEmpty, "\(host): \(addresses)")
  }

  @Test(
    arguments: [
      "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.0.0.1", "128.0.0.1",
      "169.253.0.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "192.169.0.1", "198.17.0.1", "198.20.0.1",
      "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1",
      "[2606:4700::1111]",
    ])
  func isPublic(_ host: String) async throws {
    let addresses = try #require(await NetworkAddress.all(of: host))
    let others = addresses.filter { !$0.isPublic }
    #expect(!addresses.isEmpty && others.isEmpty, "\(host): \(others)")
  }

  @Test func malformed() async {
    #expect(!NetworkAddress([]).isPublic && !NetworkAddress([1, 2]).isPublic)
    #expect(await NetworkAddress.all(of: "no such host") == nil)
  }
}
