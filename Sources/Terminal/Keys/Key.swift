/// What a person does to a line, whatever bytes the terminal sends for it.
package enum Key: Equatable, Sendable {
  /// Types a character, or a part of one: an accent comes on its own.
  case text(String)
  /// Pastes, line ends included.
  case paste(String)
  /// Is done with the line.
  case enter
  /// Begins another line of the same text.
  case lineBreak
  case left, right, up, down, start, end, wordLeft, wordRight
  case deleteLeft, deleteRight, deleteWordLeft, deleteWordRight, deleteToStart, deleteToEnd
  /// Deletes to the right, or ends the input where there is no text: Ctrl-D.
  case deleteRightOrEnd
  /// Puts back what was deleted last.
  case yank
  /// Asks for the rest of a word: Tab.
  case complete
  /// Searches the history, or goes on to an earlier match: Ctrl-R.
  case search
  /// Ends a search without taking what it found: Ctrl-G.
  case endSearch
  case clearScreen
  /// Ctrl-C.
  case interrupt
  /// Ctrl-Z.
  case suspend
}
