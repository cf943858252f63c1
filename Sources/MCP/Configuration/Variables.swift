/// What is wrong with a `${…}`.
enum VariableFault: Error, Equatable, CustomStringConvertible {
  case undefined(String)
  case unknownKind(String)
  case unended

  var description: String {
    switch self {
    case .undefined(let name): "${\(name)}: there is no variable \(name) in the environment"
    case .unknownKind(let name):
      "${\(name)} is not known here; variables are written as ${NAME} or ${env:NAME}"
    case .unended: "a ${ has no }"
    }
  }
}

extension String {
  /// The text with the values of variables in place of `${NAME}` and `${env:NAME}`. What comes after `:-`
  /// takes the place of a variable that is not there or is empty.
  func expandingVariables(_ environment: [String: String]) throws(VariableFault) -> String {
    var (result, rest) = ("", self[...])
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: "}") else { throw .unended }
      let content = rest[..<end]
      rest = rest[rest.index(after: end)...]
      let isMarked = content.hasPrefix("env:")
      let words = isMarked ? content.dropFirst("env:".count) : content
      let alternative = words.firstRange(of: ":-")
      let name = String(words[..<(alternative?.lowerBound ?? words.endIndex)])
      guard !name.isEmpty, !name.contains(":") else { throw .unknownKind(String(content)) }
      if let value = environment[name], alternative == nil || !value.isEmpty {
        result += value
      } else if let alternative {
        result += words[alternative.upperBound...]
      } else {
        throw .undefined(name)
      }
    }
    return result + rest
  }
}
