public import Foundation
import GPTOSS
public import GPTOSSJSON
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSSampling

/// Why a request is refused or cannot be answered, in terms of OpenAI's API.
///
/// `parameter` is the path of a field of the request, such as `messages[2].content`.
public enum ServerError: Error, Equatable, Sendable {
  /// The body is not JSON, or no object.
  case malformedBody(String)
  /// A field that must be there is absent or null.
  case missing(parameter: String)
  /// A field holds another type.
  case wrongType(parameter: String, expected: String, actual: String)
  /// A number lies outside its range, or a list has too few or too many elements.
  case outOfRange(parameter: String, expected: String, actual: String)
  /// A text is none of those that are allowed there.
  case unknownValue(parameter: String, value: String, allowed: [String])
  /// A field asks for something that this server cannot do.
  case unsupported(parameter: String, what: String)
  /// A field does not fit the rest of the request.
  case invalid(parameter: String, problem: String)
  /// The prompt, with or without the tokens to generate, is longer than the context.
  case contextExceeded(needed: Int, limit: Int)
  /// No model has this name; `download` is what `gptoss get` brings for it, nil where nothing can be loaded.
  case unknownModel(String, download: String? = nil)
  /// No loaded model has this identifier; `problem` is one line.
  case notLoaded(String, problem: String)
  /// A model needs more memory than there is for it; the text is one line.
  case modelDoesNotFit(String)
  /// No response with this id is kept.
  case unknownResponse(String, parameter: String?)
  /// No trace with this id is kept.
  case unknownTrace(String)
  /// No download with this id is remembered.
  case unknownJob(String)
  /// The API key is absent or wrong.
  case unauthorized
  /// Tools of MCP servers need the key that the server printed, and the request has another or none.
  case toolsNeedKey
  /// Web pages of this origin may not use the server.
  case foreignOrigin(String)
  /// There is no such path, or not with this method.
  case unknownPath(method: String, path: String)
  /// The body is larger than the limit.
  case bodyTooLarge(limit: Int)
  /// The body did not arrive in time.
  case bodyTooSlow
  /// The queue is full.
  case busy(retryAfter: Int)
  /// As many downloads run as may at a time.
  case tooManyDownloads(limit: Int, retryAfter: Int)
  /// The message is not valid HTTP.
  case malformedMessage(String)
  /// The body is in a transfer coding that this server does not know.
  case unknownCoding(String)
  /// The client expects something that this server does not do.
  case unknownExpectation(String)
  /// The request is meant for a host that is not this server's.
  case foreignHost(String)
  /// The requests at hand fill the memory for them.
  case memoryFull(retryAfter: Int)
  /// As many sockets are open as there may be.
  case tooManySockets(limit: Int)
  /// Too many schemas wait to be compiled.
  case overloaded(retryAfter: Int)
  /// The engine behind this server, which runs elsewhere, did not answer, or not as it should.
  case upstream(String)
  /// The server is being stopped.
  case stopping
  /// A fault of the server.
  case failure(String)
}

extension ServerError {
  /// The error that a client gets for one that was thrown while its request was read or answered.
  package init(_ error: any Error) {
    switch error {
    case let error as ServerError: self = error
    case let error as JSONError: self.init(error)
    case is CancellationError: self = .stopping
    default: self = .failure("\(error)")
    }
  }

  /// The error that a client gets for one of the engine.
  ///
  /// - Parameters:
  ///   - schemaPath: where the request has the answer's schema.
  ///   - limitPath: where it has the limit of tokens.
  init(engine error: GPTOSSError, schemaPath: String? = nil, limitPath: String = "max_tokens") {
    let parameter: String
    switch error {
    case .model(.contextFull(let needed, let limit)):
      self = .contextExceeded(needed: needed, limit: limit)
      return
    case .unloaded:
      self = .stopping
      return
    case .model(.tokenOutOfRange), .emptyPrompt: parameter = "prompt"
    case .tooManySchemas:
      // Each takes a quarter of a second at most.
      self = .overloaded(retryAfter: 5)
      return
    case .engine(let failure) where !failure.isOfRequest:
      self = .upstream(failure.description)
      return
    case .engine(let failure): parameter = failure.parameter ?? "model"
    case .structuredOutput: parameter = schemaPath ?? "tools"
    case .toolSchema: parameter = "tools"
    case .answerDoesNotFit: parameter = limitPath
    case .traceTooLong: parameter = "input"
    case .undeclaredTool: parameter = "tool_choice"
    case .sampling(.biasedTokenOutOfRange), .sampling(.noCandidates): parameter = "logit_bias"
    default:
      self = .failure("\(error)")
      return
    }
    self = .invalid(parameter: parameter, problem: "\(error)")
  }

