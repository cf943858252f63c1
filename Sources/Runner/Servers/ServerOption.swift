import ArgumentParser
import Foundation

/// Which running server a command speaks to.
struct ServerOption: ParsableArguments {
  @Option(help: "The server's address. If left out, what GPTOSS_HOST says, or else 127.0.0.1.")
  var host: String?

  @Option(number: "The server's port. If left out, what GPTOSS_HOST says, or else 1234.")
  var port: Int?

  func validate() throws { try checkOption("port", port, in: 1...65_535) }

  /// The server. `GPTOSS_API_KEY` is the key, if it wants one.
  ///
  /// - Throws: `RunnerError.malformedAddress`.
  func server(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(RunnerError) -> RunningServer {
    try Self.server(host, port, environment)
  }

  /// The server that an address names, or the environment.
  ///
  /// - Throws: `RunnerError.malformedAddress`.
  static func server(
    _ host: String?, _ port: Int?, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(RunnerError) -> RunningServer {
    let text = host ?? environment["GPTOSS_HOST"].flatMap { $0.isEmpty ? nil : $0 } ?? "127.0.0.1"
    guard var address = address(text) else { throw .malformedAddress(text) }
    if let port { address.port = port }
    if address.port == nil, address.scheme == "http" { address.port = 1234 }
    guard let url = address.url else { throw .malformedAddress(text) }
    return RunningServer(url: url, key: apiKey(environment))
  }

  /// The key that the environment names. An empty variable is none, as Compose files have it.
  static func apiKey(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
    environment["GPTOSS_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// `HOST`, `HOST:PORT`, an address of IPv6 with or without brackets, or a URL.
  private static func address(_ text: String) -> URLComponents? {
    var bytes = in6_addr()
    let isBareIPv6 = inet_pton(AF_INET6, text, &bytes) == 1
    let authority = isBareIPv6 ? "[\(text)]" : text
    let address = URLComponents(string: text.contains("://") ? text : "http://\(authority)")
    guard var address, ["http", "https"].contains(address.scheme), address.host?.isEmpty == false else {
      return nil
    }
    address.path = ""
    address.query = nil
    return address
  }
}
