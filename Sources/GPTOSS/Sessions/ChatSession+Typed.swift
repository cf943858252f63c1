public import GPTOSSJSON

extension ChatSession {
  /// Answers a message with a value of a type.
  ///
  ///     struct Recipe: Decodable, Sendable { var title: String; var minutes: Int; var steps: [String] }
  ///     let recipe = try await session.respond(to: "Pancakes, please.", generating: Recipe.self).value
  ///
  /// The answer is held to the type's schema (Docs/StructuredOutput.md), which the model reads
  /// (``ActOptions/showsSchema``). Reasoning is free, and tools may be called before the answer.
  ///
  /// - Parameters:
  ///   - prompt: what the user says.
  ///   - type: the type; `JSONValue.schema(of:)` says which types have a schema.
  ///   - options: as of ``respond(to:options:)``; their format is the type's schema.
  /// - Returns: the value, and the answer that it is from.
  /// - Throws: `GPTOSSError` for a type without a schema, or one that refuses what fits the schema, and what
  ///   ``respond(to:options:)`` throws.
  public func respond<Value: Decodable>(
    to prompt: String, generating type: Value.Type, options: ActOptions = ActOptions()
  ) async throws -> (value: Value, response: Response) {
    let schema = try JSONValue.schema(of: type)
    var options = options.naming(type)
    options.format = .schema(schema)
    let response = try await respond(to: prompt, options: options)
    do throws(ValueFault) {
      return (try ModelJSON.decode(type, from: response.answer, schema: schema), response)
    } catch { throw GPTOSSError.answer(error) }
  }

  /// Answers a message with JSON that fits a schema.
  ///
  /// - Parameters:
  ///   - prompt: what the user says.
  ///   - schema: a JSON schema; Docs/StructuredOutput.md lists what is enforced.
  ///   - options: as of ``respond(to:options:)``; their format is the schema.
  /// - Returns: the JSON, and the answer that it is from.
  /// - Throws: `GPTOSSError`, as ``respond(to:options:)``.
  public func respond(
    to prompt: String, schema: JSONValue, options: ActOptions = ActOptions()
  ) async throws -> (value: JSONValue, response: Response) {
    var options = options
    options.format = .schema(schema)
    let response = try await respond(to: prompt, options: options)
    do throws(ValueFault) {
      return (try ModelJSON.decode(JSONValue.self, from: response.answer), response)
    } catch { throw GPTOSSError.answer(error) }
  }

  /// Answers a message with a value of a type, and shows it while it is written.
  ///
  /// - Parameters:
  ///   - prompt: what the user says.
  ///   - type: the type; `JSONValue.schema(of:)` says which types have a schema.
  ///   - options: as of ``respond(to:options:)``; their format is the type's schema.
  /// - Returns: what there is of the answer, again and again, the whole last. The stream throws what
  ///   ``respond(to:generating:options:)`` throws.
  public func streamResponse<Value: Decodable>(
    to prompt: String, generating type: Value.Type, options: ActOptions = ActOptions()
  ) -> AnswerStream<Value> {
    do throws(GPTOSSError) {
      return streamResponse(to: prompt, try JSONValue.schema(of: type), options.naming(type))
    } catch {
      return AnswerStream(EventStream { [error] _ in throw error }, schema: [:])
    }
  }

  /// Answers a message with JSON that fits a schema, and shows it while it is written.
  ///
  /// - Parameters:
  ///   - prompt: what the user says.
  ///   - schema: a JSON schema; Docs/StructuredOutput.md lists what is enforced.
  ///   - options: as of ``respond(to:options:)``; their format is the schema.
  /// - Returns: what there is of the answer, again and again, the whole last. The stream throws what
  ///   ``respond(to:schema:options:)`` throws.
  public func streamResponse(
    to prompt: String, schema: JSONValue, options: ActOptions = ActOptions()
  ) -> AnswerStream<JSONValue> {
    streamResponse(to: prompt, schema, options)
  }

  private func streamResponse<Value: Decodable>(
    to prompt: String, _ schema: JSONValue, _ options: ActOptions
  ) -> AnswerStream<Value> {
    var options = options
    options.format = .schema(schema)
    return AnswerStream(stream(prompt, tools: nil, options), schema: schema)
  }
}

extension ActOptions {
  /// The options with the name of a type for its schema, as far as it is a plain one.
  fileprivate func naming(_ type: Any.Type) -> ActOptions {
    let name = String(describing: type)
    guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else { return self }
    var options = self
    options.schemaName = name
    return options
  }
}
