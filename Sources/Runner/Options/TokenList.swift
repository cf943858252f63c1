import GPTOSSTerminal
import GPTOSSTokenizer

/// Token ids as the command line has them: `1,2,3`, the path of a file with such a list, or `-` for standard
/// input.
///
/// Ids are separated by commas, spaces or line ends. A JSON array is read too.
struct TokenList {
  let tokens: [TokenID]

  init(argument: String) throws {
    let isList =
      argument != "-" && argument.allSatisfy { $0.isASCII && ($0.isNumber || ",-+ []".contains($0)) }
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
}

extension Substring {
  /// The text without white space around it.
  fileprivate var trimmed: Substring {
    var text = drop(while: \.isWhitespace)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
