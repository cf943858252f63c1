import ArgumentParser
import GPTOSSPlatform
import GPTOSSTerminal
import GPTOSSTokenizer

/// Where the command line has token ids: in itself, as `1,2,3`, in a file with such a list, or, for `-`, in
/// standard input.
///
/// Ids are separated by commas, spaces or line ends. A JSON array is read too.
enum TokenSource {
  case list([TokenID])
  case input(Input)

  /// Reads an argument.
  ///
  /// - Throws: `ValidationError` for a list that is none.
  init(argument: String) throws(ValidationError) {
    if argument.isEmpty { throw ValidationError("the list is empty; \(Self.remedy).") }
    guard Self.isList(argument) else {
      self = .input(Input(path: argument))
      return
    }
    let tokens: [TokenID]
    do throws(NoToken) { tokens = try Self.tokens(in: argument) } catch {
      throw ValidationError("\"\(error.word)\" is not a token id; \(Self.remedy).")
    }
    guard !tokens.isEmpty else { throw ValidationError("the list is empty; \(Self.remedy).") }
    self = .list(tokens)
  }

  /// The file that has the ids; nil for a list of the command line.
  var path: String? {
    if case .input(let input) = self { input.path } else { nil }
  }

  private static let remedy = "give ids such as 1,2,3, a file with such a list, or - for standard input"

  /// The ids, at least one.
  ///
  /// - Throws: `RunnerError.malformedTokens`, `.noTokens` for a file that has no such list; what reading throws.
  func tokens() throws -> [TokenID] {
    switch self {
    case .list(let tokens): return tokens
    case .input(let input):
      let text = try input.readText()
      let tokens: [TokenID]
      do throws(NoToken) { tokens = try Self.tokens(in: text) } catch {
        throw RunnerError.malformedTokens(source: input.name, found: error.word)
      }
      guard !tokens.isEmpty else { throw RunnerError.noTokens(source: input.name) }
      return tokens
    }
  }

  /// A word in a list that is no token id.
  private struct NoToken: Error {
    let word: String
  }

  private static func tokens(in text: String) throws(NoToken) -> [TokenID] {
    var list = text[...].trimmed
    if list.first == "[", list.last == "]" { list = list.dropFirst().dropLast() }
    return try list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { (word) throws(NoToken) in
      guard let token = TokenID(word), token >= 0 else { throw NoToken(word: String(word.prefix(40))) }
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
