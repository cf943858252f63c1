public import GPTOSSStructuredOutput

/// A part of a tool's schema that the arguments of its calls are not held to.
public struct ConstraintNotice: Sendable, Equatable {
  /// The tool's full name, such as `functions.get_weather`.
  public let tool: String
  /// What is not held, and where it stands in the schema.
  public let problem: StructuredOutputError
}

extension ConstraintNotice: CustomStringConvertible {
  /// One line: the tool, the place in its schema, and what is not held.
  public var description: String { "\(tool): \(problem)" }
}
