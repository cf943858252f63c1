import GPTOSSTerminal

extension String {
  /// Text of a server in one line, as it may stand on a terminal.
  ///
  /// Names, descriptions and messages of servers are written by strangers: nothing of them may move the
  /// cursor or look like a line of this program.
  var foreignLine: String {
    let words = split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    return Style.visible(words.count > 300 ? words.prefix(300) + "…" : words)
  }
}
