import GPTOSSHarmony
public import GPTOSSJSON

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

  /// The name that the model calls, 1 to 64 of letters, digits, `_`, `-` and `.`, and no other tool's; by default the type's name as
  /// `snake_case`.
  var name: String { get }
  /// What the tool is for, for the model to read.
  var description: String { get }
  /// The JSON schema of the arguments; by default made from the type ``Arguments``.
  ///
  /// A schema whose type is not `object` is `GPTOSSError.tool` when a session answers.
  ///
  /// - Throws: `GPTOSSError` for a type that has no schema.
  var parameters: JSONValue { get throws }

  /// Does the work.
  ///
  /// Throwing is telling the model: it reads the error's description and may try again, unless ``ActOptions/onToolFailure`` says
  /// otherwise. The task is cancelled when the answer is. With ``ActOptions/maximumParallelTools`` above 1 several calls run at the
  /// same time.
  func call(arguments: Arguments) async throws -> Output
}
