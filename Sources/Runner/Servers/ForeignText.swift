import GPTOSSTerminal

extension String {
  /// Text of a server in one line, as it may stand on a terminal.
  ///
  /// Names, descriptions and messages of servers are written by strangers: nothing of them may move the
  /// cursor or look like a line of this program.
  var foreignLine: String {
    let words = split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    return Style.visible(words.count > Self.foreignLimit ? words.prefix(Self.foreignLimit) + "…" : words)
  }

  /// The most characters of such a line: room for a reason and the last words of a server.
  private static let foreignLimit = 800
}