  private init(_ error: JSONError) {
    switch error {
    case .missingField(let path): self = .missing(parameter: path)
    case .wrongType(let path, let expected, let actual):
      self = .wrongType(parameter: path, expected: expected, actual: actual)
    case .unknownValue(let path, let value): self = .unknownValue(parameter: path, value: value, allowed: [])
    case .unknownField(let path, _): self = .invalid(parameter: path, problem: "\(error)")
    case .malformed: self = .malformedBody("\(error)")
    }
  }

  /// The HTTP status.
  public var status: Int {
    switch self {
    case .unauthorized, .toolsNeedKey: 401
    case .foreignOrigin, .foreignHost: 403
    case .unknownModel, .notLoaded, .unknownJob, .unknownResponse, .unknownTrace, .unknownPath: 404
    case .bodyTooSlow: 408
    case .bodyTooLarge: 413
    case .unknownExpectation: 417
    case .busy, .tooManyDownloads: 429
    case .failure: 500
    case .unknownCoding: 501
    case .upstream: 502
    case .stopping, .overloaded, .memoryFull, .modelDoesNotFit, .tooManySockets: 503
    default: 400
    }
  }

  /// OpenAI's `type`.
  public var type: String {
    switch status {
    case 429: "requests"
    case 500...: "server_error"
    default: "invalid_request_error"
    }
  }

  /// OpenAI's `param`: the field at fault.
  public var parameter: String? {
    switch self {
    case .missing(let parameter), .wrongType(let parameter, _, _), .outOfRange(let parameter, _, _),
      .unknownValue(let parameter, _, _), .unsupported(let parameter, _), .invalid(let parameter, _):
      parameter
    case .contextExceeded: nil
    case .unknownModel, .modelDoesNotFit: "model"
    case .notLoaded: "instance_id"
    case .unknownResponse(_, let parameter): parameter
    default: nil
    }
  }

  /// OpenAI's `code`.
  public var code: String? {
    switch self {
    case .malformedBody: "invalid_json"
    case .missing: "missing_required_parameter"
    case .wrongType: "invalid_type"
    case .outOfRange, .unknownValue, .invalid: "invalid_value"
    case .unsupported: "unsupported_value"
    case .contextExceeded: "context_length_exceeded"
    case .unknownModel: "model_not_found"
    case .notLoaded: "model_not_loaded"
    case .unknownJob: "job_not_found"
    case .unknownTrace: "trace_not_found"
    case .modelDoesNotFit: "insufficient_memory"
    case .unknownResponse(_, let parameter):
      parameter == nil ? "response_not_found" : "previous_response_not_found"
    case .unauthorized, .toolsNeedKey: "invalid_api_key"
    case .foreignOrigin: "origin_not_allowed"
    case .unknownPath: "unknown_url"
    case .bodyTooLarge: "request_too_large"
    case .bodyTooSlow: "request_timeout"
    case .busy, .tooManyDownloads: "rate_limit_exceeded"
    case .upstream: "upstream_failed"
    case .stopping: "server_stopping"
    case .overloaded, .memoryFull, .tooManySockets: "server_overloaded"
    case .malformedMessage: "invalid_http"
    case .unknownCoding: "unknown_transfer_coding"
    case .unknownExpectation: "unknown_expectation"
    case .foreignHost: "host_not_allowed"
    case .failure: nil
    }
  }

  /// In how many seconds it is worth to try again.
  var retryAfter: Int? {
    switch self {
    case .busy(let seconds), .overloaded(let seconds), .memoryFull(let seconds),
      .tooManyDownloads(_, let seconds):
      seconds
    default: nil
    }
  }

  /// `{"error": {…}}` as OpenAI's clients expect it.
  public var json: JSONValue { ["error": details] }

