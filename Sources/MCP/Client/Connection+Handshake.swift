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

  /// What a server says to `server/discover`.
  private enum Probe {
    case stateless(ServerInformation)
    case expectsInitialize
    case silent
  }

  /// Finds out which version the server speaks.
  ///
  /// A server without sessions answers `server/discover`, or says that it speaks other versions. Any other
  /// error, and silence, come from a server that expects `initialize`; or from one that is slow to start, which
  /// then refuses that and is asked again.
  ///
  /// - Parameter isOld: whether the server is known to expect `initialize`.
  /// - Throws: `MCPError`, `CancellationError`.
  func agree(isOld: Bool, until deadline: ContinuousClock.Instant) async throws -> ServerInformation {
    guard !isOld else { return try await initialize(timeout: deadline - .now) }
    switch try await discover(timeout: min(Self.probeTimeout, deadline - .now)) {
    case .stateless(let information): return information
    case .expectsInitialize: return try await initialize(timeout: deadline - .now)
    case .silent:
      do {
        return try await initialize(timeout: deadline - .now)
      } catch let error as MCPError {
        guard case .refused = error else { throw error }
        guard case .stateless(let information) = try await discover(timeout: deadline - .now) else {
          throw error
        }
        return information
      }
    }
  }

  private func discover(timeout: Duration) async throws -> Probe {
    version = .latest
    do {
      let result = try await request(Method.discover, timeout: timeout)
      guard let names = result["supportedVersions"]?.arrayValue?.compactMap(\.stringValue) else {
        return .expectsInitialize
      }
      return try choose(names, result)
    } catch let refusal as Refusal where ErrorCode.isOfStateless(refusal.code) {
      let names = refusal.data?["supported"]?.arrayValue?.compactMap(\.stringValue)
      guard let names else { throw refusal.error }
      return try choose(names, JSONObject())
    } catch is Refusal {
      return .expectsInitialize
    } catch let error as MCPError {
      switch error {
      case .timedOut: return .silent
      case .status(401, _), .status(403, _): throw error
      case .status(400..<500, _), .malformed: return .expectsInitialize
      default: throw error
      }
    }
  }

  /// A server may know `initialize`, too, and no version without it that is known here.
  private func choose(_ names: [String], _ result: JSONObject) throws(MCPError) -> Probe {
    if let newest = ProtocolVersion.newestStateless(of: names) {
      version = newest
      return .stateless(
        ServerInformation(
          result[MetaKey.meta]?[MetaKey.serverInfo], result["capabilities"] ?? ["tools": [:]]))
    }
    guard names.contains(where: { ProtocolVersion(rawValue: $0) != nil }) else {
      throw .unsupportedVersion(names)
    }
    return .expectsInitialize
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
    await notify(Method.initialized)
    return ServerInformation(result["serverInfo"], result["capabilities"])
  }
}
