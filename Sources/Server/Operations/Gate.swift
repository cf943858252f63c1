/// Who may use the server: API keys, and the origins of web pages. Pages of the server itself may always.
package struct Gate: Sendable {
  let apiKey: String?
  /// The key for tools that run here; nil if there are none.
  let toolKey: String?
  /// `*` for all.
  let origins: [String]
  /// Paths that need no key: load balancers ask for `/health`, SDKs look for a server, and browsers open a page
  /// before it can ask for one.
  package var openPaths: Set<String> = ["/health", "/lmstudio-greeting"]
  /// Folders of which what lies in them needs no key: browsers open it, and its names are nobody's to guess.
  package var openFolders: Set<String> = []

  /// Paths that no page of another origin may use, whatever the options say, with those below them.
  private static let ownOnly = ["load", "unload", "download"].map { ["api", "v1", "models", $0] }

  /// What is checked of a request.
  package struct Visitor {
    var path: String
    /// The header `Authorization`.
    var authorization: String?
    /// The header `x-api-key`, in which Anthropic's clients send the key.
    var apiKey: String?
    var origin: String?
    /// The header `Host`, which has been checked (``HostRule``).
    var host: String?

    package init(
      path: String, authorization: String? = nil, apiKey: String? = nil, origin: String? = nil,
      host: String? = nil
    ) {
      self.path = path
      self.authorization = authorization
      self.apiKey = apiKey
      self.origin = origin
      self.host = host
    }

    /// Whether the path is one that loads, unloads or downloads. The router takes no notice of empty parts.
    fileprivate var isForOwnPages: Bool {
      let parts = path.split(separator: "/").map(String.init)
      return Gate.ownOnly.contains { parts.starts(with: $0) }
    }

    /// The keys that the visitor shows.
    fileprivate var keys: [Substring.UTF8View] {
      let prefix = "bearer "
      let bearer = authorization.flatMap {
        $0.lowercased().hasPrefix(prefix) ? $0.utf8.dropFirst(prefix.utf8.count) : nil
      }
      return [bearer, apiKey.map { $0.utf8[...] }].compactMap(\.self)
    }
  }

  package init(apiKey: String?, toolKey: String? = nil, origins: [String]) {
    self.apiKey = apiKey
    self.toolKey = toolKey
    self.origins = origins
  }

  /// Refuses requests that may not use the server.
  ///
  /// A browser sends the origin of the page that makes a request. It would keep our answer from a foreign
  /// page, but not the page's request from us.
  ///
  /// - Throws: ``ServerError/foreignOrigin(_:)``, ``ServerError/unauthorized``.
  package func check(_ visitor: Visitor) throws(ServerError) {
    if let origin = visitor.origin, !isAllowed(origin, visitor) { throw .foreignOrigin(origin) }
    guard !isOpen(visitor.path), let apiKey else { return }
    guard Self.holds(apiKey, visitor) else { throw .unauthorized }
  }

  private func isOpen(_ path: String) -> Bool {
    // The router takes no notice of empty parts: what ends with a slash is the folder itself.
    let end = path.lastIndex(of: "/") ?? path.startIndex
    return openPaths.contains(path)
      || openFolders.contains(String(path[..<end])) && !path[end...].dropFirst().isEmpty
  }

  /// Whether a visitor may use tools that run here.
  package func holdsToolKey(_ visitor: Visitor) -> Bool { toolKey.map { Self.holds($0, visitor) } ?? false }

  private static func holds(_ key: String, _ visitor: Visitor) -> Bool {
    visitor.keys.contains { isSame($0, key.utf8) }
  }

  /// Whether a visitor who wants a socket shows the key; without one that is needed, too.
  ///
  /// Sockets load and unload models, which `*` allows no page of another origin.
  ///
  /// - Throws: ``ServerError/foreignOrigin(_:)``; ``ServerError/unauthorized`` for a key that is wrong.
  package func admitsSocket(_ visitor: Visitor) throws(ServerError) -> Bool {
    if let origin = visitor.origin {
      guard origins.contains(origin) || Self.isOwn(origin, at: visitor.host) else {
        throw .foreignOrigin(origin)
      }
    }
    guard let apiKey else { return true }
    if Self.holds(apiKey, visitor) { return true }
    guard visitor.keys.isEmpty else { throw .unauthorized }
    return false
  }

  /// The value of `Access-Control-Allow-Origin` for a visitor's page; nil if ``check(_:)`` refuses its requests
  /// for that path.
  package func allowance(for visitor: Visitor) -> String? {
    guard let origin = visitor.origin, isAllowed(origin, visitor) else { return nil }
    return origins.contains("*") ? "*" : origin
  }

  /// Whether a visitor's page may use a path.
  private func isAllowed(_ origin: String, _ visitor: Visitor) -> Bool {
    if Self.isOwn(origin, at: visitor.host) { return true }
    // What loads, unloads and downloads is for the server's own pages alone.
    return !visitor.isForOwnPages && (origins.contains("*") || origins.contains(origin))
  }

  /// Whether an origin is the server's own, as the browser knows it. Where TLS stands before the server, that
  /// is one of `https`.
  private static func isOwn(_ origin: String, at host: String?) -> Bool {
    guard let host = host.flatMap({ RequestHost($0) }) else { return false }
    for (scheme, port) in [("http://", 80), ("https://", 443)] where origin.hasPrefix(scheme) {
      guard let own = RequestHost(String(origin.dropFirst(scheme.count))) else { return false }
      // All names of this machine lead to this server, if the port does.
      let isSameHost = own.name == host.name || own.isLoopback && host.isLoopback
      return isSameHost && own.port ?? port == host.port ?? port
    }
    return false
  }

  /// Equality in a time that does not depend on how many bytes are right.
  static func isSame(_ given: some Sequence<UInt8>, _ key: some Collection<UInt8>) -> Bool {
    let given = Array(given)
    var difference = UInt8(given.count == key.count ? 0 : 1)
    for (index, byte) in key.enumerated() { difference |= byte ^ (index < given.count ? given[index] : 0) }
    return difference == 0
  }
}
