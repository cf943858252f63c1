import Foundation
package import GPTOSSHarmony
package import GPTOSSJSON
package import GPTOSSTerminal

/// A command of the chat, such as `/reset`.
package enum SlashCommand: Equatable {
  case help, reset, tools, stats, exit
  /// `force` lets the file take the place of another.
  case save(path: String, force: Bool = false)
  case load(path: String)
  /// Nil shows the servers; else a tool of theirs is called.
  case mcp(ToolCommand?)
  /// Nil asks for the current one.
  case effort(ReasoningEffort?)

  /// Reads a line that begins with a slash.
  ///
  /// - Throws: `RunnerError.unknownCommand`, `.malformedCommand`.
  package init(_ line: String) throws(RunnerError) {
    let word = line.prefix { !$0.isWhitespace }
    guard let entry = Self.all.first(where: { $0.name == word }) else {
      throw .unknownCommand(String(word), known: Self.all.map(\.name))
    }
    let argument = String(line.dropFirst(word.count)).trimmed
    guard let command = entry.make(argument) else { throw .malformedCommand(usage: entry.usage) }
    self = command
  }

  private struct Entry: Sendable {
    let usage: String
    let does: String
    /// What an argument that begins so may become.
    let completions: @Sendable (String) -> [Completion]
    /// The command for an argument, empty if there is none; nil if it does not fit.
    let make: @Sendable (String) -> SlashCommand?

    var name: String { String(usage.prefix { $0 != " " }) }

    init(
      _ usage: String, _ does: String,
      completions: @escaping @Sendable (String) -> [Completion] = { _ in [] },
      _ make: @escaping @Sendable (String) -> SlashCommand?
    ) {
      (self.usage, self.does, self.completions, self.make) = (usage, does, completions, make)
    }

    /// A command without an argument.
    init(_ usage: String, _ does: String, _ command: SlashCommand) {
      self.init(usage, does) { $0.isEmpty ? command : nil }
    }
  }

  private static let all: [Entry] = [
    Entry("/help", "show this", .help),
    Entry("/reset", "forget the conversation", .reset),
    Entry(
      "/save [--force] FILE", "keep the conversation in a file; --force replaces one",
      completions: { argument in
        let (force, path) = split(argument)
        let option = force.isEmpty && !path.isEmpty && "--force ".hasPrefix(path)
        return (option ? [Completion("--force ", label: "--force")] : [])
          + Completion.paths(beginning: path).map { Completion(force + $0.text, label: $0.label) }
      },
      { argument in
        let (force, path) = split(argument)
        return path.isEmpty || path == "-" || path == "--force"
          ? nil : .save(path: path, force: !force.isEmpty)
      }),
    Entry(
      "/load FILE", "go on with a conversation from a file", completions: Completion.paths(beginning:),
      { $0.isEmpty ? nil : .load(path: $0) }),
    Entry(
      "/effort low|medium|high", "set how much to reason; without a word, show it",
      completions: { beginning in
        ReasoningEffort.allCases.map(\.rawValue).filter { $0.hasPrefix(beginning) }.map {
          Completion($0, label: $0)
        }
      }
    ) { argument in
      if argument.isEmpty { return .effort(nil) }
      return ReasoningEffort(rawValue: argument).map { .effort($0) }
    },
    Entry("/tools", "list the tools that the model may call", .tools),
    Entry("/mcp [TOOL [JSON]]", "show the MCP servers and what their tools take; or call a tool yourself") {
      $0.isEmpty ? .mcp(nil) : ToolCommand($0).map { .mcp($0) }
    },
    Entry("/stats", "show figures of the last answer and the conversation", .stats),
    Entry("/exit", "end the chat", .exit),
  ]

  /// What `/help` shows.
  static var overview: String {
    let width = all.map(\.usage.count).max() ?? 0
    let lines = all.map { $0.usage.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.does }
    return
      (lines + [
        "", "Text that begins with / is written with //. Ctrl-C stops an answer; Ctrl-D ends the chat.",
        "Alt-Enter begins a new line, up and down go through the history, Ctrl-R searches it. Tab completes",
        "commands and what stands behind them; pressed again, it shows the choices.",
      ]).joined(separator: "\n")
  }

  /// The commands that begin so, with what may stand behind their names.
  package static func completions(of beginning: String) -> [Completion] {
    guard beginning.hasPrefix("/") else { return [] }
    guard let space = beginning.firstIndex(where: \.isWhitespace) else {
      return all.filter { $0.name.hasPrefix(beginning) }.map {
        Completion($0.usage == $0.name ? $0.name : "\($0.name) ", label: $0.name)
      }
    }
    guard let entry = all.first(where: { $0.name == beginning[..<space] }) else { return [] }
    let argument = beginning[space...].drop(while: \.isWhitespace)
    return entry.completions(String(argument)).map {
      Completion(beginning[..<argument.startIndex] + $0.text, label: $0.label)
    }
  }

  /// The argument of `/save`: `--force ` if it is there, and the path.
  private static func split(_ argument: String) -> (force: String, path: String) {
    let force = "--force "
    guard argument.hasPrefix(force) else { return ("", argument) }
    return (force, String(argument.dropFirst(force.count)).trimmed)
  }
}

/// A call of a tool that a person types: `time_get_current_time {"timezone": "UTC"}`.
package struct ToolCommand: Equatable {
  package let name: String
  package let arguments: JSONObject

  /// - Returns: nil if something else than a JSON object stands behind the name.
  package init?(_ text: String) {
    name = String(text.prefix { !$0.isWhitespace })
    let json = text.dropFirst(name.count).drop(while: \.isWhitespace)
    if json.isEmpty {
      arguments = JSONObject()
    } else {
      do {
        guard let object = try JSONValue(parsing: String(json)).objectValue else { return nil }
        arguments = object
      } catch { return nil }
    }
  }
}

extension String {
  /// The text without white space around it.
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
