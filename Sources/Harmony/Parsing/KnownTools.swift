/// The full names of the tools that can be called.
///
/// With none given, nothing is known about them.
struct KnownTools: Sendable {
  private let names: Set<String>

  init(_ names: some Sequence<String>) { self.names = Set(names) }

  var isEmpty: Bool { names.isEmpty }

  /// The full name for a name that may lack its namespace; nil if no such tool is known.
  func fullName(of name: String) -> String? {
    if names.contains(name) { return name }
    let function = ToolName.full(name)
    return names.contains(function) ? function : nil
  }

  /// Whether a word in a header names a tool: a known one, or one of a namespace of the format.
  func isTool(_ word: String) -> Bool { fullName(of: word) != nil || isInNamespace(word) }

  /// Whether a word is a tool's full name.
  func isInNamespace(_ word: String) -> Bool {
    names.contains(word) || ToolName.function(in: word) != nil || word == ToolNamespace.python.name
      || word.hasPrefix(ToolNamespace.browser.name + ".")
  }
}
