#if Server
  import HTTPTypes
  import HummingbirdCore

  extension HTTPField.Name {
    static let requestID = named("x-request-id")
    /// nginx's: do not gather a response before passing it on.
    static let accelBuffering = named("x-accel-buffering")

    private static func named(_ name: String) -> HTTPField.Name {
      guard let name = HTTPField.Name(name) else {
        preconditionFailure("\(name) is no name of a header field")
      }
      return name
    }
  }

  extension HTTPFields {
    /// Lets a browser give the answer to a page, and tells it what the page may ask for.
    mutating func allow(_ origin: String, request: Request) {
      self[.accessControlAllowOrigin] = origin
      self[.vary] = "Origin"
      guard request.method == .options else { return }
      self[.accessControlAllowMethods] = "GET, POST, DELETE, OPTIONS"
      self[.accessControlAllowHeaders] =
        request.headers[.accessControlRequestHeaders] ?? "authorization, content-type"
      self[.accessControlMaxAge] = "86400"
    }
  }
#endif
