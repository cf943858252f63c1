package import GPTOSSHTTPClient
import GPTOSSJSON
import GPTOSSPlatform

/// What happens to a request.
package enum HTTPEvent: Sendable {
  case response(HTTPResponse)
  case body([UInt8])
  /// The end, nil for a whole answer.
  case ended(MCPError?)
}

/// What an HTTP answer is about.
package struct Answer: Sendable {
  /// The request that waits; nil for none.
  package let id: Int?
  /// Whether the answer may name a session.
  package let startsSession: Bool
  /// Whether the server has sessions, so that a stream that ends early may be taken up again.
  package let canResume: Bool
  /// Whether this is the stream of what the server says by itself.
  package let isListening: Bool
  /// The last event of the stream that this one goes on from; nil for the first.
  package var lastEventID: String?

  package init(id: Int?, startsSession: Bool = false, canResume: Bool = false, isListening: Bool = false) {
    (self.id, self.startsSession, self.canResume) = (id, startsSession, canResume)
    self.isListening = isListening
  }
}

/// Turns an HTTP answer, piece by piece, into messages. Pure: it does nothing itself.
package struct AnswerReader {
  package enum Step: Equatable {
    case message(IncomingMessage)
    /// What came that is no message.
    case noise(String)
    /// The server has begun a session.
    case session(String)
    /// The request has failed.
    case failed(MCPError)
    /// The rest is of no use.
    case abandon
    /// The stream ended early and can be taken up behind an event, if it had any.
    case resume(lastEventID: String?, afterMilliseconds: Int)
  }

  private enum Body {
    case json([UInt8])
    case events(EventStreamReader)
    /// What a server says beside a status that is no success.
    case refusal([UInt8])
    case ignored
  }

  /// How long at least until a server is listened to again, in milliseconds.
  private static let listeningPause = 5_000

  private let answer: Answer
  private var status = 0
  private var body = Body.ignored
  /// Whether nobody waits any more.
  private var isDone: Bool

  package init(_ answer: Answer) {
    self.answer = answer
    isDone = answer.id == nil
  }

  package mutating func take(_ event: HTTPEvent) -> [Step] {
    switch event {
    case .response(let response): begin(response)
    case .body(let bytes): add(bytes)
    case .ended(let error): end(error)
    }
  }

  private mutating func begin(_ response: HTTPResponse) -> [Step] {
    status = response.status
    var steps: [Step] = []
    if answer.startsSession, let id = response["mcp-session-id"], !id.isEmpty, id.isFieldValue {
      steps.append(.session(id))
    }
    switch (status, response.contentType) {
    // A notification was accepted.
    case (202, _), (204, _): break
    case (200..<300, "text/event-stream"): body = .events(EventStreamReader(limit: MessageLimit.bytes))
    case (200..<300, "application/json"): body = .json([])
    case (200..<300, let type):
      return steps + fail(.malformed(method: "a request", problem: "its type is \(type)"))
    case (300..<400, _):
      return steps + fail(.redirected(to: String((response["location"] ?? "nowhere").prefix(200))))
    default: body = .refusal([])
    }
    return steps
  }

  private mutating func add(_ bytes: [UInt8]) -> [Step] {
    switch body {
    case .ignored: return []
    case .json(let before):
      guard before.count + bytes.count <= MessageLimit.bytes else {
        body = .ignored
        return fail(.tooLong(limit: MessageLimit.bytes))
      }
      body = .json(before + bytes)
      return []
    case .refusal(let before):
      body = .refusal(before + bytes.prefix(max(0, 1 << 16 - before.count)))
      return []
    case .events(var reader):
      // Nothing else holds the reader: it is changed in place.
      body = .ignored
      let pieces = reader.take(bytes)
      body = .events(reader)
      return pieces.flatMap { piece -> [Step] in
        switch piece {
        case .tooLong: fail(.tooLong(limit: MessageLimit.bytes))
        // An event without data only marks the place.
        case .event(let event) where event.data.isEmpty: []
        case .event(let event): give(event.data)
        }
      }
    }
  }

  private mutating func end(_ error: MCPError?) -> [Step] {
    defer { isDone = true }
    switch body {
    case .json(let bytes) where error == nil: return give(bytes) + missing()
    case .refusal(let bytes): return refuse(bytes)
    case .events(let reader):
      let id = reader.lastID ?? answer.lastEventID
      let milliseconds = min(max(reader.retryMilliseconds ?? 1_000, 50), 30_000)
      if answer.isListening {
        return [.resume(lastEventID: id, afterMilliseconds: max(milliseconds, Self.listeningPause))]
      }
      // A server may end a stream at any event and have itself asked again (2025-11-25, "Sending Messages to the
      // Server"); whoever waits has a timeout.
      guard !isDone, answer.canResume, id != nil else {
        return fail(error ?? .unreachable("the server closed the connection without an answer"))
      }
      return [.resume(lastEventID: id, afterMilliseconds: milliseconds)]
    case .json, .ignored: return error.map { fail($0) } ?? missing()
    }
  }

  /// A server that keeps to the protocol says in the body what is wrong.
  private mutating func refuse(_ bytes: [UInt8]) -> [Step] {
    guard let id = answer.id, !isDone else { return [] }
    for case .failure(let about, let code, let message, let data) in IncomingMessage.read(bytes)
    where about == nil || about == id {
      // The server knows the session no more, whatever else it says ("Session Management").
      if status == 404, answer.canResume { return fail(.status(404, detail: message.shortened(to: 200))) }
      isDone = true
      return [.message(.failure(id: id, code: code, message: message, data: data))]
    }
    let isText = bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    let text = isText ? String(decoding: bytes.prefix(200), as: UTF8.self) : ""
    return fail(.status(status, detail: text.split(whereSeparator: \.isNewline).joined(separator: " ")))
  }

  private mutating func give(_ bytes: [UInt8]) -> [Step] {
    let messages = IncomingMessage.read(bytes)
    if messages.isEmpty { return [.noise(String(decoding: bytes.prefix(120), as: UTF8.self))] }
    var steps = messages.map(Step.message)
    for message in messages where message.answers(answer.id) {
      // The answer is the end, even if the server leaves the stream open.
      if case .events = body { steps.append(.abandon) }
      isDone = true
    }
    return steps
  }

  /// An answer that has ended without the message that is waited for.
  private mutating func missing() -> [Step] {
    fail(.malformed(method: "a request", problem: "HTTP \(status) without an answer"))
  }

  private mutating func fail(_ error: MCPError) -> [Step] {
    guard !isDone else { return [] }
    isDone = true
    return [.failed(error), .abandon]
  }
}

extension HTTPResponse {
  /// The type of the body without its parameters, in small letters.
  fileprivate var contentType: String {
    (self["content-type"] ?? "").prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
  }
}

extension IncomingMessage {
  /// Whether this is the answer to a request.
  fileprivate func answers(_ request: Int?) -> Bool {
    switch self {
    case .result(let id, _): id == request
    case .failure(let id, _, _, _): id == request && id != nil
    case .request, .notification: false
    }
  }
}
