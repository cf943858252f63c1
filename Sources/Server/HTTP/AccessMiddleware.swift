#if Server
  import HTTPTypes
  import Hummingbird

  /// Refuses requests that may not use the server.
  struct GateMiddleware: RouterMiddleware {
    let gate: Gate

    func handle(
      _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
      let visitor = Gate.Visitor(request)
      try gate.check(visitor)
      context.exchange.holdsToolKey = gate.holdsToolKey(visitor)
      return try await next(request, context)
    }
  }

  extension Gate.Visitor {
    fileprivate init(_ request: Request) {
      self.init(
        path: request.uri.path, authorization: request.headers[.authorization],
        apiKey: request.headers[.apiKey], origin: request.headers[.origin], host: request.head.authority)
    }
  }

  /// Tells browsers that pages of allowed origins may read answers, and what they may send.
  ///
  /// Hummingbird's `CORSMiddleware` does not fit: its list of origins is fixed at compile time, and so are
  /// the headers that it allows. OpenAI's JavaScript client sends many of its own.
  struct CrossOriginMiddleware: RouterMiddleware {
    let gate: Gate

    func handle(
      _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
      guard let allowance = gate.allowance(for: Gate.Visitor(request)) else {
        return try await next(request, context)
      }
      // Browsers send a preflight request without the key.
      let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
      var response =
        isPreflight
        ? Response(status: .noContent, headers: [.requestID: context.exchange.record.id])
        : try await next(request, context)
      response.headers[.accessControlAllowOrigin] = allowance
      response.headers[.vary] = "Origin"
      if isPreflight {
        response.headers[.accessControlAllowMethods] = "GET, POST, DELETE, OPTIONS"
        response.headers[.accessControlAllowHeaders] =
          request.headers[.accessControlRequestHeaders] ?? "authorization, content-type"
        response.headers[.accessControlMaxAge] = "86400"
        // Of a page from elsewhere, browsers ask whether it may reach a private network at all.
        response.headers[.accessControlAllowPrivateNetwork] = "true"
      }
      return response
    }
  }
#endif