  /// Message, type, parameter and code.
  var details: JSONValue {
    [
      "message": .string(description), "type": .string(type), "param": .optional(parameter),
      "code": .optional(code),
    ]
  }
}

extension ServerError: CustomStringConvertible {
  /// One line: what is wrong, and what would be right. What it repeats of a request is cut after 200 Unicode
  /// scalars, and the line after 4000.
  public var description: String { text.shortened(to: 4000).inert }

  private var text: String {
    switch self {
    case .malformedBody(let problem): "The request's body has to be a JSON object: \(problem)."
    case .missing(let parameter): "Missing required parameter: '\(parameter)'."
    case .wrongType(let parameter, let expected, let actual):
      "Invalid type for '\(parameter)': expected \(expected), but got \(actual) instead."
    case .outOfRange(let parameter, let expected, let actual):
      "Invalid '\(parameter)': expected \(expected), but got \(actual) instead."
    case .unknownValue(let parameter, let value, let allowed):
      "Invalid value for '\(parameter)': '\(value.shortened(to: 200))'."
        + (allowed.isEmpty
          ? "" : " Supported values are: \(allowed.map { "'\($0)'" }.joined(separator: ", ")).")
    case .unsupported(let parameter, let what): "Unsupported '\(parameter)': \(what)."
    case .invalid(let parameter, let problem): "Invalid '\(parameter)': \(problem)."
    case .contextExceeded(let needed, let limit):
      "This model's context holds \(limit) tokens, but the request needs \(needed); shorten the messages."
    case .unknownModel(let name, let download):
      "The model '\(name.shortened(to: 200))' does not exist; "
        + (download.map {
          "'gptoss get \($0.shortened(to: 200))' downloads it, and GET /v1/models lists those that are here."
        }
          ?? "GET /v1/models lists what is loaded.")
    case .notLoaded(_, let problem), .modelDoesNotFit(let problem):
      "\(problem.prefix(1).uppercased())\(problem.dropFirst())."
    case .unknownResponse(let id, _):
      "Response with id '\(id.shortened(to: 200))' not found; responses are kept for a limited time."
    case .unknownTrace(let id):
      "There is no trace with id '\(id.shortened(to: 200))'; traces are kept for ten minutes, and POST /api/v1/trace makes more."
    case .unknownJob(let id): "There is no download with id '\(id.shortened(to: 200))'."
    case .unauthorized:
      "Incorrect API key provided; send the server's key as 'Authorization: Bearer KEY' or 'x-api-key: KEY'."
    case .toolsNeedKey:
      "Tools of MCP servers need the key that the server printed when it started; send it as "
        + "'Authorization: Bearer KEY'."
    case .foreignOrigin(let origin):
      "Web pages from \(origin) may not use this server; start it with --cors \(origin) to allow them."
    case .unknownPath(let method, let path): "Unknown request URL: \(method) \(path)."
    case .bodyTooLarge(let limit): "The request's body is larger than \(limit) bytes."
    case .bodyTooSlow: "The request's body did not arrive in time."
    case .busy(let seconds): "Too many requests are waiting; try again in \(seconds) s."
    case .tooManyDownloads(let limit, let seconds):
      "\(limit) downloads are already running; try again when one has ended, in \(seconds) s or later."
    case .upstream(let problem): "The engine behind this server failed: \(problem)."
    case .stopping: "The server is being stopped."
    case .malformedMessage(let problem): "The message is not valid HTTP: \(problem)."
    case .unknownCoding(let coding):
      "Transfer-Encoding '\(coding)' is not supported; send the body with a Content-Length or chunked."
    case .unknownExpectation(let expectation):
      "Expect '\(expectation)' cannot be met; '100-continue' can."
    case .foreignHost(let host):
      "Requests for the host \(host) are not answered; start the server with --allowed-host \(host) to "
        + "allow them."
    case .memoryFull(let seconds):
      "Other requests fill the memory that there is for them; try again in \(seconds) s."
    case .tooManySockets(let limit): "There are \(limit) open sockets already; close one."
    case .overloaded(let seconds):
      "Too many schemas are waiting to be compiled; try again in \(seconds) s."
    case .failure(let problem): "The server failed: \(problem)."
    }
  }
}

extension ServerError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
