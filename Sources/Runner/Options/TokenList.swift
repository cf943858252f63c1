import GPTOSSPlatform
import GPTOSSTerminal
import GPTOSSTokenizer

/// Token ids as the command line has them: `1,2,3`, the path of a file with such a list, or `-` for standard
/// input.
///
/// Ids are separated by commas, spaces or line ends. A JSON array is read too.
struct TokenList {
  let tokens: [TokenID]

  init(argument: String) throws {
    let isList = Self.isList(argument)
    let text = isList ? argument : try Input(path: argument).readText()
    let source = isList ? "--tokens" : Input(path: argument).name
    var list = text[...].trimmed
    if list.first == "[", list.last == "]" { list = list.dropFirst().dropLast() }
    tokens = try list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { word in
      guard let token = TokenID(word) else {
        throw RunnerError.malformedTokens(source: source, found: String(word.prefix(40)))
      }
      return token
    }
  }

  /// Whether an argument is a list and not a path: it begins like one, and is one or there is no such file.
  private static func isList(_ argument: String) -> Bool {
    guard argument != "-" else { return false }
    if argument.allSatisfy({ $0.isASCII && ($0.isNumber || ",-+ []".contains($0)) }) { return true }
    let beginsAsList = argument.first.map { $0.isASCII && ($0.isNumber || "-+ [".contains($0)) } ?? true
    return beginsAsList && !argument.contains("/") && access(argument, F_OK) != 0
  }
}

extension Substring {
  /// The text without white space around it.
  fileprivate var trimmed: Substring {
    var text = drop(while: \.isWhitespace)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
