#if Server
  import GPTOSSPage
  import HTTPTypes
  import Hummingbird
  import NIOCore

  extension Router<APIContext> {
    /// Answers with the chat page at `/`, and with what it loads.
    func addPage() {
      for file in PageFile.all {
        for method in [HTTPRequest.Method.get, .head] {
          on(RouterPath(file.path), method: method) { request, _ in Response(file, to: request) }
        }
      }
    }
  }

  extension Response {
    /// The page of a trace, which may do less than the chat page: its text is whatever was said.
    init(_ page: TracePage) {
      self.init(page.html, contentType: "text/html; charset=utf-8")
      add([
        ("Content-Security-Policy", page.policy), ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
      ])
    }

    /// A file of the chat page, or that it has not changed.
    fileprivate init(_ file: PageFile, to request: Request) {
      let isKnown = file.isKnown(request.headers[.ifNoneMatch])
      self.init(
        status: isKnown ? .notModified : .ok,
        headers: [.contentType: file.contentType, .eTag: file.entityTag],
        body: isKnown ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
      add(PageFile.headers)
    }

    private mutating func add(_ fields: [(name: String, value: String)]) {
      for (name, value) in fields {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a field") }
        headers[name] = value
      }
    }
  }
#endif
