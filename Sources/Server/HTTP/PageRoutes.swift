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
    /// A file of the chat page, or that it has not changed.
    fileprivate init(_ file: PageFile, to request: Request) {
      var headers: HTTPFields = [.contentType: file.contentType, .eTag: file.entityTag]
      for (name, value) in PageFile.headers {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a field") }
        headers[name] = value
      }
      let isKnown = file.isKnown(request.headers[.ifNoneMatch])
      self.init(
        status: isKnown ? .notModified : .ok, headers: headers,
        body: isKnown ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
  }
#endif
