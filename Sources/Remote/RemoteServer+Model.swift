import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSTokenizer

/// What a server says of a model.
struct ModelListing {
  let name: String
  let contextLength: Int
  /// Whether the server is a gptoss, which takes the rules of an answer as we have them.
  let isOwn: Bool
}

extension RemoteServer {
  /// The most tokens of a context that a server is believed.
  private static let longestContext = 1 << 30

  /// The model of a name, or the one that the server has.
  ///
  /// - Throws: ``RemoteError``, `CancellationError`.
  func model(named name: String?) async throws -> ModelListing {
    let (status, body) = try await ask("v1/models")
    guard status == 200 else {
      throw RemoteError(status: status, body, server: self.name, model: name ?? "")
    }
    let list = body["data"]?.arrayValue ?? []
    let known = list.compactMap { $0["id"]?.stringValue }
    let found: JSONValue
    if let name {
      guard let named = list.first(where: { $0["id"]?.stringValue == name }) else {
        throw RemoteError.unknownModel(name, server: self.name, known: known)
      }
      found = named
    } else {
      // A model has the same root under all its names. A gptoss that holds one of several has that one.
      let roots = Set(list.map { ($0["root"] ?? $0["id"])?.stringValue })
      let loaded = list.filter { $0["state"] == "loaded" }
      guard let only = roots.count == 1 ? list.first : loaded.first else {
        throw RemoteError.noModelNamed(server: self.name, known: known)
      }
      found = only
    }
    guard let id = found["id"]?.stringValue else {
      throw RemoteError.malformed(server: self.name, problem: "a model in its list has no id")
    }
    guard let length = found["max_model_len"]?.intValue, (1...Self.longestContext).contains(length) else {
      throw RemoteError.unknownContext(server: self.name)
    }
    let forms = found["structured_outputs"]?.arrayValue ?? []
    return ModelListing(name: id, contextLength: length, isOwn: forms.contains("harmony"))
  }

  /// Finds out whether there is an endpoint for nothing but tokens, without letting it generate any.
  ///
  /// - Throws: ``RemoteError``, `CancellationError`.
  func dialect(_ model: String) async throws -> Dialect {
    // No vocabulary has this token.
    let token: JSONValue = [.number(JSONNumber(Int32.max))]
    let (status, _) = try await ask(
      Dialect.generate.path,
      ["model": .string(model), "token_ids": token, "sampling_params": ["max_tokens": 1]])
    // Who has it refuses the token. 403 says that it is closed, 404 that there is none.
    return status == 400 ? .generate : .completions
  }

  /// Makes sure that the server's tokens are the vocabulary's: lets it spell some of every kind.
  ///
  /// - Throws: ``RemoteError/otherVocabulary(server:problem:)`` and others, `CancellationError`.
  func compareVocabulary(_ encoding: HarmonyEncoding, _ model: String) async throws {
    let vocabulary = encoding.tokenizer.vocabulary
    let sample = encoding.sample
    let expected = sample.map { vocabulary.text(of: $0) ?? "" }.joined()
    let (status, body) = try await ask(
      Dialect.completions.path,
      [
        "model": .string(model), "prompt": .array(sample.map { JSONValue($0) }), "max_tokens": 1,
        "echo": true,
        "temperature": 0, "skip_special_tokens": false,
      ], isLong: true)
    if status == 400, let message = body["error"]?["message"]?.stringValue, message.contains("vocabulary") {
      throw RemoteError.otherVocabulary(server: name, problem: "the server says: \(message.prefix(200))")
    }
    guard status == 200 else { throw RemoteError(status: status, body, server: name, model: model) }
    guard let text = body["choices"]?.arrayValue?.first?["text"]?.stringValue else {
      throw RemoteError.malformed(server: name, problem: "a completion has no text")
    }
    guard !text.utf8.starts(with: expected.utf8) else { return }
    throw RemoteError.otherVocabulary(
      server: name, problem: vocabulary.firstDifference(of: sample, in: text))
  }
}

extension HarmonyEncoding {
  /// Tokens by which vocabularies are compared: all markers, and some that are whole text from everywhere.
  fileprivate var sample: [TokenID] {
    let vocabulary = tokenizer.vocabulary
    let count = 64
    let first = vocabulary.specialTokens.tokens.first?.id ?? vocabulary.count
    let ordinary = (0..<count).compactMap { part -> TokenID? in
      // From there on the next that is whole text, visible, so that nobody trims or cleans it.
      (first * part / count..<first * (part + 1) / count).first { token in
        vocabulary.text(of: token).map { $0.allSatisfy { $0.isLetter } && !$0.isEmpty } ?? false
      }
    }
    return Marker.allCases.map { token(of: $0) } + ordinary
  }
}

extension Vocabulary {
  /// A token's text; nil where its bytes are no whole text.
  fileprivate func text(of token: TokenID) -> String? {
    specialTokenText(token) ?? bytes(of: token).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// Which of some tokens is spelled in another way.
  fileprivate func firstDifference(of tokens: [TokenID], in text: String) -> String {
    var rest = Substring(text)
    for token in tokens {
      let expected = self.text(of: token) ?? ""
      guard rest.utf8.starts(with: expected.utf8) else {
        let found = String(rest.prefix(max(expected.count, 1)))
        return "token \(token) is \"\(expected)\" here and \"\(found)\" there"
      }
      rest = rest.dropFirst(expected.count)
    }
    return "its texts differ"
  }
}
