#if Server
  import HTTPTypes
  import Hummingbird

  /// Lets in who may use the server.
  struct GateMiddleware: RouterMiddleware {
    let gate: Gate

    func handle(
      _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
      try gate.check(
        Gate.Visitor(
          path: request.uri.path, authorization: request.headers[.authorization],
          origin: request.headers[.origin]))
      return try await next(request, context)
    }
  }

  /// Lets a browser give answers to the pages of allowed origins, and tells it what they may ask for.
  ///
  /// Hummingbird's `CORSMiddleware` takes no list of origins that is known only at run time, and allows only headers
  /// that are known beforehand; OpenAI's JavaScript client sends many of its own.
  struct CrossOriginMiddleware: RouterMiddleware {
    let gate: Gate

    func handle(
      _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
      guard let allowance = request.headers[.origin].flatMap(gate.allowance(for:)) else {
        return try await next(request, context)
      }
      // What a browser asks beforehand comes without the key.
      let isPreflight = request.method == .options
      var response = isPreflight ? Response(status: .noContent) : try await next(request, context)
      response.headers[.accessControlAllowOrigin] = allowance
      response.headers[.vary] = "Origin"
      if isPreflight {
        response.headers[.accessControlAllowMethods] = "GET, POST, DELETE, OPTIONS"
        response.headers[.accessControlAllowHeaders] =
          request.headers[.accessControlRequestHeaders] ?? "authorization, content-type"
        response.headers[.accessControlMaxAge] = "86400"
      }
      return response
    }
  }
#endif
