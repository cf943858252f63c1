package import GPTOSS
import GPTOSSJSON
import GPTOSSSampling
package import GPTOSSTokenizer

/// How answers spell tokens and their log-probabilities.
package struct TokenSpelling: Sendable {
  private let vocabulary: Vocabulary

  /// - Returns: nil if the options ask for no log-probabilities.
  package init?(_ options: GenerationOptions, _ tokenizer: Tokenizer) {
    if options.logProbabilities == nil { return nil }
    vocabulary = tokenizer.vocabulary
  }

  /// The token's text; bytes that are no whole character become U+FFFD.
  func text(of token: TokenID) -> String {
    vocabulary.specialTokenText(token) ?? String(decoding: bytes(of: token), as: UTF8.self)
  }

  /// The token's bytes; for a special token those of its name.
  func bytes(of token: TokenID) -> [UInt8] {
    vocabulary.bytes(of: token) ?? Array((vocabulary.specialTokenText(token) ?? "").utf8)
  }

  /// A token of chat's `logprobs.content` or of Responses' `logprobs`.
  func json(_ token: GeneratedToken) -> JSONValue {
    json(token.id, token.logProbability ?? 0).adding([
      "top_logprobs": .array(token.alternatives.map { json($0.token, $0.logProbability) })
    ])
  }

  private func json(_ token: TokenID, _ logProbability: Double) -> JSONValue {
    [
      "token": .string(text(of: token)), "logprob": .decimal(logProbability),
      "bytes": .array(bytes(of: token).map { .integer(Int($0)) }),
    ]
  }
}

extension TokenSpelling {
  /// A token of a fragment of LM Studio's protocol.
  func fragmentJSON(_ token: GeneratedToken) -> JSONValue {
    [
      "text": .string(text(of: token.id)), "id": .integer(token.id),
      "logProb": .decimal(token.logProbability ?? 0),
      "candidates": .array(
        token.alternatives.map { candidate in
          [
            "text": .string(text(of: candidate.token)), "id": .integer(candidate.token),
            "logProb": .decimal(candidate.logProbability),
          ]
        }),
    ]
  }
}
