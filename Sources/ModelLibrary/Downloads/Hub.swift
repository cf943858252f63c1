#if Downloads
  import Foundation
  import GPTOSSHTTPClient
  import GPTOSSJSON
  import GPTOSSPlatform

  /// Hugging Face's Hub, or another server of its kind: what a repository holds, and where its files are.
  struct Hub: Sendable {
    private let endpoint: URL
    private let token: String?
    let client = HTTPClient()

    /// The Hub that the environment names: `HF_ENDPOINT`, `HF_TOKEN` or its file, `HF_HUB_OFFLINE`.
    init(_ environment: Environment) throws(DownloadFault) {
      if ["1", "true", "yes", "on"].contains(environment["HF_HUB_OFFLINE"]?.lowercased()) { throw .offline }
      let address = environment["HF_ENDPOINT"] ?? "https://huggingface.co"
      guard let url = URL(string: address), ["http", "https"].contains(url.scheme), url.host() != nil else {
        throw .invalidEndpoint(address)
      }
      endpoint = url
      token = Self.token(environment)
    }

    private static func token(_ environment: Environment) -> String? {
      if let token = environment["HF_TOKEN"] { return token }
      let path = environment["HF_TOKEN_PATH"] ?? "\(environment.huggingFaceHome)/token"
      guard let size = fileSize(path), size <= 4_096 else { return nil }
      let token = systemText(path)?.split(whereSeparator: \.isWhitespace).first
      return token.map(String.init)
    }

    /// The names of the hosts whose pages are the Hub's.
    static func hosts(_ environment: Environment) -> [String] {
      let named = environment["HF_ENDPOINT"].flatMap(URL.init).flatMap { url in
        url.host().map { host in url.port.map { "\(host):\($0)" } ?? host }
      }
      return ["huggingface.co", "www.huggingface.co", "hf.co"] + [named].compactMap { $0 }
    }

    /// A page of a repository, for people.
    func page(_ name: ModelName) -> String { "\(endpoint.absoluteString)/\(name.owner)/\(name.repository)" }

    /// A request. The token goes to the endpoint alone, and over plain HTTP only within this machine.
    func request(_ method: String = "GET", _ url: URL, _ headers: [String: String] = [:]) -> HTTPRequest {
      var request = HTTPRequest(method, url, headers: headers)
      request.headers["User-Agent"] = "gptoss"
      let isSafe = url.scheme == "https" || ["127.0.0.1", "localhost", "::1"].contains(url.host())
      if let token, isSafe, url.hasSameOrigin(as: endpoint) {
        request.headers["Authorization"] = "Bearer \(token)"
      }
      return request
    }

    // MARK: Repositories

    /// What a repository holds now: its commit, and its files.
    func contents(of name: ModelName) async throws -> (commit: String, files: [HubFile]) {
      let api = endpoint.appending(path: "api/models/\(name.owner)/\(name.repository)")
      let (information, _) = try await json(api, of: name)
      guard let commit = information["sha"]?.stringValue, ModelName.isRepositoryPart(commit) else {
        throw malformed("the repository has no commit")
      }
      var files: [HubFile] = []
      var next: URL? = api.appending(path: "tree/\(commit)")
        .appending(queryItems: [URLQueryItem(name: "recursive", value: "1")])
      var pageCount = 0
      while let url = next {
        let (list, head) = try await json(url, of: name)
        guard let entries = list.arrayValue else { throw malformed("the list of files is no list") }
        files += entries.compactMap(HubFile.init)
        pageCount += 1
        guard pageCount < 100 else { throw malformed("the list of files does not end") }
        next = head["Link"].flatMap { nextPage($0, after: url) }
      }
      return (commit, files)
    }

    private func json(_ url: URL, of name: ModelName) async throws -> (JSONValue, HTTPResponse) {
      var url = url
      // A repository that was renamed answers with its new place.
      for _ in 0..<5 {
        let request = request("GET", url)
        let (head, body) = try await patiently(isBeginning: true) {
          let answer = try await client.answer(to: request, byteLimit: 16 << 20)
          try refuseForNow(answer.head, url)
          return answer
        }
        if let location = redirection(head, from: url) {
          url = location
          continue
        }
        guard head.status == 200 else { throw refusal(head, of: name, url) }
        do { return (try JSONValue(parsing: Array(body)), head) } catch {
          throw malformed("an answer is not JSON: \(error)")
        }
      }
      throw malformed("an answer leads to others without end")
    }

    /// The address of the next page, of the same host, in a field such as `<…>; rel="next"`.
    private func nextPage(_ link: String, after url: URL) -> URL? {
      for part in link.split(separator: ",") where part.contains("rel=\"next\"") {
        guard let start = part.firstIndex(of: "<"), let end = part.firstIndex(of: ">"), start < end else {
          continue
        }
        let next = URL(string: String(part[part.index(after: start)..<end]), relativeTo: url)?.absoluteURL
        return next?.hasSameOrigin(as: url) == true ? next : nil
      }
      return nil
    }

    // MARK: Files

    /// Where a file's bytes are. The address may end after a while, and another one is asked for then.
    func location(of file: HubFile, in name: ModelName, commit: String) async throws -> URL {
      var url = endpoint.appending(path: "\(name.owner)/\(name.repository)/resolve/\(commit)/\(file.path)")
      for _ in 0..<5 {
        let request = request("HEAD", url)
        let head = try await patiently {
          let head = try await client.send(request, byteLimit: 1 << 16) { _ in }
          try refuseForNow(head, url)
          return head
        }
        if let etag = head["X-Linked-Etag"]?.filter(\.isHexDigit).lowercased(),
          case .sha256(let hash) = file.digest,
          etag != hash
        {
          throw DownloadFault.changed(file: file.path)
        }
        switch redirection(head, from: url) {
        case let location? where location.hasSameOrigin(as: endpoint): url = location
        case let location?: return location
        case nil:
          guard head.status == 200 else { throw refusal(head, of: name, url) }
          return url
        }
      }
      throw malformed("\(file.path) leads to other addresses without end")
    }

    /// Where an answer leads; nil if it is no redirection to HTTP.
    func redirection(_ head: HTTPResponse, from url: URL) -> URL? {
      guard [301, 302, 303, 307, 308].contains(head.status), let text = head["Location"],
        let location = URL(string: text, relativeTo: url)?.absoluteURL,
        // Never from an encrypted connection to an open one.
        location.scheme == "https" || location.scheme == "http" && url.scheme == "http"
      else { return nil }
      return location
    }

    // MARK: Refusals

    /// - Throws: `Hindrance` for an answer that another try may change.
    func refuseForNow(_ head: HTTPResponse, _ url: URL) throws {
      guard head.status == 408 || head.status == 429 || head.status >= 500 else { return }
      let seconds = head["Retry-After"].flatMap { Int($0) }
      throw Hindrance(
        fault: .refused(host: url.host() ?? "", status: head.status),
        retryAfter: seconds.map { .seconds(min(max($0, 0), 60)) })
    }

    private func refusal(_ head: HTTPResponse, of name: ModelName, _ url: URL) -> DownloadFault {
      switch (head.status, head["X-Error-Code"]) {
      case (_, "GatedRepo"): .gated(page: page(name))
      case (401, _), (404, _): .noSuchRepository(hasToken: token != nil)
      default: .refused(host: url.host() ?? "", status: head.status)
      }
    }

    private func malformed(_ problem: String) -> DownloadFault {
      .malformedAnswer(host: endpoint.host() ?? "", problem: problem)
    }
  }

  /// A file of a repository.
  struct HubFile: Sendable, Hashable {
    let path: String
    let byteCount: Int
    let digest: FileDigest

    /// Reads an entry of the list of files; nil for what is no file.
    init?(_ entry: JSONValue) {
      guard entry["type"]?.stringValue == "file", let path = entry["path"]?.stringValue,
        let size = (entry["lfs"]?["size"] ?? entry["size"])?.intValue,
        // 32 TB: sums of such sizes are still numbers.
        (0...1 << 45).contains(size)
      else { return nil }
      let hash =
        entry["lfs"]?["oid"]?.stringValue.map { "sha256:\($0)" } ?? "git:\(entry["oid"]?.stringValue ?? "")"
      guard let digest = FileDigest(hash) else { return nil }
      self.path = path
      byteCount = size
      self.digest = digest
    }

    /// Whether a file may have its name here.
    var isUsable: Bool {
      path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(ModelName.isSafe)
        && name.utf8.count <= ModelName.fileByteLimit
    }

    /// The name in its folder.
    var name: String { path.fileName }
    /// The path without the name.
    var folder: Substring { path.dropLast(name.count) }
    var stem: String { ModelName.stem(ofFile: name).stem }
  }

  extension URL {
    /// Whether both have one scheme, host and port.
    func hasSameOrigin(as other: URL) -> Bool {
      scheme == other.scheme && host() == other.host() && port == other.port
    }
  }
#endif
