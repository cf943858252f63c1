import Foundation
import GPTOSSJSON
import GPTOSSPlatform
import GPTOSSServer

/// What LM Studio's own clients have sent: lmstudio-python 1.5.0, and @lmstudio/sdk as released and as of
/// August 2026. Frames that differ in their ids alone were left out.
struct ClientFrame {
  /// `python`, `js` or `js-head`.
  let sdk: String
  /// What the client was doing.
  let name: String
  let namespace: SocketNamespace
  let message: JSONValue

  var bytes: [UInt8] { Array(message.text.utf8) }

  static func recorded() throws -> [ClientFrame] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Conformance/sdk_frames/frames.jsonl").standardizedFileURL
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let frame = try JSONValue(parsing: String(line))
      guard let sdk = frame["sdk"]?.stringValue, let name = frame["case"]?.stringValue,
        let namespace = frame["namespace"]?.stringValue.flatMap(SocketNamespace.init(rawValue:)),
        let message = frame["message"]
      else { throw JSONError.missingField(path: "sdk, case, namespace or message") }
      return ClientFrame(sdk: sdk, name: name, namespace: namespace, message: message)
    }
  }

  static let authentication =
    #"{"authVersion":1,"clientIdentifier":"e20df735-dc86-4f1c-b557-f1f108596565","clientPasskey":"p"}"#
}

/// A client of a session in this process.
final class TestClient: Sendable {
  let session: SocketSession
  private let inbox: Inbox

  /// What the session has done, and who waits for more.
  private final class Inbox: Sendable {
    let state = Locked(
      (frames: [JSONValue](), closed: String?.none, waiting: [CheckedContinuation<Void, Never>]()))

    func take(_ output: SocketSession.Output) {
      let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
        switch output {
        case .frame(let text):
          do { state.frames.append(try JSONValue(parsing: text)) } catch {
            state.frames.append(.string("no JSON: \(text)"))
          }
        case .close(let reason): state.closed = reason
        case .ready, .idle: break
        }
        defer { state.waiting = [] }
        return state.waiting
      }
      for continuation in waiting { continuation.resume() }
    }
  }

  init(_ namespace: SocketNamespace, _ service: SocketService, authenticates: Bool = true) {
    let inbox = Inbox()
    self.inbox = inbox
    session = SocketSession(namespace, of: service, client: "test", isTrusted: false) { inbox.take($0) }
    if authenticates { send(ClientFrame.authentication) }
  }

  deinit { session.end() }

  func send(_ text: String) { _ = session.receive(Array(text.utf8)) }

  func send(_ message: JSONValue) { send(message.text) }

  /// All frames so far.
  var frames: [JSONValue] { frames { _ in true } }

  /// Those that fit, so far. They are looked at under the lock: the thread sanitizer does not see that an
  /// array which is read elsewhere is copied before it grows.
  func frames(where fits: (JSONValue) -> Bool) -> [JSONValue] {
    inbox.state.withLock { $0.frames.filter(fits) }
  }

  /// Why the session has ended; nil if it has not.
  var closed: String? { inbox.state.withLock { $0.closed } }

  /// Waits until a frame is there that fits.
  func frame(where fits: (JSONValue) -> Bool) async -> JSONValue {
    while true {
      if let found = frames(where: fits).first { return found }
      await withCheckedContinuation { continuation in
        let isThere = inbox.state.withLock { state in
          if state.frames.contains(where: fits) || state.closed != nil { return true }
          state.waiting.append(continuation)
          return false
        }
        if isThere { continuation.resume() }
      }
      if closed != nil, frames(where: fits).isEmpty { return .null }
    }
  }

  /// Whether a frame is the last of its channel.
  static func isEnd(_ frame: JSONValue) -> Bool {
    ["channelClose", "channelError"].contains(frame["type"]?.stringValue ?? "")
  }

  /// Waits for the end of a channel; returns the messages on it, the last of which is the error if it is one.
  func messages(on id: Int) async -> [JSONValue] {
    _ = await frame { $0["channelId"]?.intValue == id && Self.isEnd($0) }
    return frames { $0["channelId"]?.intValue == id }.compactMap { $0["message"] ?? $0["error"] }
  }

  /// Makes a call; returns the answer's frame.
  func call(_ endpoint: String, _ parameter: JSONValue? = nil, id: Int) async -> JSONValue {
    let call: JSONValue = [
      "type": "rpcCall", "endpoint": .string(endpoint), "callId": .number(JSONNumber(id)),
    ]
    if case .object(var object) = call {
      if let parameter { object["parameter"] = parameter }
      send(.object(object))
    }
    return await frame { $0["callId"]?.intValue == id }
  }

  /// Opens a channel.
  func open(_ endpoint: String, _ parameter: JSONValue, id: Int) {
    send([
      "type": "channelCreate", "endpoint": .string(endpoint), "channelId": .number(JSONNumber(id)),
      "creationParameter": parameter,
    ])
  }
}
