package import GPTOSSHarmony
public import GPTOSSJSON

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
