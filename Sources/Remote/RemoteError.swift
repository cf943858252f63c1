public import Foundation
public import GPTOSS
import GPTOSSPlatform

/// Why a model on another machine did not answer, or not as it was asked.
///
/// Sessions and generations throw it as `GPTOSSError.engine`. Nothing is tried again by itself.
public enum RemoteError: Error, Hashable, Sendable {
  /// The text is no address of a server.
  case malformedAddress(String)
  /// The key has a character that no key can have, such as a line end.
  case malformedKey
  /// No connection could be made; the reason is in the system's words.
  case unreachable(server: String, reason: String)
  /// The server took the connection, and nothing came for so long.
  case noAnswer(server: String, seconds: Int)
  /// The answer began, and then nothing came for so long.
  case silent(server: String, seconds: Int)
  /// The answer began, and the connection broke: the server was stopped, or died.
  case broken(server: String, reason: String)
  /// The stream ended, perhaps with `[DONE]`, without a reason to end.
  case endedEarly(server: String)
  /// The answer is longer than its tokens can be.
  case tooLong(server: String, limit: Int)
  /// What came is not what the protocol says.
  case malformed(server: String, problem: String)
  /// The server wants a key, or another one.
  case wrongKey(server: String)
  /// The server has no model of this name.
  case unknownModel(String, server: String, known: [String])
  /// The server has several models, or none, and none was named.
  case noModelNamed(server: String, known: [String])
  /// The server has no endpoint that takes token ids and returns them.
  case noTokenProtocol(server: String)
  /// The server does not say how long its model's context is.
  case unknownContext(server: String)
  /// The server's tokens are others than the vocabulary's: a token is another text there.
  case otherVocabulary(server: String, problem: String)
  /// The server refuses the request, in its own words.
  case refused(server: String, message: String)
  /// The server has too much to do; in how many seconds it is worth to ask again, if it says so.
  case busy(server: String, retryAfter: Int?)
  /// The server failed, in its own words.
  case failed(server: String, message: String)
  /// The server cannot do what an option says, and would not say so; `parameter` is the option's field in
  /// OpenAI's API.
  case unsupported(option: String, reason: String, parameter: String? = nil)
  /// The answer is not held to what it had to be.
  case notHeld(server: String, problem: String)
}

extension RemoteError: EngineFailure {
  /// Whether the same request fails again: the request is wrong, not the server or the network.
  public var isOfRequest: Bool {
    switch self {
    case .malformedAddress, .malformedKey, .unknownModel, .noModelNamed, .refused, .unsupported: true
    default: false
    }
  }

  /// The field of an option that a server does not have.
  public var parameter: String? {
    guard case .unsupported(_, _, let parameter) = self else { return nil }
    return parameter
  }
}

extension RemoteError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do.
  public var description: String { text(keeping: "").inert }

  /// The same to people whose conversation keeps what had come of the answer.
  package var descriptionInConversation: String { text(keeping: "what came is kept, ").inert }

  /// - Parameter kept: what to say before one is told to ask again.
  private func text(keeping kept: String) -> String {
    switch self {
    case .malformedAddress(let text):
      "\(text.quoted) is not a server's address; give one such as http://localhost:8000"
    case .malformedKey: "the server's key has a line end or another control character; give it as one line"
    case .unreachable(let server, let reason):
      "no connection to \(server): \(reason); check the address, and that the server runs"
    case .noAnswer(let server, let seconds):
      "\(server) answered nothing for \(seconds) s; check that it is not overloaded, or wait longer"
    case .silent(let server, let seconds):
      "\(server) began an answer and then sent nothing for \(seconds) s; \(kept)ask again"
    case .broken(let server, let reason):
      "the connection to \(server) broke within the answer (\(reason)); \(kept)ask again"
    case .endedEarly(let server):
      "\(server) ended the answer without a reason, as a server does that is stopped; \(kept)ask again "
        + "when it runs"
    case .tooLong(let server, let limit):
      "\(server) sent more than \(limit) bytes, which no answer needs; it does not speak vLLM's protocol"
    case .malformed(let server, let problem):
      "\(server) does not keep to vLLM's protocol: \(problem); use vLLM 0.32 or gptoss serve"
    case .wrongKey(let server): "\(server) does not accept the key; give the one that it was started with"
    case .unknownModel(let name, let server, let known):
      "\(server) has no model \(name.quoted)"
        + (known.isEmpty ? "; it has none" : "; it has \(Self.list(known))")
    case .noModelNamed(let server, let known):
      known.isEmpty
        ? "\(server) has no model; start it with one"
        : "\(server) has several models; name one of \(Self.list(known))"
    case .noTokenProtocol(let server):
      "\(server) has no endpoint that takes token ids and returns them; use vLLM or gptoss serve"
    case .unknownContext(let server):
      "\(server) does not say how many tokens its model's context has; use vLLM or gptoss serve"
    case .otherVocabulary(let server, let problem):
      "the model of \(server) has another vocabulary: \(problem); give that model's own vocabulary"
    case .refused(let server, let message): "\(server) refuses the request: \(message)"
    case .busy(let server, let seconds):
      "\(server) has too much to do; try again " + (seconds.map { "in \($0) s" } ?? "later")
    case .failed(let server, let message): "\(server) failed: \(message); \(kept)ask again"
    case .unsupported(let option, let reason, _): "\(option) is not possible with a remote model: \(reason)"
    case .notHeld(let server, let problem):
      "\(server) did not hold the answer to what was asked: \(problem); ask again"
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map(\.quoted).joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }
}

extension RemoteError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
