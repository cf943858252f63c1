package import GPTOSSHarmony
package import GPTOSSJSON
package import GPTOSSStructuredOutput

/// What an answer has to be that an engine elsewhere writes: what that engine is asked to hold it to, and
/// whether it is so.
///
/// The same compiler as for a model in this process decides what can be held: a schema that it refuses is
/// refused here, too, and of a tool that is not strict nothing is asked if not all of its schema can be held.
package struct AnswerContract: Sendable {
  /// A tool that may be called.
  package struct Call: Sendable {
    /// Its full name.
    package var recipient: String
    /// The channel on which it is called.
    package var channel: String
    /// What its arguments have to fit; nil for a tool that is called with text.
    package var schema: JSONValue?
  }

  /// The tools that may be called.
  package let calls: [Call]
  /// The schema of the answer; nil for any text.
  package let format: JSONValue?
  /// Whether the model may speak to the user, or has to call a tool.
  package let mayAnswer: Bool
  /// Whether there may be several calls before the turn ends.
  package let allowsParallelCalls: Bool
  /// How much may be reasoned; nil for any amount.
  package let budget: ReasoningBudget?
  /// What of the tools' schemas is not held.
  package let notices: [ConstraintNotice]

  /// - Parameters:
  ///   - tokens: the vocabulary.
  ///   - request: tools and options; its messages are not read.
  ///   - budget: what all schemas may cost together.
  /// - Throws: `GPTOSSError.structuredOutput` for a format that cannot be held, `.toolSchema`,
  ///   `.undeclaredTool`.
  package init(
    _ tokens: TokenTrie, _ request: ModelRequest, budget compilation: CompilationBudget = CompilationBudget()
  ) throws(GPTOSSError) {
    let options = request.options
    let rules = try ResponseRules(tokens, tools: request.tools, options: options, budget: compilation)
    var notices = rules.notices
    var calls: [Call] = []
    for tool in rules.tools {
      var call = Call(recipient: tool.recipient, channel: ResponseRules.channel(of: tool))
      if tool.isOwn, tool.text == nil {
        let isHeld = rules.arguments(of: tool.recipient)?.notices.isEmpty ?? false
        call.schema = isHeld ? tool.parameters ?? ResponseRules.noArguments : ["type": "object"]
      } else if let text = tool.text, text != .any {
        // The notations of patterns and grammars differ from engine to engine.
        let problem = StructuredOutputError.unsupportedGrammar(characterOffset: 0)
        guard !options.strictTools.contains(tool.recipient) else {
          throw .toolSchema(tool: tool.recipient, problem)
        }
        notices.append(ConstraintNotice(tool: tool.recipient, problem: problem))
      }
      calls.append(call)
    }
    self.calls = calls
    self.notices = notices
    mayAnswer = rules.mayAnswer
    allowsParallelCalls = rules.allowsParallelToolCalls
    budget = options.reasoningBudget
    switch options.format {
    case .text: format = nil
    case .jsonObject: format = ["type": "object"]
    case .schema(let schema): format = schema
    }
  }

  /// Checks an answer that was not cut off. Time is not looked at: much of it is the network's.
  ///
  /// - Throws: ``ContractFault`` for the first part of it that is not as it has to be.
  package func check(_ messages: [Message], _ reasoning: ReasoningMeter) throws(ContractFault) {
    if case .tokens(let limit) = budget, reasoning.tokenCount > limit { throw .overBudget(limit: limit) }
    for message in messages {
      switch message.purpose {
      case .answer: if let format { try Self.check(message.text, format, of: "the answer") }
      case .call:
        let name = message.recipient ?? ""
        guard let call = calls.first(where: { $0.recipient == name }) else { throw .undeclaredTool(name) }
        if let schema = call.schema { try Self.check(message.text, schema, of: "the call of \(name)") }
      case .reasoning, .preamble, nil: break
      }
    }
    if !mayAnswer, !messages.contains(where: { $0.purpose == .call }) { throw .noCall }
  }

  private static func check(
    _ text: String, _ schema: JSONValue, of part: String
  ) throws(ContractFault) {
    let value: JSONValue
    do { value = try JSONValue(parsing: text) } catch { throw .notJSON(part: part, reason: "\(error)") }
    let fits: Bool
    do throws(StructuredOutputError) { fits = try value.fits(schema) } catch {
      throw .unchecked(part: part, error)
    }
    guard fits else { throw .misfit(part: part) }
  }
}

/// What an engine elsewhere did not hold an answer to.
package enum ContractFault: Error, Equatable {
  /// A call of a tool that may not be called.
  case undeclaredTool(String)
  /// No call, where there has to be one.
  case noCall
  /// More reasoning than so many tokens.
  case overBudget(limit: Int)
  /// A part that has to be JSON and is not.
  case notJSON(part: String, reason: String)
  /// A part that does not fit its schema.
  case misfit(part: String)
  /// A part that is so large that it cannot be compared with its schema.
  case unchecked(part: String, StructuredOutputError)
}

extension ContractFault: CustomStringConvertible {
  /// What is wrong.
  package var description: String {
    switch self {
    case .undeclaredTool(let name): "it calls \(name), which is not among the tools"
    case .noCall: "no tool was called, although one has to be"
    case .overBudget(let limit): "it reasons for more than \(limit) tokens"
    case .notJSON(let part, let reason): "\(part) is not JSON (\(reason))"
    case .misfit(let part): "\(part) does not fit its schema"
    case .unchecked(let part, let error): "\(part) cannot be compared with its schema (\(error))"
    }
  }
}
