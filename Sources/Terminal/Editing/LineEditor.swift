/// A text being typed and the cursor in it: a pure state machine, keys in, text out.
///
/// The text may have several lines. Up and down move between them, and from the first and last line to
/// earlier and later entries of the history. What was typed before looking at the history is found again
/// below its end. ``HistorySearch`` finds entries by a part of them.
package struct LineEditor {
  /// What a key has led to.
  package enum Outcome: Equatable, Sendable {
    /// The text or the cursor may have changed.
    case editing
    /// The text is complete.
    case entered
    /// Ctrl-D on an empty line.
    case ended
    case interrupted
    case suspended
    case clearedScreen
    /// The rest of a word is asked for.
    case completing
  }

  /// The text left of the cursor.
  package private(set) var before = ""
  /// The text right of it.
  package private(set) var after = ""
  /// All of the text.
  package var text: String { before + after }

  /// The search through the history that is under way; nil if there is none.
  package private(set) var search: HistorySearch?
  /// What is to be seen left and right of the cursor: the text, or what a search has found.
  package var shown: (before: String, after: String) {
    guard let search, let match = search.match else { return (before, after) }
    let found = entries[match]
    guard let range = found.lastRange(of: search.query) else { return (found, "") }
    return (String(found[..<range.upperBound]), String(found[range.upperBound...]))
  }

  private var deleted = ""
  /// The history, oldest first, and the new text; edits of entries last as long as this line.
  private var entries: [String]
  private var entry: Int

  /// An empty text.
  package init(history: [String] = []) {
    entries = history + [""]
    entry = history.count
  }

  /// Replaces the text; the cursor goes to its end.
  package mutating func replace(with text: String) {
    (before, after) = (text, "")
  }

  /// Does what a key asks for.
  package mutating func apply(_ key: Key) -> Outcome {
    if search != nil, isSearching(key) { return .editing }
    switch key {
    case .search: search = HistorySearch()
    case .endSearch: break
    case .enter: return .entered
    case .interrupt: return .interrupted
    case .suspend: return .suspended
    case .clearScreen: return .clearedScreen
    case .complete: return .completing
    case .deleteRightOrEnd:
      if text.isEmpty { return .ended }
      after = String(after.dropFirst())
    case .text(let text), .paste(let text): before += text
    case .lineBreak: before += "\n"
    case .yank: before += deleted
    case .up: moveUp()
    case .down: moveDown()
    case .left: move(by: -1)
    case .right: move(by: 1)
    case .start: move(by: -lineBeforeCursor.count)
    case .end: move(by: lineAfterCursor.count)
    case .wordLeft: move(by: -wordBeforeCursor)
    case .wordRight: move(by: wordAfterCursor)
    case .deleteLeft: before = String(before.dropLast())
    case .deleteRight: after = String(after.dropFirst())
    case .deleteWordLeft: deleteLeft(wordBeforeCursor)
    case .deleteWordRight: deleteRight(wordAfterCursor)
    case .deleteToStart: deleteLeft(lineBeforeCursor.count)
    case .deleteToEnd: deleteRight(lineAfterCursor.count)
    }
    return .editing
  }

  // MARK: Searching

  /// Lets the search have a key. Any key that is not about the search ends it: what was found becomes the
  /// text, and the key does what it does there.
  ///
  /// - Returns: whether that was all that the key does.
  private mutating func isSearching(_ key: Key) -> Bool {
    // The last entry is the text being typed.
    let history = entries.dropLast()
    switch key {
    case .text(let text), .paste(let text): search?.extend(by: text, in: history)
    case .deleteLeft: search?.shorten(in: history)
    case .search: search?.goOn(in: history)
    case .endSearch, .interrupt: search = nil
    default:
      let (found, match) = (shown, search?.match)
      search = nil
      guard let match else { return false }
      show(match)
      (before, after) = found
      return false
    }
    return true
  }

  /// Moves the cursor by a number of characters, as far as there are any.
  private mutating func move(by distance: Int) {
    let text = text
    let length = distance < 0 ? max(before.count + distance, 0) : min(before.count + distance, text.count)
    before = String(text.prefix(length))
    after = String(text.dropFirst(length))
  }

  private mutating func deleteLeft(_ count: Int) {
    guard count > 0 else { return }
    deleted = String(before.suffix(count))
    before = String(before.dropLast(count))
  }

  private mutating func deleteRight(_ count: Int) {
    guard count > 0 else { return }
    deleted = String(after.prefix(count))
    after = String(after.dropFirst(count))
  }

  // MARK: Lines and words

  private var lineBeforeCursor: Substring {
    before[(before.lastIndex(of: "\n").map(before.index(after:)) ?? before.startIndex)...]
  }
  private var lineAfterCursor: Substring { after.prefix { $0 != "\n" } }

  /// How many characters stand between the cursor and the start of the word that it is in or behind.
  private var wordBeforeCursor: Int {
    let reversed = before.reversed()
    let space = reversed.prefix { !$0.isWordCharacter }.count
    return space + reversed.dropFirst(space).prefix { $0.isWordCharacter }.count
  }

  /// How many characters stand between the cursor and the end of the word that it is in or before.
  private var wordAfterCursor: Int {
    let space = after.prefix { !$0.isWordCharacter }.count
    return space + after.dropFirst(space).prefix { $0.isWordCharacter }.count
  }

  private mutating func moveUp() {
    let column = lineBeforeCursor.count
    if column < before.count {
      move(by: -column - 1)
      move(by: min(column - lineBeforeCursor.count, 0))
    } else if entry > 0 {
      show(entry - 1)
    }
  }

  private mutating func moveDown() {
    let column = lineBeforeCursor.count
    let rest = lineAfterCursor.count
    if rest < after.count {
      move(by: rest + 1)
      move(by: min(column, lineAfterCursor.count))
    } else if entry < entries.count - 1 {
      show(entry + 1)
    }
  }

  private mutating func show(_ other: Int) {
    entries[entry] = text
    entry = other
    replace(with: entries[other])
  }
}

extension Character {
  fileprivate var isWordCharacter: Bool { isLetter || isNumber || self == "_" }
}
