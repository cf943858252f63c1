import Foundation
package import GPTOSSHarmony

/// A command of the chat, such as `/reset`.
package enum SlashCommand: Equatable {
  case help, reset, tools, stats, exit
  case save(path: String)
  case load(path: String)
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
    /// The command for an argument, empty if there is none; nil if it does not fit.
    let make: @Sendable (String) -> SlashCommand?

    var name: String { String(usage.prefix { $0 != " " }) }

    init(_ usage: String, _ does: String, _ make: @escaping @Sendable (String) -> SlashCommand?) {
      (self.usage, self.does, self.make) = (usage, does, make)
    }

    /// A command without an argument.
    init(_ usage: String, _ does: String, _ command: SlashCommand) {
      self.init(usage, does) { $0.isEmpty ? command : nil }
    }
  }

  private static let all: [Entry] = [
    Entry("/help", "show this", .help),
    Entry("/reset", "forget the conversation", .reset),
    Entry("/save FILE", "keep the conversation in a file") { $0.isEmpty ? nil : .save(path: $0) },
    Entry("/load FILE", "go on with a conversation from a file") { $0.isEmpty ? nil : .load(path: $0) },
    Entry("/effort low|medium|high", "set how much to reason; without a word, show it") { argument in
      if argument.isEmpty { return .effort(nil) }
      return ReasoningEffort(rawValue: argument).map { .effort($0) }
    },
    Entry("/tools", "list the tools that the model may call", .tools),
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
        "Alt-Enter begins a new line, up and down go through the history, Tab completes commands.",
      ]).joined(separator: "\n")
  }

  /// The commands that begin so.
  package static func completions(of beginning: String) -> [String] {
    guard beginning.hasPrefix("/") else { return [] }
    return all.map { entry in
      entry.usage == entry.name ? entry.name : "\(entry.name) "
    }.filter { $0.hasPrefix(beginning) }
  }
}

extension String {
  /// The text without white space around it.
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
