import Foundation

/// A search through the history, from its end to its beginning, for entries that contain a text: a pure state
/// machine.
package struct HistorySearch: Equatable {
  /// What is searched for.
  package private(set) var query = ""
  /// The entry found; it stays when a longer text is in none.
  package private(set) var match: Int?
  /// Whether no further entry contains the text.
  package private(set) var isFailing = false

  /// Searches for more, in the entry found and those before it.
  mutating func extend(by text: String, in history: ArraySlice<String>) {
    query += text
    find(before: match.map { $0 + 1 } ?? history.endIndex, in: history)
  }

  /// Searches for less, from the end of the history.
  mutating func shorten(in history: ArraySlice<String>) {
    query = String(query.dropLast())
    match = nil
    isFailing = false
    if !query.isEmpty { find(before: history.endIndex, in: history) }
  }

  /// Goes on to an earlier entry.
  mutating func goOn(in history: ArraySlice<String>) {
    guard !query.isEmpty else { return }
    find(before: match ?? history.endIndex, in: history)
  }

  private mutating func find(before end: Int, in history: ArraySlice<String>) {
    let found = history[..<end].lastIndex { $0.lastRange(of: query) != nil }
    isFailing = found == nil
    match = found ?? match
  }
}

extension String {
  /// Where a text stands last in this one; nil for none, and for an empty text. Only a text with capitals
  /// tells capitals from small letters.
  func lastRange(of text: String) -> Range<Index>? {
    range(
      of: text, options: text.contains(where: \.isUppercase) ? .backwards : [.backwards, .caseInsensitive])
  }
}
