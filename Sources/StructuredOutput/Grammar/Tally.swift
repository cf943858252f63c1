/// What has been counted of an array or an object so far.
struct Tally: Hashable, Sendable {
  /// Elements or members, up to the largest number that makes a difference.
  var count: Int32 = 0
  /// Texts that must not be written again, by the number of their set.
  var used: UsedTexts.ID = UsedTexts.none
}

/// Sets of texts that have been written where each may be written once.
///
/// A text is its last byte and the text before; a set is its last text and the set before. Each is stored
/// once.
struct UsedTexts: Sendable {
  /// A set by its number.
  typealias ID = Int32
  /// A text by its number.
  typealias TextID = Int32

  /// The empty set.
  static let none: ID = -1
  /// The empty text.
  static let emptyText: TextID = -1

  private struct Letter: Hashable {
    var before: TextID
    var byte: UInt8
  }

  private struct Addition: Hashable {
    var before: ID
    var text: TextID
  }

  private var letters: [Letter] = []
  private var idOfLetter: [Letter: TextID] = [:]
  private var additions: [Addition] = []
  private var counts: [Int32] = []
  private var idOfAddition: [Addition: ID] = [:]

  /// A text with one more byte.
  mutating func append(_ byte: UInt8, to text: TextID) -> TextID {
    let letter = Letter(before: text, byte: byte)
    if let known = idOfLetter[letter] { return known }
    letters.append(letter)
    idOfLetter[letter] = TextID(letters.count - 1)
    return TextID(letters.count - 1)
  }

  mutating func append(_ bytes: some Sequence<UInt8>, to text: TextID) -> TextID {
    bytes.reduce(text) { append($1, to: $0) }
  }

  func bytes(of text: TextID) -> [UInt8] {
    var bytes: [UInt8] = []
    var text = text
    while text != Self.emptyText {
      bytes.append(letters[Int(text)].byte)
      text = letters[Int(text)].before
    }
    return bytes.reversed()
  }

  /// A set with one more text, which it does not have.
  mutating func insert(_ text: TextID, into set: ID) -> ID {
    let addition = Addition(before: set, text: text)
    if let known = idOfAddition[addition] { return known }
    counts.append(Int32(count(of: set) + 1))
    additions.append(addition)
    idOfAddition[addition] = ID(additions.count - 1)
    return ID(additions.count - 1)
  }

  func count(of set: ID) -> Int { set == Self.none ? 0 : Int(counts[Int(set)]) }

  /// The texts of a set, the last one first.
  func texts(of set: ID) -> some Sequence<TextID> {
    sequence(state: set) { (set: inout ID) -> TextID? in
      guard set != Self.none else { return nil }
      let addition = additions[Int(set)]
      set = addition.before
      return addition.text
    }
  }

  func contains(_ text: TextID, in set: ID) -> Bool { texts(of: set).contains(text) }

  /// What follows a beginning in those texts of a set that begin with it.
  func rests(of set: ID, after beginning: TextID = emptyText) -> [[UInt8]] {
    guard set != Self.none else { return [] }
    let start = bytes(of: beginning)
    return texts(of: set).map { bytes(of: $0) }.filter { $0.starts(with: start) }
      .map { Array($0.dropFirst(start.count)) }
  }

  /// How much is stored.
  struct Mark: Sendable {
    fileprivate var letterCount: Int
    fileprivate var additionCount: Int
  }

  var mark: Mark { Mark(letterCount: letters.count, additionCount: additions.count) }

  /// Forgets what was stored after a mark.
  mutating func forget(after mark: Mark) {
    while additions.count > mark.additionCount, let last = additions.popLast() {
      idOfAddition[last] = nil
      counts.removeLast()
    }
    while letters.count > mark.letterCount, let last = letters.popLast() { idOfLetter[last] = nil }
  }
}
