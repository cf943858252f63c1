#if Server
  import GPTOSSJSON
  import HTTPTypes
  import Hummingbird
  import NIOCore

  extension Reply {
    /// The reply as an HTTP response.
    var response: Response {
      switch self {
      case .json(let json): Response(json)
      case .events(let write):
        Response(
          status: .ok,
          headers: [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache",
            // Proxies must pass each event on at once.
            .accelBuffering: "no",
          ],
          body: ResponseBody { writer in
            try await write { event in try await writer.write(ByteBuffer(string: event.text)) }
            try await writer.finish(nil)
          })
      }
    }
  }

  extension Response {
    /// A page of text.
    init(_ text: String, contentType: String, status: HTTPResponse.Status = .ok) {
      self.init(
        status: status, headers: [.contentType: contentType],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// A JSON object.
    init(_ json: JSONValue, status: HTTPResponse.Status = .ok) {
      self.init(json.text, contentType: "application/json", status: status)
    }

    /// An error in the form of the API that its client speaks.
    init(_ error: ServerError, to request: Request, id: String) {
      self.init(
        error.json(
          forPath: request.uri.path, isAnthropic: request.headers[.anthropicVersion] != nil, requestID: id),
        status: HTTPResponse.Status(code: error.status))
      if let seconds = error.retryAfter { headers[.retryAfter] = String(seconds) }
      if error.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
    }
  }

  extension ServerError {
    /// The error in the form of the API that its client speaks.
    ///
    /// - Parameter isAnthropic: whether the client is one of Anthropic's, whatever it asked for.
    func json(forPath path: String, isAnthropic: Bool = false, requestID: String) -> JSONValue {
      switch Endpoint(of: path) {
      case .messages, .countTokens: messagesJSON(requestID: requestID)
      default: isAnthropic ? messagesJSON(requestID: requestID) : json
      }
    }
  }

  extension Request {
    /// The whole body.
    ///
    /// The rest of a body that is too large is read and dropped, up to a bound, because many clients read the
    /// answer only after they have sent everything. Those that ask before they send are told at once.
    ///
    /// - Parameter hold: gets the body's bytes as they come.
    /// - Throws: ``ServerError/bodyTooLarge(limit:)``, ``ServerError/bodyTooSlow``,
    ///   ``ServerError/memoryFull(retryAfter:)``, errors of the connection.
    func bytes(
      limit: Int, within time: Duration, _ channel: any Channel, _ hold: BodyHold
    ) async throws -> [UInt8] {
      if headers[.expect] != nil {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
          throw ServerError.bodyTooLarge(limit: limit)
        }
        try await channel.triggerUserOutboundEvent(RequestGuard.BodyIsWanted()).get()
      }
      do {
        return try await withTimeLimit(time, on: channel.eventLoop) { [body] in
          var bytes: [UInt8] = []
          var count = 0
          for try await chunk in body {
            count += chunk.readableBytes
            if count > 4 * limit { break }
            if count <= limit {
              try hold.add(chunk.readableBytes)
              bytes += chunk.readableBytesView
            }
          }
          guard count <= limit else { throw ServerError.bodyTooLarge(limit: limit) }
          return bytes
        }
      } catch is TimeLimitExceeded {
        throw ServerError.bodyTooSlow
      }
    }
  }

  extension HTTPField.Name {
    /// The key of Anthropic's clients.
    static let apiKey = named("x-api-key")
    static let requestID = named("x-request-id")
    /// What of the tools' schemas is not held: a JSON array of texts, each with a tool's name and the place.
    static let notHeld = named("x-schema-not-held")
    /// The request's id for Anthropic's clients.
    static let anthropicRequestID = named("request-id")
    static let accessControlAllowPrivateNetwork = named("access-control-allow-private-network")
    /// Only Anthropic's clients send it.
    fileprivate static let anthropicVersion = named("anthropic-version")
    /// Tells nginx not to buffer a response.
    fileprivate static let accelBuffering = named("x-accel-buffering")

    private static func named(_ name: String) -> HTTPField.Name {
      guard let name = HTTPField.Name(name) else {
        preconditionFailure("\(name) is no name of a header field")
      }
      return name
    }
  }
#endif
