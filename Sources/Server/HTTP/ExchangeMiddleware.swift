#if Server
  import GPTOSSJSON
  import HTTPTypes
  import Hummingbird
  import NIOCore
  import NIOHTTP1

  /// Follows a request to the end of its answer: notices a client that goes away or does not read, turns
  /// errors into answers, and writes log and metrics.
  struct ExchangeMiddleware: RouterMiddleware {
    let report: ExchangeReport
    let options: ServerOptions

    func handle(
      _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
      let start = ContinuousClock.now
      let exchange = context.exchange
      exchange.note {
        $0.method = request.method.rawValue
        $0.path = request.uri.path
        if options.log == .contents { $0.contents = ("", "") }
      }
      await DepartureHandler.onDeparture(from: context.channel, exchange.cancel)
      var response: Response
      do {
        response = try await next(request, context)
      } catch {
        let error = ServerError(error, request)
        // What broke off because the client has gone is no error of the server's.
        if !exchange.isCancelled { exchange.note { $0.error = error } }
        response = Response(error, to: request, id: exchange.record.id)
      }
      for name in [HTTPField.Name.requestID, .anthropicRequestID] {
        response.headers[name] = exchange.record.id
      }
      let notHeld = exchange.record.notHeld
      if !notHeld.isEmpty {
        response.headers[.notHeld] = JSONValue.array(notHeld.map(JSONValue.string)).asciiText
      }
      let status = response.status.code
      // Nothing is written to a client that has gone.
      if exchange.isCancelled {
        report.end(exchange, status: status, since: start)
        return response
      }
      let body = response.body
      // An answer of known length is complete: nothing is left to compute.
      if body.contentLength != nil { exchange.complete() }
      response.body = ResponseBody(contentLength: body.contentLength) { writer in
        defer { report.end(exchange, status: status, since: start) }
        if request.method == .head { return try await writer.finish(nil) }
        do {
          try await body.write(
            ExchangeWriter(writer: writer, exchange: exchange, watch: watch(exchange, context.channel)))
        } catch {
          exchange.cancel()
          throw error
        }
      }
      return response
    }

    /// Breaks the exchange off if the client does not read.
    private func watch(_ exchange: Exchange, _ channel: any Channel) -> StallWatch {
      StallWatch(limit: options.stallLimit, on: channel.eventLoop) {
        exchange.cancel()
        channel.close(promise: nil)
      }
    }
  }

  /// Writes an answer and notes it for the log.
  private struct ExchangeWriter: ResponseBodyWriter {
    var writer: any ResponseBodyWriter
    let exchange: Exchange
    let watch: StallWatch

    mutating func write(_ buffer: ByteBuffer) async throws {
      exchange.note { $0.contents?.answer += String(buffer: buffer) }
      try await watch.write { try await writer.write(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
      try await writer.finish(trailingHeaders)
    }
  }

  extension ServerError {
    /// The error that the client gets for one that was thrown on the way to its answer.
    fileprivate init(_ error: any Error, _ request: Request) {
      if let error = error as? HTTPError, error.status == .notFound {
        self = .unknownPath(method: request.method.rawValue, path: request.uri.path)
      } else if let error = error as? HTTPParserError {
        self.init(error)
      } else {
        self.init(error)
      }
    }
  }
#endif
