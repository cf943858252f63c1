public import Foundation
public import GGUF
public import GPTOSSHarmony
public import GPTOSSModel
import GPTOSSPlatform
public import GPTOSSSampling
public import GPTOSSStructuredOutput
public import GPTOSSTokenizer

/// Why a model cannot be loaded, tools cannot be declared or text cannot be generated.
public enum GPTOSSError: Error, Sendable {
  /// The file cannot be read as GGUF.
  case file(GGUFError)
  /// The file's model cannot be run, or a sequence does not fit it.
  case model(ModelError)
  /// The file's vocabulary cannot be used.
  case tokenizer(TokenizerError)
  /// The vocabulary lacks Harmony's tokens, or a conversation cannot be rendered.
  case harmony(HarmonyError)
  /// A sampling option is out of range, or no token may be sampled.
  case sampling(SamplingError)
  /// The schema of an answer cannot be enforced.
  case structuredOutput(StructuredOutputError)
  /// A tool's schema that has to be held whole cannot be.
  case toolSchema(tool: String, StructuredOutputError)
  /// So many schemas wait to be compiled that no more are taken.
  case tooManySchemas
  /// The shortest answer that fits the schema needs more tokens than may be generated.
  case answerDoesNotFit(neededTokens: Int, limit: Int)
  /// ``ToolChoice/tool(_:)`` names a tool that is not declared, or a tool is required (the name is then nil)
  /// and none is.
  case undeclaredTool(String?, declared: [String])
  /// The conversation and the room for an answer need more tokens than the context has, and
  /// ``ContextOverflow`` lets nothing more be left out.
  case conversationTooLong(neededTokens: Int, contextLength: Int)
  /// The session is answering another request.
  case sessionIsResponding
  /// A saved session cannot be read or written.
  case savedSession(path: String, SavedSessionFault)
  /// The vocabulary does not have as many tokens as the output matrix has rows.
  case vocabularyMismatch(tokens: Int, rows: Int)
  /// A Swift type has no JSON schema.
  case schema(SchemaFailure)
  /// The tool of this name cannot be declared.
  case tool(name: String, ToolFault)
  /// What the model wrote is not a value of the type that was asked for.
  case answer(ValueFault)
  /// There is nothing to continue: no token, or a conversation in which nothing was said.
  case emptyPrompt
  /// A text has more tokens than a trace holds.
  case traceTooLong(tokens: Int, limit: Int)
  /// The model was unloaded.
  case unloaded
  /// The engine behind the model, which runs elsewhere, has not done what it was asked; it says why.
  case engine(any EngineFailure)
}

/// Why an engine that runs elsewhere gave no answer, or not all of one. Its description is one line: what is
/// wrong, where, and what to do.
public protocol EngineFailure: Error, Sendable, CustomStringConvertible {
  /// Whether the request is at fault, so that the same request fails again.
  var isOfRequest: Bool { get }

  /// The option at fault, under the name of its field in OpenAI's API; by default nil, for none.
  var parameter: String? { get }
}

extension EngineFailure {
  /// None.
  public var parameter: String? { nil }
}

extension GPTOSSError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do.
  public var description: String { text.inert }

  private var text: String {
    switch self {
    case .file(let error): "\(error)"
    case .model(let error): "\(error)"
    case .tokenizer(let error): "\(error)"
    case .harmony(let error): "\(error)"
    case .sampling(let error): "\(error)"
    case .structuredOutput(let error): "\(error)"
    case .toolSchema(let tool, let error): "\(tool): \(error)"
    case .tooManySchemas: "too many schemas are waiting to be compiled; try again"
    case .answerDoesNotFit(let needed, let limit):
      "the shortest answer that fits the schema has \(needed) tokens, but only \(limit) may be generated; "
        + "raise the limit"
    case .undeclaredTool(let name, let declared):
      (name.map { "the tool \"\($0)\" has to be called but is not declared" }
        ?? "a tool has to be called but none is declared")
        + (declared.isEmpty ? "" : "; the declared tools are \(declared.joined(separator: ", "))")
    case .conversationTooLong(let needed, let limit):
      "the conversation needs \(needed) tokens with its answer, but the context has \(limit); shorten it, "
        + "raise the context length, or choose an overflow policy that leaves out earlier turns"
    case .sessionIsResponding:
      "the session is answering another request; wait for it to end, or use another session"
    case .savedSession(let path, let fault): "\(path): \(fault)"
    case .vocabularyMismatch(let tokens, let rows):
      "the file's vocabulary has \(tokens) tokens, but its output matrix has \(rows) rows; "
        + "the file was converted wrongly"
    case .schema(let failure): "\(failure)"
    case .tool(let name, let fault): "tool \"\(name)\": \(fault)"
    case .answer(let fault): "the model's answer does not fit: \(fault)"
    case .emptyPrompt: "the prompt is empty; a model needs at least one token to continue"
    case .traceTooLong(let tokens, let limit):
      "the text has \(tokens) tokens, but a trace holds \(limit); trace a part of it"
    case .unloaded: "the model was unloaded; load it again"
    case .engine(let failure): failure.description
    }
  }
}

extension GPTOSSError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
