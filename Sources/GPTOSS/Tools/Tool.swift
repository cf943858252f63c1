package import GPTOSSHarmony
public import GPTOSSJSON

/// A function that a model can call.
///
///     struct CreateFile: Tool {
///       struct Arguments: Decodable { var name: String; var content: String }
///       let description = "Create a file with the given name and content."
///       func call(arguments: Arguments) async throws -> String { … }
///     }
///
/// The model sees the name, the description and the parameters. While it writes a call, the arguments are
/// held to ``parameters``. The tool gets them as a value of the type ``Arguments``.
public protocol Tool: Sendable {
  /// What the tool is given, an object.
  associatedtype Arguments: Decodable
  /// What the tool answers: a string as it is, anything else as JSON.
  associatedtype Output: Encodable

  /// The name that the model calls: 1 to 64 characters, each a letter, a digit, `_`, `-` or `.`. No two tools
  /// share a name. By default the type's name as `snake_case`.
  var name: String { get }
  /// What the tool is for, for the model to read.
  var description: String { get }
  /// The JSON schema of the arguments; by default made from the type ``Arguments``.
  ///
  /// If its type is not `object`, a session with this tool throws `GPTOSSError.tool` when it answers.
  ///
  /// - Throws: `GPTOSSError` for a type that has no schema.
  var parameters: JSONValue { get throws }

  /// Does the work.
  ///
  /// What it throws is told to the model, which reads the error's description and may try again, unless
  /// ``ActOptions/onToolFailure`` says otherwise. When the answer is cancelled, so is the task in which this
  /// runs. With ``ActOptions/maximumParallelTools`` above 1, several calls run at the same time.
  ///
  /// - Throws: whatever keeps it from answering.
  func call(arguments: Arguments) async throws -> Output
}

extension Tool {
  /// The type's name as `snake_case`: `CreateFile` becomes `create_file`, `HTTPGet` becomes `http_get`.
  public var name: String { ToolName.snakeCase(of: String(describing: Self.self)) }

  /// The schema of the type ``Arguments``.
  ///
  /// - Throws: `GPTOSSError.schema` for a type that has no schema.
  public var parameters: JSONValue {
    get throws { try JSONValue.schema(of: Arguments.self) }
  }
}

extension ToolName {
  /// A type's name without its generic arguments, a word beginning at every capital that begins one.
  package static func snakeCase(of typeName: String) -> String {
    let letters = Array(typeName.prefix { $0 != "<" })
    var name = ""
    for (index, letter) in letters.enumerated() {
      if letter.isUppercase, let previous = letters[..<index].last, previous != "_" {
        let next = letters[(index + 1)...].first
        if !previous.isUppercase || next?.isLowercase == true { name += "_" }
      }
      name += letter.lowercased()
    }
    return name
  }
}
