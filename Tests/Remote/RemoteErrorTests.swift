import Foundation
import GPTOSS
import GPTOSSJSON
import GPTOSSRemote
import GPTOSSTokenizer
import Testing

/// Breaks when a failure is taken for another one, or when its line names no cause or no remedy.
struct RemoteErrorTests {
  private func error(_ name: String) throws -> RemoteError {
    let exchange = try Exchange(name)
    return RemoteError(status: exchange.status, exchange.response, server: "host:1", model: "nobody")
  }

  @Test func recordedRefusals() throws {
    for name in ["error_model", "error_model_generate"] {
      #expect(try error(name) == .unknownModel("nobody", server: "host:1", known: []))
    }
    for name in ["error_path", "error_method"] {
      #expect(try error(name) == .noTokenProtocol(server: "host:1"))
    }
    for name in [
      "error_temperature", "error_type", "error_json", "error_grammar", "error_id_generate", "error_empty",
      "error_context_max_tokens",
    ] {
      guard case .refused(server: "host:1", let message) = try error(name), message.count > 10 else {
        Issue.record("\(name) is \(try error(name))")
        continue
      }
    }
  }

  @Test(arguments: [
    (401, RemoteError.wrongKey(server: "s")), (429, .busy(server: "s", retryAfter: 3)),
    (503, .busy(server: "s", retryAfter: 3)), (500, .failed(server: "s", message: "status 500")),
    (302, .refused(server: "s", message: "it sends to another address; give that one")),
  ])
  func statuses(_ status: Int, expected: RemoteError) {
    // The body of 401 has a text where others have an object.
    #expect(RemoteError(status: status, [:], server: "s", model: "m", retryAfter: 3) == expected)
    let long = JSONValue.string(String(repeating: "x", count: 100_000))
    let error = RemoteError(status: 500, ["error": long], server: "s", model: "m")
    #expect("\(error)".count < 700)
  }

  @Test(arguments: [
    RemoteError.malformedAddress("x\u{1B}"), .malformedKey, .unreachable(server: "s", reason: "refused"),
    .noAnswer(server: "s", seconds: 3), .silent(server: "s", seconds: 3), .broken(server: "s", reason: "r"),
    .endedEarly(server: "s"), .tooLong(server: "s", limit: 3), .malformed(server: "s", problem: "p"),
    .wrongKey(server: "s"), .unknownModel("m", server: "s", known: ["a", "b"]),
    .noModelNamed(server: "s", known: []), .noTokenProtocol(server: "s"), .unknownContext(server: "s"),
    .otherVocabulary(server: "s", problem: "p"), .refused(server: "s", message: "a\nb"),
    .busy(server: "s", retryAfter: nil), .failed(server: "s", message: "m"),
    .unsupported(option: "o", reason: "r"), .notHeld(server: "s", problem: "p"),
  ])
  func errorsAreOneLine(_ error: RemoteError) {
    #expect(!"\(error)".contains("\n") && !"\(error)".contains("\u{1B}") && "\(error)".count > 20)
    #expect("\(GPTOSSError.engine(error))" == "\(error)" && error.localizedDescription == "\(error)")
  }

  /// Breaks when those for whom nothing is kept are told that it is, or a chat no longer says so.
  @Test(arguments: [
    RemoteError.silent(server: "s", seconds: 3), .broken(server: "s", reason: "r"), .endedEarly(server: "s"),
    .failed(server: "s", message: "m"),
  ])
  func onlyConversationsKeepWhatCame(_ error: RemoteError) {
    #expect(!"\(error)".contains("kept") && "\(error)".contains("; ask again"))
    #expect(error.descriptionInConversation.contains("; what came is kept, ask again"))
  }

  /// Breaks when a key that cannot be sent is taken for a wrong one.
  @Test(arguments: ["a\nb", "secret\n", "\r\n", "a\u{0}"])
  func noKey(_ key: String) async throws {
    await #expect(throws: RemoteError.malformedKey) {
      try await RemoteModel.connect(to: "http://127.0.0.1:1", key: key) { _ in throw CancellationError() }
    }
  }

  @Test(arguments: [
    "", "localhost:8000", "ftp://a", "http://", "http://u:p@a", "http://a?b", "file:///a", "http://a:99999",
    "http://127.0.0.1:0",
  ])
  func noAddress(_ address: String) async throws {
    let vocabulary = try Vocabulary(
      tokens: (UInt8.min...UInt8.max).map { ByteAlphabet.spell([$0]) }, merges: [])
    await #expect(throws: RemoteError.malformedAddress(address)) {
      try await RemoteModel.connect(to: address, vocabulary: vocabulary)
    }
  }

  /// Nothing listens on port 1.
  @Test func nobodyThere() async throws {
    let error = await #expect(throws: RemoteError.self) {
      try await RemoteModel.connect(to: "http://127.0.0.1:1/v1/") { _ in
        Issue.record("a vocabulary is not needed yet")
        throw CancellationError()
      }
    }
    guard case .unreachable(server: "127.0.0.1:1", _)? = error else {
      Issue.record("it is \(String(describing: error))")
      return
    }
  }
}
