import GPTOSSPlatform
public import GPTOSSTokenizer

#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

/// Why a schema cannot become a constraint, or a token cannot come next.
///
/// Paths are JSON pointers into the schema, such as `#/properties/size`.
public enum StructuredOutputError: Error, Equatable, Sendable {
  /// A keyword's value is not what JSON Schema requires there.
  case invalidKeyword(path: String, keyword: String, expected: String)
  /// The schema at the path is neither an object nor a Boolean.
  case notASchema(path: String)
  /// A keyword that restricts values in a way that cannot be enforced.
  case unsupportedKeyword(path: String, keyword: String)
  /// A regular expression uses something that cannot be enforced, or is malformed.
  case unsupportedPattern(path: String, pattern: String, characterOffset: Int)
  /// A grammar for text uses something that cannot be enforced.
  case unsupportedGrammar(characterOffset: Int)
  /// A text is no grammar in Lark's notation.
  case malformedGrammar(characterOffset: Int)
  /// A `$ref` that leads out of the document or to nothing.
  case unresolvedReference(path: String, reference: String)
  /// A schema that refers to itself without an object or array in between.
  case circularReference(path: String)
  /// No JSON text fits the schema, or none was found that surely does, which can happen where `not` and
  /// `oneOf` are nested.
  case unsatisfiable(path: String)
  /// The schema needs more than a limit allows.
  case tooComplex(path: String, Limit)
  /// The task that compiled the schema was cancelled.
  case cancelled
  /// A choice among no texts, or with an empty text.
  case emptyChoice
  /// The token cannot follow what came before.
  case tokenNotAllowed(TokenID)

  /// What bounds the work that a schema can cause.
  public enum Limit: String, Sendable, CaseIterable {
    /// States of one regular expression's automaton.
    case automatonStates
    /// Ways to combine the branches of `anyOf`, `oneOf` and `allOf`.
    case alternatives
    /// Rules of the grammar.
    case rules
    /// Bytes of the shortest text that fits.
    case shortestText
    /// Schemas inside schemas.
    case nesting
    /// Steps of work of all schemas of a request: ``CompilationBudget``.
    case steps
    /// Bytes of what is kept of them.
    case bytes
  }

  /// Whether nothing of the schema can be held, however much of it is left out.
  var endsCompilation: Bool {
    switch self {
    case .cancelled, .tooComplex(_, .steps), .tooComplex(_, .bytes): true
    default: false
    }
  }
}

extension StructuredOutputError: CustomStringConvertible {
  /// One line: where in the schema, and what is wrong.
  public var description: String { text.inert }

  private var text: String {
    switch self {
    case .invalidKeyword(let path, let keyword, let expected):
      "schema \(path): \(keyword) must be \(expected)"
    case .notASchema(let path): "schema \(path): must be an object, true or false"
    case .unsupportedKeyword(let path, let keyword): "schema \(path): \(keyword) cannot be enforced"
    case .unsupportedPattern(let path, let pattern, let offset):
      "schema \(path): the pattern \(pattern) cannot be enforced, from character \(offset) on"
    case .unsupportedGrammar(let offset): "the grammar cannot be enforced, from character \(offset) on"
    case .malformedGrammar(let offset): "the grammar is malformed, from character \(offset) on"
    case .unresolvedReference(let path, let reference):
      "schema \(path): $ref \(reference) leads to no schema in the document"
    case .circularReference(let path):
      "schema \(path): refers to itself without an object or array in between"
    case .unsatisfiable(let path): "schema \(path): no JSON text was found that fits"
    case .tooComplex(let path, let limit): "schema \(path): too complex: \(limit.text)"
    case .cancelled: "the schema was not compiled: the request was cancelled"
    case .emptyChoice: "a choice needs at least one text, and no text may be empty"
    case .tokenNotAllowed(let token): "token \(token) cannot come next"
    }
  }
}

extension StructuredOutputError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

extension StructuredOutputError.Limit {
  /// What is too much.
  fileprivate var text: String {
    switch self {
    case .automatonStates: "a pattern, a number or a text in it needs an automaton with too many states"
    case .alternatives: "anyOf, oneOf and allOf combine in too many ways"
    case .rules: "its grammar needs too many rules"
    case .shortestText: "the shortest text that fits is too long"
    case .nesting: "schemas are nested too deeply"
    case .steps: "the schemas of the request need too much work"
    case .bytes: "the schemas of the request need too much memory"
    }
  }
}
