import Foundation

/// Which hosts a request may be meant for.
///
/// The owner of a name can make it lead to this machine. For a browser, pages of that name then come from
/// the same place as the answers of this server, and may read them ("DNS rebinding", Jackson et al. 2007). But
/// their requests tell the name. Nobody else decides where addresses and loopback names lead.
package struct HostRule: Sendable {
  /// Whether other machines reach the server.
  private let isOpen: Bool
  private let names: Set<String>

  /// - Parameters:
  ///   - address: what the server listens at.
  ///   - allowed: names that are allowed besides.
  package init(listeningAt address: String, allowed: [String]) {
    let host = RequestHost(address: address)
    isOpen = host?.isLoopback != true
    names = Set(([host] + allowed.map(RequestHost.init(address:))).compactMap { $0?.name })
  }

  /// Whether requests may be meant for a host.
  package func allows(_ host: RequestHost) -> Bool {
    host.isLoopback || names.contains(host.name) || isOpen && host.isAddress
  }
}

/// Whom a request is meant for: the `uri-host` and port of RFC 9110, section 7.2.
package struct RequestHost: Equatable, Sendable {
  /// The name or address, in lower case and without brackets.
  package let name: String
  /// nil for that of the scheme.
  package let port: Int?
  /// Whether it is an IP address.
  package let isAddress: Bool
  /// Whether it is this machine, whoever resolves it (RFC 6761, section 6.3).
  package let isLoopback: Bool

  /// Reads a field `Host`; nil if it is not valid.
  package init?(_ field: String) {
    let text = field[...]
    let end: Substring.Index
    if text.hasPrefix("[") {
      guard let bracket = text.firstIndex(of: "]") else { return nil }
      end = text.index(after: bracket)
    } else {
      end = text.firstIndex(of: ":") ?? text.endIndex
    }
    let rest = text[end...]
    let digits = rest.dropFirst()
    guard rest.isEmpty || rest.hasPrefix(":"), digits.utf8.allSatisfy(\.isDigit) else { return nil }
    let port = UInt16(digits)
    guard digits.isEmpty || port != nil else { return nil }
    self.init(host: text[..<end], port: port.map(Int.init))
  }

  /// Reads a name or an address without a port; an IPv6 address may stand in brackets or without. nil if it
  /// is neither.
  package init?(address: String) {
    self.init(
      host: address.contains(":") && !address.hasPrefix("[") ? "[\(address)]" : address[...], port: nil)
  }

  private init?(host: Substring, port: Int?) {
    self.port = port
    if host.hasPrefix("["), host.hasSuffix("]") {
      let address = String(host.dropFirst().dropLast())
      guard let bytes = Self.ipv6Bytes(address) else { return nil }
      name = address.lowercased()
      isAddress = true
      isLoopback = bytes == Self.loopback || bytes.starts(with: Self.mapped) && bytes[12] == 127
      return
    }
    guard !host.isEmpty, host.utf8.count <= 255, Self.isRegisteredName(host.utf8) else { return nil }
    // A name may end with the root's dot.
    let name = (host.hasSuffix(".") ? host.dropLast() : host).lowercased()
    let octets = name.split(separator: ".", omittingEmptySubsequences: false).map(Self.octet)
    self.name = name
    isAddress = octets.count == 4 && octets.allSatisfy { $0 != nil }
    isLoopback = isAddress ? octets[0] == 127 : name == "localhost" || name.hasSuffix(".localhost")
  }

  private static let loopback: [UInt8] = Array(repeating: 0, count: 15) + [1]
  /// What an IPv4 address begins with where it is written as one of IPv6.
  private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

  private static func ipv6Bytes(_ text: String) -> [UInt8]? {
    var address = in6_addr()
    guard !text.utf8.contains(0), inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return withUnsafeBytes(of: address) { Array($0) }
  }

  /// A part of an IPv4 address, as RFC 3986 writes it.
  private static func octet(_ text: Substring) -> UInt8? {
    guard text.utf8.allSatisfy(\.isDigit), text == "0" || !text.hasPrefix("0") else { return nil }
    return UInt8(text)
  }

  /// RFC 3986's `reg-name`: letters, digits, `-._~`, `!$&'()*+,;=`, and bytes in hexadecimal.
  private static func isRegisteredName(_ bytes: Substring.UTF8View) -> Bool {
    var bytes = bytes[...]
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard bytes.prefix(2).count == 2, bytes.prefix(2).allSatisfy(\.isHexadecimalDigit) else {
          return false
        }
        bytes = bytes.dropFirst(2)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
      case _ where byte.isDigit || "-._~!$&'()*+,;=".utf8.contains(byte): continue
      default: return false
      }
    }
    return true
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate var isHexadecimalDigit: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
  }
}
