public import GPTOSSJSON

/// A tool that is a closure.
///
///     struct City: Decodable { var name: String }
///     let weather = FunctionTool(name: "weather", description: "The weather in a city.") { (city: City) in
///       try await forecast(for: city.name)
///     }
///
/// With a schema written by hand, or one that came from elsewhere, the closure gets the arguments as the
/// model wrote them:
///
///     let search = FunctionTool(
///       name: "search", description: "Finds pages.", parameters: schema
///     ) { arguments in
///       try await server.call("search", arguments)
///     }
public struct FunctionTool<Arguments: Decodable, Output: Encodable>: Tool {
  /// The name that the model calls.
  public let name: String
  /// What the tool is for.
  public let description: String
  /// The schema that was given.
  private let schema: JSONValue?
  private let body: @Sendable (Arguments) async throws -> Output

  /// A tool whose arguments are a type's.
  ///
  /// - Parameters:
  ///   - name: 1 to 64 characters, each a letter, a digit, `_`, `-` or `.`.
  ///   - description: what the tool is for.
  ///   - arguments: the type, if the closure does not tell.
  ///   - body: does the work; what it throws is told to the model.
  public init(
    name: String, description: String, arguments: Arguments.Type = Arguments.self,
    _ body: @escaping @Sendable (Arguments) async throws -> Output
  ) {
    self.init(name, description, schema: nil, body)
  }

  private init(
    _ name: String, _ description: String, schema: JSONValue?,
    _ body: @escaping @Sendable (Arguments) async throws -> Output
  ) {
    self.name = name
    self.description = description
    self.schema = schema
    self.body = body
  }

  /// The schema that was given, or the one of the type `Arguments`.
  ///
  /// - Throws: `GPTOSSError.schema` for a type that has no schema.
  public var parameters: JSONValue {
    get throws { try schema ?? JSONValue.schema(of: Arguments.self) }
  }

  /// Calls the closure.
  ///
  /// - Throws: what the closure throws.
  public func call(arguments: Arguments) async throws -> Output { try await body(arguments) }
}

extension FunctionTool where Arguments == JSONObject {
  /// A tool whose arguments a JSON schema describes.
  ///
  /// The arguments keep the order of their keys and the digits of their numbers. They fit the schema if the
  /// model wrote them under its constraint; they are not checked against it afterwards.
  ///
  /// - Parameters:
  ///   - name: 1 to 64 characters, each a letter, a digit, `_`, `-` or `.`.
  ///   - description: what the tool is for.
  ///   - parameters: a schema whose type is `object`; Docs/StructuredOutput.md lists what is enforced.
  ///   - body: does the work; what it throws is told to the model.
  public init(
    name: String, description: String, parameters: JSONValue,
    _ body: @escaping @Sendable (JSONObject) async throws -> Output
  ) {
    self.init(name, description, schema: parameters, body)
  }
}
