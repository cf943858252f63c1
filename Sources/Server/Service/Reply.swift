import GPTOSSHarmony
package import GPTOSSJSON

/// What a request is answered with.
package enum Reply: Sendable {
  /// A JSON object, with status 200.
  case json(JSONValue)
  /// Server-sent events, written as they come. The closure ends when the last is sent, and throws what `send` throws.
  case events(@Sendable (_ send: (ServerSentEvent) async throws -> Void) async throws -> Void)
}
