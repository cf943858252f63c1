#if Server
  import Foundation
  import GPTOSSJSON
  import HTTPTypes

  /// What a method and a path ask for.
  enum Route {
    case models
    case model(String)
    case chat
    case completions
    case respond
    case response(String)
    case deleteResponse(String)
    case health
    case metrics

    /// What a route answers with.
    enum Reply {
      case api(GPTOSSServer.Reply)
      case page(String)
    }

    /// - Throws: `ServerError.unknownPath`.
    init(method: HTTPRequest.Method, path: String) throws(ServerError) {
      let method = method == .head ? .get : method
      switch (method, path) {
      case (.get, "/v1/models"): self = .models
      case (.post, "/v1/chat/completions"): self = .chat
      case (.post, "/v1/completions"): self = .completions
      case (.post, "/v1/responses"): self = .respond
      case (.get, "/health"): self = .health
      case (.get, "/metrics"): self = .metrics
      default:
        if method == .get, let name = Self.rest(of: path, after: "/v1/models/") {
          self = .model(name)
        } else if let id = Self.rest(of: path, after: "/v1/responses/"), method == .get || method == .delete {
          self = method == .get ? .response(id) : .deleteResponse(id)
        } else {
          throw .unknownPath(method: method.rawValue, path: path)
        }
      }
    }

    /// Whether the request's body is read.
    var hasBody: Bool {
      switch self {
      case .chat, .completions, .respond: true
      default: false
      }
    }

    /// Does what was asked for.
    func reply(_ service: APIService, _ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
      switch self {
      case .models: return .api(.json(service.modelList))
      case .model(let name): return .api(.json(try service.model(named: name)))
      case .chat: return .api(try await service.chat(body, exchange))
      case .completions: return .api(try await service.completion(body, exchange))
      case .respond: return .api(try await service.respond(body, exchange))
      case .response(let id): return .api(.json(try service.storedResponse(id)))
      case .deleteResponse(let id): return .api(.json(try service.deleteResponse(id)))
      case .health:
        let counts = service.admission.counts
        return .api(
          .json([
            "status": "ok", "model": .string(service.names.id), "running": .integer(counts.running),
            "waiting": .integer(counts.waiting),
          ]))
      case .metrics:
        let counts = service.admission.counts
        return .page(
          service.metrics.text(
            running: counts.running, waiting: counts.waiting, residentBytes: residentByteCount()))
      }
    }

    /// The path as metrics count it: without ids, and one name for all that do not exist.
    static func label(of path: String) -> String {
      let known = [
        "/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/models", "/health", "/metrics",
      ]
      return known.first { path == $0 || path.hasPrefix($0 + "/") } ?? "other"
    }

    /// What follows a prefix, percent-decoded; nil if nothing does.
    private static func rest(of path: String, after prefix: String) -> String? {
      guard path.hasPrefix(prefix), path.utf8.count > prefix.utf8.count else { return nil }
      return path.dropFirst(prefix.count).removingPercentEncoding
    }
  }
#endif
