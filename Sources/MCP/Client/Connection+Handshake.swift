import GPTOSSJSON

/// What a server says about itself.
struct ServerInformation: Equatable, Sendable {
  var name: String?
  var version: String?
  /// Whether it has tools at all.
  var hasTools = true
  /// Whether it tells when they change.
  var announcesToolChanges = false

  init(_ implementation: JSONValue?, _ capabilities: JSONValue?) {
    name = implementation?["name"]?.stringValue
    version = implementation?["version"]?.stringValue
    hasTools = capabilities?["tools"]?.objectValue != nil
    announcesToolChanges = capabilities?["tools"]?["listChanged"]?.boolValue ?? false
  }
}

extension Connection {
  /// How long a program may be silent to a question that old ones do not know.
  private static let probeTimeout = Duration.seconds(4)

  /// Finds out which version the server speaks.
  ///
  /// A server without sessions answers `server/discover`, or says that it speaks other versions. Any other
  /// error, and silence, come from a server that expects `initialize`.
  ///
  /// - Parameter isOld: whether the server is known to expect that.
  /// - Throws: `MCPError`, `CancellationError`.
  func agree(isOld: Bool, until deadline: ContinuousClock.Instant) async throws -> ServerInformation {
    if !isOld, let information = try await discover(timeout: deadline - .now) { return information }
    return try await initialize(timeout: deadline - .now)
  }

  private func discover(timeout: Duration) async throws -> ServerInformation? {
    version = .latest
    do {
      let result = try await request(Method.discover, timeout: min(timeout, Self.probeTimeout))
      guard let names = result["supportedVersions"]?.arrayValue?.compactMap(\.stringValue) else { return nil }
      return try choose(names, result)
    } catch let refusal as Refusal where ErrorCode.isOfStateless(refusal.code) {
      let names = refusal.data?["supported"]?.arrayValue?.compactMap(\.stringValue)
      guard let names else { throw refusal.error }
      return try choose(names, JSONObject())
    } catch is Refusal {
      return nil
    } catch let error as MCPError {
      switch error {
      case .timedOut, .status(400..<500, _), .malformed: break
      default: throw error
      }
      if case .status(401, _) = error { throw error }
      if case .status(403, _) = error { throw error }
      return nil
    }
  }

  /// - Returns: nil for a server that knows `initialize`, too, and no version without it that is known here.
  private func choose(_ names: [String], _ result: JSONObject) throws(MCPError) -> ServerInformation? {
    if let newest = ProtocolVersion.newestStateless(of: names) {
      version = newest
      return ServerInformation(
        result[MetaKey.meta]?[MetaKey.serverInfo], result["capabilities"] ?? ["tools": [:]])
    }
    guard names.contains(where: { ProtocolVersion(rawValue: $0) != nil }) else {
      throw .unsupportedVersion(names)
    }
    return nil
  }

  private func initialize(timeout: Duration) async throws -> ServerInformation {
    // There is no version yet that could stand in a header.
    version = nil
    let parameters = JSONObject([
      ("protocolVersion", .string(ProtocolVersion.latestWithSessions.rawValue)),
      ("capabilities", capabilities), ("clientInfo", Self.clientInfo),
    ])
    let result: JSONObject
    do {
      result = try await request(Method.initialize, parameters, timeout: timeout)
    } catch let refusal as Refusal { throw refusal.error }
    guard let name = result["protocolVersion"]?.stringValue else {
      throw MCPError.malformed(method: Method.initialize, problem: "it names no version")
    }
    guard let version = ProtocolVersion(rawValue: name), !version.isStateless else {
      throw MCPError.unsupportedVersion([String(name.prefix(40))])
    }
    self.version = version
    notify(Method.initialized)
    return ServerInformation(result["serverInfo"], result["capabilities"])
  }
}
