public import GPTOSSHarmony

/// A function that a model can call.
///
///     struct CreateFile: Tool {
///       struct Arguments: Decodable { var name: String; var content: String }
///       let description = "Create a file with the given name and content."
///       func call(arguments: Arguments) async throws -> String { … }
///     }
///
/// The model sees the name, the description and the parameters. While it writes a call, the arguments are held to
/// ``parameters``; they come as a value of the type ``Arguments``.
public protocol Tool: Sendable {
  /// What the tool is given, an object.
  associatedtype Arguments: Decodable
  /// What the tool answers: a string as it is, anything else as JSON.
  associatedtype Output: Encodable

  /// The name that the model calls, of letters, digits, `_`, `-` and `.`; by default the type's name as `snake_case`.
  var name: String { get }
  /// What the tool is for, for the model to read.
  var description: String { get }
  /// The JSON schema of the arguments; by default made from the type ``Arguments``.
  ///
  /// - Throws: `GPTOSSError` for a type that has no schema.
  var parameters: JSONValue { get throws }

  /// Does the work.
  ///
  /// Throwing is telling the model: it reads the error's description and may try again. The task is cancelled when the
  /// answer is.
  func call(arguments: Arguments) async throws -> Output
}
