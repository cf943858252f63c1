import GPTOSSPlatform

extension String {
  /// Text of a server in one line, as it may stand on a terminal.
  ///
  /// Names, descriptions and messages of servers are written by strangers, and of any length.
  var foreignLine: String {
    let words = split { $0.isNewline || $0 == "\t" }.joined(separator: " ").unicodeScalars
    let isLong = words.dropFirst(Self.foreignLimit).first != nil
    return (String(words.prefix(Self.foreignLimit)) + (isLong ? "…" : "")).inert
  }

  /// The most characters of such a line: room for a reason and the last words of a server.
  private static let foreignLimit = 800
}
