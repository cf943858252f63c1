import Foundation

/// What of a request's head decides whether it is a message that this server takes, before anything of it is
/// routed.
package struct MessageHead: Sendable {
  /// HTTP/1.0, which knows neither codings nor expectations.
  var isVersion10: Bool
  /// The request target: a path, or a whole URL.
  var target: String
  /// The values of the fields of these names, one per line of the head.
  var hosts: [String]
  var transferCodings: [String]
  var contentLengths: [String]
  var expectations: [String]

  package init(
    isVersion10: Bool = false, target: String = "/", hosts: [String], transferCodings: [String] = [],
    contentLengths: [String] = [], expectations: [String] = []
  ) {
    self.isVersion10 = isVersion10
    self.target = target
    self.hosts = hosts
    self.transferCodings = transferCodings
    self.contentLengths = contentLengths
    self.expectations = expectations
  }

  /// Whether the client waits for `100 Continue` before it sends the body.
  package var awaitsContinue: Bool {
    let hasBody = !transferCodings.isEmpty || contentLengths.contains { $0 != "0" }
    return !isVersion10 && hasBody && !expectations.flatMap(Self.elements).isEmpty
  }

  /// Refuses messages that are not HTTP's (RFC 9110 and 9112), and those for somebody else.
  ///
  /// - Throws: ``ServerError/malformedMessage(_:)``, ``ServerError/unknownCoding(_:)``,
  ///   ``ServerError/unknownExpectation(_:)``, ``ServerError/foreignHost(_:)``.
  package func check(_ rule: HostRule) throws(ServerError) {
    try checkFraming()
    guard hosts.count <= 1 else { throw .malformedMessage("it has \(hosts.count) fields 'Host'") }
    guard isVersion10 || !hosts.isEmpty else { throw .malformedMessage("it has no field 'Host'") }
    // The host of a whole URL is the one that counts, but both have to be right.
    for field in hosts + [Self.authority(of: target)].compactMap(\.self) {
      guard let host = RequestHost(field) else {
        throw .malformedMessage("its host '\(field)' is neither a name nor an address with or without a port")
      }
      guard rule.allows(host) else { throw .foreignHost(host.name) }
    }
    guard !isVersion10 else { return }
    for expectation in expectations.flatMap(Self.elements) where expectation != "100-continue" {
      throw .unknownExpectation(expectation)
    }
  }

  /// Where the body ends has to be beyond doubt, because what follows it is the next request.
  private func checkFraming() throws(ServerError) {
    guard !transferCodings.isEmpty else { return }
    guard contentLengths.isEmpty else {
      throw .malformedMessage("it has both 'Transfer-Encoding' and 'Content-Length'")
    }
    guard !isVersion10 else { throw .malformedMessage("HTTP/1.0 has no 'Transfer-Encoding'") }
    let codings = transferCodings.flatMap(Self.elements)
    for coding in codings where coding != "chunked" { throw .unknownCoding(coding) }
    guard codings.count == 1 else {
      throw .malformedMessage("its 'Transfer-Encoding' has to be 'chunked', once")
    }
  }

  /// The elements of a list field's value, in lower case.
  private static func elements(_ value: String) -> [String] {
    value.split(separator: ",").map { $0.lowercased().trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  /// The authority of a target that is a whole URL.
  private static func authority(of target: String) -> String? {
    guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return nil }
    return String(target[scheme.upperBound...].prefix { !"/?#".contains($0) })
  }
}
