/// The full names of the tools that can be called.
///
/// With none given, nothing is known about them.
struct KnownTools: Sendable {
  private let names: Set<String>
  /// Full names by the part behind the namespace, where only one tool has it.
  private let fullNames: [Substring: String]

  init(_ names: some Sequence<String>) {
    self.names = Set(names)
    let named = self.names.compactMap { full in
      full.firstIndex(of: ".").map { (full[$0...].dropFirst(), full) }
    }
    fullNames = Dictionary(grouping: named) { $0.0 }.compactMapValues { $0.count == 1 ? $0[0].1 : nil }
  }

  var isEmpty: Bool { names.isEmpty }

  /// The full name for a name that may lack its namespace; nil if no such tool is known.
  func fullName(of name: String) -> String? {
    if names.contains(name) { return name }
    let function = ToolName.full(name)
    return names.contains(function) ? function : fullNames[name[...]]
  }

  /// Whether a word in a header names a tool: a known one, or one of a namespace of the format.
  func isTool(_ word: String) -> Bool { fullName(of: word) != nil || isInNamespace(word) }

  /// Whether a word is a tool's full name.
  func isInNamespace(_ word: String) -> Bool {
    names.contains(word) || ToolName.function(in: word) != nil || word == ToolNamespace.python.name
      || word.hasPrefix(ToolNamespace.browser.name + ".")
  }
}
