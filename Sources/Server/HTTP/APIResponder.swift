import GPTOSSJSON

#if Server
  import GPTOSSHarmony
  import HTTPTypes
  import Hummingbird
  import HummingbirdCore
  import NIOCore

  /// Answers HTTP requests: the gate, the body, the route, the reply, the log.
  struct APIResponder: HTTPResponder {
    /// What is known of a request besides what the client sent.
    struct Context: InitializableFromSource {
      let channel: any NIOCore.Channel

      init(source: ApplicationRequestContextSource) { channel = source.channel }
    }

    let service: APIService
    let gate: Gate
    let log: RequestLog
    let options: ServerOptions

    func respond(to request: Request, context: Context) async -> Response {
      let start = ContinuousClock.now
      let path = request.uri.path
      let origin = request.headers[.origin]
      let exchange = Exchange(client: address(context), keepsContents: log.detail == .contents)
      var entry = RequestLog.Entry(
        id: service.identifiers.make("req_"), method: request.method.rawValue, path: path,
        client: address(context),
        status: 200, seconds: 0, record: exchange.record)
      var headers: HTTPFields = [.requestID: entry.id]
      if let origin, let allowance = gate.allowance(for: origin) {
        headers.allow(allowance, request: request)
      }
      if request.method == .options, origin != nil, headers[.accessControlAllowOrigin] != nil {
        return Response(status: .noContent, headers: headers)
      }
      let answer: Answer
      do {
        let departure = try await Departure.of(context.channel)
        departure.onHappening(exchange.cancel)
        try gate.check(
          Gate.Visitor(path: path, authorization: request.headers[.authorization], origin: origin))
        let route = try Route(method: request.method, path: path)
        let content = route.hasBody ? try await body(of: request) : []
        if exchange.keepsContents { entry.body = content }
        answer = try await Answer(route.reply(service, content, exchange))
      } catch {
        let error = error is CancellationError ? ServerError.stopping : ServerError(error)
        exchange.note { $0.error = error }
        answer = Answer(error)
      }
      entry.status = exchange.isCancelled ? 499 : answer.status.code
      headers.append(contentsOf: answer.headers)
      return Response(
        status: answer.status, headers: headers,
        body: body(of: answer, isHead: request.method == .head, exchange, context, entry, start))
    }

    private func address(_ context: Context) -> String { context.channel.remoteAddress?.ipAddress ?? "local" }

    /// The whole body of a request.
    ///
    /// Of one that is too large the rest is thrown away, up to a bound: many clients read the answer only when they
    /// have sent all.
    private func body(of request: Request) async throws -> [UInt8] {
      let limit = options.bodyLimit
      do {
        return try await withTimeLimit(options.idleLimit) {
          var bytes: [UInt8] = []
          var count = 0
          for try await chunk in request.body {
            count += chunk.readableBytes
            if count > 4 * limit { break }
            if count <= limit { bytes += chunk.readableBytesView }
          }
          guard count <= limit else { throw ServerError.bodyTooLarge(limit: limit) }
          return bytes
        }
      } catch is TimeLimitExceeded {
        throw ServerError.bodyTooSlow
      }
    }

    /// Writes the answer and, at its end, the log.
    private func body(
      of answer: Answer, isHead: Bool, _ exchange: Exchange, _ context: Context, _ entry: RequestLog.Entry,
      _ start: ContinuousClock.Instant
    ) -> ResponseBody {
      ResponseBody(contentLength: answer.contentLength) { writer in
        defer { finish(entry, exchange, start) }
        let watch = StallWatch(limit: options.stallLimit) {
          exchange.cancel()
          context.channel.close(promise: nil)
        }
        func send(_ text: String) async throws {
          if exchange.keepsContents { exchange.note { $0.answer += text } }
          let writer = writer
          try await watch.write {
            var writer = writer
            try await writer.write(ByteBuffer(string: text))
          }
        }
        do {
          switch answer.content {
          case _ where isHead: break
          case .text(let text):
            exchange.complete()
            try await send(text)
          case .events(let write): try await write { try await send($0.text) }
          }
          try await writer.finish(nil)
        } catch {
          exchange.cancel()
          throw error
        }
      }
    }

    private func finish(_ entry: RequestLog.Entry, _ exchange: Exchange, _ start: ContinuousClock.Instant) {
      var entry = entry
      entry.seconds = (ContinuousClock.now - start) / .seconds(1)
      entry.record = exchange.record
      if exchange.isCancelled { entry.status = 499 }
      exchange.finish()
      log.write(entry)
      service.metrics.note(
        endpoint: Route.label(of: entry.path), status: entry.status, seconds: entry.seconds)
    }
  }

  /// What is sent back: status, headers and content.
  private struct Answer {
    enum Content {
      case text(String)
      case events(@Sendable (_ send: (ServerSentEvent) async throws -> Void) async throws -> Void)
    }

    var status = HTTPResponse.Status.ok
    var headers: HTTPFields
    var content: Content

    private init(_ headers: HTTPFields, _ content: Content) {
      self.headers = headers
      self.content = content
    }

    init(_ json: JSONValue) { self.init([.contentType: "application/json"], .text(json.text)) }

    init(_ reply: Route.Reply) {
      switch reply {
      case .api(.json(let json)): self.init(json)
      case .api(.events(let write)):
        // Proxies must not gather what is to be read at once.
        self.init(
          [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache",
            .accelBuffering: "no",
          ],
          .events(write))
      case .page(let text): self.init([.contentType: "text/plain; version=0.0.4; charset=utf-8"], .text(text))
      }
    }

    init(_ error: ServerError) {
      self.init(error.json)
      status = HTTPResponse.Status(code: error.status)
      if case .busy(let seconds) = error { headers[.retryAfter] = String(seconds) }
      if case .unauthorized = error { headers[.wwwAuthenticate] = "Bearer" }
    }

    var contentLength: Int? {
      if case .text(let text) = content { text.utf8.count } else { nil }
    }
  }
#endif
