import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSPlatform
import GPTOSSTokenizer

// Calls that ask how a model reads text.

extension SocketService {
  /// `tokenize`.
  func tokenize(_ parameter: JSONField, _ exchange: Exchange) async throws -> JSONValue {
    ["tokens": .array(try await tokens(parameter, exchange).map(JSONValue.integer))]
  }

  /// `countTokens`.
  func countTokens(_ parameter: JSONField, _ exchange: Exchange) async throws -> JSONValue {
    ["tokenCount": .integer(try await tokens(parameter, exchange).count)]
  }

  private func tokens(_ parameter: JSONField, _ exchange: Exchange) async throws -> [TokenID] {
    let text = try parameter.required("inputString").string()
    let (used, _) = try await use(parameter.required("specifier"), exchange)
    defer { withExtendedLifetime(used.lease) {} }
    return await LongWork.run { used.model.tokenizer.encode(text) }
  }

  /// `applyPromptTemplate`: the conversation in Harmony, as the model would read it, up to where the answer
  /// begins. gpt-oss has no tokens at the beginning or the end of a text that could be left out.
  func applyPromptTemplate(_ parameter: JSONField, _ exchange: Exchange) async throws -> JSONValue {
    var configuration = try PredictionConfiguration(
      ConfigurationStack(parameter.optional("predictionConfigStack")))
    if let tools = try parameter.optional("opts")?.optional("toolDefinitions") {
      configuration.tools.declared = DeclaredTools()
      try configuration.tools.declared.read(tools: tools, .chat)
    }
    let items = try ConversationItem.read(
      history: parameter.required("history"), tags: configuration.tags, files: files)
    let (used, _) = try await use(parameter.required("specifier"), exchange)
    defer { withExtendedLifetime(used.lease) {} }
    return try await LongWork.run { [configuration] () throws -> JSONValue in
      let conversation = try configuration.conversation(items)
      do {
        return ["formatted": .string(try used.model.promptText(of: conversation, configuration.options))]
      } catch let error as GPTOSSError { throw ServerError(engine: error) }
    }
  }
}

extension TokenModel {
  /// The prompt of an answer to a conversation, as text.
  ///
  /// - Throws: `GPTOSSError`, `TokenizerError`.
  fileprivate func promptText(of conversation: Conversation, _ options: ResponseOptions) throws -> String {
    let encoding: HarmonyEncoding
    do { encoding = try HarmonyEncoding(tokenizer: tokenizer) } catch { throw GPTOSSError.harmony(error) }
    var entries = ModelRequest(conversation, options).entries
    try measure(&entries)
    let tokens = entries.flatMap { $0.tokens ?? [] } + encoding.assistantOpening
    return try tokenizer.decodeReplacingInvalid(tokens)
  }
}
