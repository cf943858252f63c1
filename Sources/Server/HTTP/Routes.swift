#if Server
  import Foundation
  import GPTOSSJSON
  import GPTOSSPage
  import GPTOSSPlatform
  import HTTPTypes
  import Hummingbird
  import NIOCore

  /// The paths of the API, each with the paths below it. Metrics count requests by them.
  enum Endpoint: String, CaseIterable {
    case chat = "/v1/chat/completions"
    case completions = "/v1/completions"
    case responses = "/v1/responses"
    /// Before the path that it lies below.
    case countTokens = "/v1/messages/count_tokens"
    case messages = "/v1/messages"
    case models = "/v1/models"
    case lmStudio = "/api/v1/models"
    case lmStudioV0 = "/api/v0/models"
    case lmStudioGreeting = "/lmstudio-greeting"
    case lmStudioSockets = "/llm"
    case trace = "/api/v1/trace"
    case mcpServers = "/api/v1/mcp/servers"
    case health = "/health"
    case metrics = "/metrics"

    /// The endpoint's own path.
    var path: RouterPath { RouterPath(rawValue) }

    /// The endpoint that a path belongs to.
    init?(of path: String) {
      let known = Endpoint.allCases.first { path == $0.rawValue || path.hasPrefix($0.rawValue + "/") }
      guard let known else { return nil }
      self = known
    }
  }

  /// What is known of a request besides what the client sent.
  struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let exchange: Exchange

    init(source: ApplicationRequestContextSource) {
      coreContext = CoreRequestContextStorage(source: source)
      channel = source.channel
      exchange = Exchange(of: source.channel)
    }
  }

  extension Exchange {
    /// One over a connection.
    convenience init(of channel: any Channel) {
      self.init(client: channel.remoteAddress?.ipAddress ?? "local", id: Identifiers.random.make("req_"))
    }
  }

  extension APIService {
    /// Reading a larger body takes longer than the threads of tasks should be held: some milliseconds.
    private static let longBody = 64 << 10

    /// The middleware that every request passes, and the answer to each method and path.
    func router(
      _ options: ServerOptions, _ report: ExchangeReport, _ bodies: BodyBudget
    ) -> Router<APIContext> {
      var gate = Gate(apiKey: options.apiKey, toolKey: options.mcp?.apiKey, origins: options.origins)
      if options.hasPage {
        gate.openPaths.formUnion(PageFile.all.map(\.path))
        gate.openFolders.insert(Endpoint.trace.rawValue)
      }
      let router = Router(context: APIContext.self)
      router.addMiddleware {
        CrossOriginMiddleware(gate: gate)
        ExchangeMiddleware(report: report, options: options)
        GateMiddleware(gate: gate)
      }

      func answer(
        _ endpoint: Endpoint, _ reply: @escaping @Sendable ([UInt8], Exchange) async throws -> Reply
      ) {
        router.post(endpoint.path) { request, context in
          let hold = bodies.hold()
          context.exchange.keep(hold)
          let body = try await request.bytes(
            limit: min(options.bodyLimit, bodies.largestBody), within: options.idleLimit, context.channel,
            hold)
          context.exchange.note { $0.contents?.request = String(decoding: body, as: UTF8.self) }
          return try await LongWork.$isExpected.withValue(body.count > Self.longBody) {
            try await reply(body, context.exchange).response
          }
        }
      }
      answer(.chat, chat)
      answer(.completions, completion)
      answer(.responses, respond)
      answer(.messages, message)
      answer(.countTokens, countTokens)

      func change(_ name: RouterPath, _ reply: @escaping @Sendable ([UInt8]) async throws -> JSONValue) {
        router.post(Endpoint.lmStudio.path.appendingPath(name)) { request, context in
          let hold = bodies.hold()
          context.exchange.keep(hold)
          let body = try await request.bytes(
            limit: Self.longBody, within: options.idleLimit, context.channel, hold)
          return Response(try await reply(body))
        }
      }
      change("load", loadModel)
      change("unload", unloadModel)
      change("download", downloadModel)

      func get(_ path: RouterPath, _ response: @escaping @Sendable (APIContext) async throws -> Response) {
        for method in [HTTPRequest.Method.get, .head] {
          router.on(path, method: method) { _, context in try await response(context) }
        }
      }
      get(Endpoint.models.path) { _ in Response(modelList) }
      get(Endpoint.models.path.appendingPath("**")) { Response(try modelDescription($0.name())) }
      get(Endpoint.lmStudio.path) { _ in Response(lmStudioModels) }
      get(Endpoint.lmStudio.path.appendingPath("download/status/**")) {
        Response(try downloadState($0.name()))
      }
      router.delete(Endpoint.lmStudio.path.appendingPath("download/status/**")) { _, context in
        Response(try await stopDownload(context.name()))
      }
      get(Endpoint.lmStudioV0.path) { _ in Response(lmStudioModelsV0) }
      get(Endpoint.lmStudioV0.path.appendingPath("**")) { Response(try lmStudioModelV0($0.name())) }
      get(Endpoint.mcpServers.path) { Response(try await serverList($0.exchange)) }
      get(Endpoint.responses.path.appendingPath("**")) { Response(try storedResponse($0.id())) }
      router.delete(Endpoint.responses.path.appendingPath("**")) { _, context in
        Response(try deleteResponse(context.id()))
      }
      if options.lmStudioPort != nil {
        get(Endpoint.lmStudioGreeting.path) { _ in Response(["lmstudio": true]) }
      }
      if options.hasPage {
        router.addPage()
        answer(.trace, trace)
        get(Endpoint.trace.path.appendingPath("**")) { Response(try tracePage($0.id())) }
      }
      get(Endpoint.health.path) { _ in Response(health) }
      get(Endpoint.metrics.path) { _ in
        Response(metricsPage, contentType: "text/plain; version=0.0.4; charset=utf-8")
      }
      return router
    }
  }

  extension APIContext {
    /// The name or id that follows the endpoint's own path; names may contain slashes.
    ///
    /// - Throws: `HTTPError` if it is not percent-encoded text.
    fileprivate func name() throws -> String {
      let path = parameters.getCatchAll().joined(separator: "/")
      guard let name = path.removingPercentEncoding else { throw HTTPError(.notFound) }
      return name
    }

    /// The id of a response or a trace. What follows one, such as `/input_items`, is a path that there is
    /// not.
    ///
    /// - Throws: `HTTPError`.
    fileprivate func id() throws -> String {
      let name = try name()
      guard !name.contains("/") else { throw HTTPError(.notFound) }
      return name
    }
  }
#endif
