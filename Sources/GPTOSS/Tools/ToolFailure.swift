public import Foundation

/// Why a call gave no result.
///
/// Its description is for the model to read, which may then try again.
public enum ToolFailure: Error, Sendable {
  /// There is no such tool.
  case unknownTool(name: String, declared: [String])
  /// The arguments are not what the tool takes.
  case badArguments(tool: String, ValueFault)
  /// The tool threw this error, or its result cannot be written as JSON.
  case failed(tool: String, any Error)
}

extension ToolFailure: CustomStringConvertible {
  /// What happened, and what can be done about it.
  public var description: String {
    switch self {
    case .unknownTool(let name, []):
      "there is no tool \"\(name)\", and there are no others; answer without tools"
    case .unknownTool(let name, let declared):
      "there is no tool \"\(name)\"; the tools are \(declared.joined(separator: ", "))"
    case .badArguments(let tool, let fault): "\(tool) was not called, its arguments are wrong: \(fault)"
    case .failed(let tool, let error): "\(tool) failed: \(Self.text(of: error))"
    }
  }

  /// What an error says about itself.
  ///
  /// `localizedDescription` says nothing about an error that is a plain Swift type.
  private static func text(of error: any Error) -> String {
    switch error {
    case let error as any LocalizedError: error.errorDescription ?? "\(error)"
    case let error as any CustomNSError: error.localizedDescription
    default: "\(error)"
    }
  }
}

extension ToolFailure: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

/// Why a tool cannot be declared.
public enum ToolFault: Error, Sendable {
  /// The name does not consist of 1 to 64 characters, each a letter, a digit, `_`, `-` or `.`.
  case invalidName
  /// Another tool has the same name.
  case nameIsTaken
  /// The arguments must be an object, but the schema has this type.
  case argumentsAreNoObject(type: String)
  /// The tool's parameters threw this error.
  case parameters(any Error)
}

extension ToolFault: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .invalidName:
      "the name must have 1 to 64 characters, each one of A-Z, a-z, 0-9, \"_\", \"-\" and \".\""
    case .nameIsTaken: "two tools have this name; rename one of them"
    case .argumentsAreNoObject(let type):
      "its arguments are of type \(type); use a struct, which is an object"
    case .parameters(let error): "\(error)"
    }
  }
}

extension ToolFault: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
