import ArgumentParser
import Foundation
import GPTOSS
import GPTOSSExampleTools

/// The tools that the runner has.
enum StandardTool: String, CaseIterable {
  case createFile = "create_file"
  case calculator
  case time

  /// All names, for people.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// The tool.
  ///
  /// - Parameter confirm: asks a person before a tool writes.
  func tool(confirm: @escaping CreateFile.Confirmation) -> any Tool {
    switch self {
    case .createFile: CreateFile(confirm: confirm)
    case .calculator: Calculator()
    case .time: CurrentTime()
    }
  }
}

/// Names of tools, separated by commas.
struct StandardTools {
  var names: [StandardTool] = []

  init() {}

  /// The lists that one that begins so may become, for shells: with each tool that it does not have yet.
  static func completions(of beginning: String) -> [String] {
    let words = beginning.split(separator: ",", omittingEmptySubsequences: false).dropLast()
    let listed = words.map { "\($0)," }.joined()
    return StandardTool.allCases.map(\.rawValue).filter { !words.contains($0[...]) }.map { listed + $0 }
  }

  /// Reads a list of names.
  ///
  /// - Throws: `ValidationError` that names the tools there are.
  init(argument: String) throws {
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let word = word.trimmingCharacters(in: .whitespaces)
      guard let name = StandardTool(rawValue: word) else {
        throw ValidationError("There is no tool \"\(word)\"; the tools are \(StandardTool.list).")
      }
      if !names.contains(name) { names.append(name) }
    }
  }
}
