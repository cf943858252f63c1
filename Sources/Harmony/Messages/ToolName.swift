/// How tools are named.
///
/// A full name, which stands in headers, is an app's own tool behind `functions.`, or a built-in tool such as
/// `browser.search` or `python`.
package enum ToolName {
  /// The namespace of an app's own tools.
  package static let functions = "functions"
  private static let prefix = "functions."

  /// Whether a name is one that models and APIs take: 1 to 64 of letters, digits, `_`, `-` and `.`.
  package static func isValid(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E }
  }

  /// The full name of an app's own tool: `functions.get_weather` for `get_weather`.
  package static func full(_ name: String) -> String { prefix + name }

  /// The name of an app's own tool without its namespace; nil for the full name of a built-in tool.
  package static func function(in fullName: String) -> String? {
    fullName.hasPrefix(prefix) ? String(fullName.dropFirst(prefix.count)) : nil
  }
}
