/// One piece of JSON: a string, a number, a bracket.
///
/// What is counted beside the automaton is counted in the ``Parse``: the characters of a string, or the text
/// itself where it must differ from others.
final class Terminal: Sendable {
  let automaton: Automaton
  /// Characters of the string, if they are counted.
  let minimumCharacters: Int
  let maximumCharacters: Int?
  /// After how many characters a string can end; `nil` if after any.
  private let lengths: CharacterLengths?
  /// `[states]`: how many texts are left from each, if each text may be written once; see ``Uniqueness``.
  let textCounts: [Int32]?
  /// Bytes of the shortest text, at least; `nil` if no text fits.
  let shortestLength: Int?
  /// Of texts that are written once, how many there are of each number of bytes or fewer, up to
  /// ``uniqueLimit``.
  private let countsByLength: [Int]
  /// The most texts that are told apart: each is compared with all others.
  static let uniqueLimit = 1024

  /// The most characters that are counted.
  private static let characterLimit = Int(Int32.max) - 256

  init(_ automaton: Automaton) {
    self.automaton = automaton
    minimumCharacters = 0
    maximumCharacters = nil
    lengths = nil
    textCounts = nil
    countsByLength = []
    shortestLength = automaton.start == Automaton.dead ? nil : automaton.distance(from: automaton.start)
  }

  /// A string of some number of characters.
  ///
  /// - Parameter lengths: `nil` if the automaton takes any number.
  init(_ automaton: Automaton, _ lengths: CharacterLengths?, characters minimum: Int, _ maximum: Int?) {
    self.automaton = automaton
    minimumCharacters = min(minimum, Self.characterLimit)
    maximumCharacters = maximum.map { min($0, Self.characterLimit) }
    self.lengths = lengths
    textCounts = nil
    countsByLength = []
    guard automaton.start != Automaton.dead,
      let fewest = Self.missing(automaton.start, 0, minimum, maximum, automaton, lengths)
    else {
      shortestLength = nil
      return
    }
    shortestLength =
      lengths == nil || minimum == 0 && fewest == 0
      ? automaton.distance(from: automaton.start) + fewest : Self.longest(fewest)
  }

  /// A text that is written once.
  init(unique automaton: Automaton) {
    self.automaton = automaton
    minimumCharacters = 0
    maximumCharacters = nil
    lengths = nil
    textCounts = automaton.textCounts()
    countsByLength = automaton.countsByLength(upTo: Self.uniqueLimit + 1)
    shortestLength = automaton.start == Automaton.dead ? nil : automaton.distance(from: automaton.start)
  }

  var isUnique: Bool { textCounts != nil }

  /// Bytes of the shortest of the texts that are left when `count` have been written, at most.
  func shortestLength(without count: Int) -> Int {
    countsByLength.firstIndex { $0 > count } ?? max(countsByLength.count - 1, 0)
  }

  /// Whether the numbers of characters matter.
  var isCounted: Bool { minimumCharacters > 0 || maximumCharacters != nil }

  /// Whether the terminal can be completed from a state.
  func allows(_ state: Int, _ characterCount: Int) -> Bool {
    guard isCounted else { return true }
    return missing(state, characterCount) != nil
  }

  /// The number of characters after another; without a maximum, those past the minimum make no difference.
  func count(after characterCount: Int) -> Int {
    maximumCharacters != nil || characterCount < minimumCharacters ? characterCount + 1 : characterCount
  }

  /// The fewest characters that are still to come.
  private func missing(_ state: Int, _ characterCount: Int) -> Int? {
    Self.missing(state, characterCount, minimumCharacters, maximumCharacters, automaton, lengths)
  }

  private static func missing(
    _ state: Int, _ count: Int, _ minimum: Int, _ maximum: Int?, _ automaton: Automaton,
    _ lengths: CharacterLengths?
  ) -> Int? {
    let wanted = max(minimum - count, 0)
    // Behind the closing quote nothing comes.
    if wanted > 0, automaton.accepts(state) { return nil }
    guard let fewest = lengths.map({ $0.fewest(from: state, atLeast: wanted) }) ?? wanted,
      fewest <= (maximum ?? .max) - count
    else { return nil }
    return fewest
  }

  /// Bytes of that many characters and a quote, at most: each may be an escape.
  private static func longest(_ characters: Int) -> Int {
    let (length, overflow) = characters.multipliedReportingOverflow(by: 6)
    return overflow ? .max - 16 : min(length, .max - 16) + 8
  }

  /// Whether a minimum of characters asks for more.
  func asksForMore(_ characterCount: Int) -> Bool { characterCount < minimumCharacters }

  /// Bytes of ``shortestCompletion(from:_:)``, or a few more.
  func shortestLength(from state: Int, _ characterCount: Int) -> Int {
    guard isCounted, let missing = missing(state, characterCount) else {
      return automaton.distance(from: state)
    }
    return lengths == nil || missing == 0 && minimumCharacters == 0
      ? automaton.distance(from: state) + missing : Self.longest(missing)
  }

  /// The shortest rest: the fewest characters, each in the fewest bytes that can be had.
  func shortestCompletion(from state: Int, _ characterCount: Int) -> [UInt8] {
    guard isCounted else { return automaton.shortestCompletion(from: state) }
    guard let lengths else {
      var result = automaton.shortestCompletion(from: state)
      let missing = minimumCharacters - characterCount
      if missing > 0, result.last == 0x22 {
        result.insert(contentsOf: [UInt8](repeating: 0x78, count: missing), at: result.count - 1)
      }
      return result
    }
    var result: [UInt8] = []
    var state = state
    guard var rest = missing(state, characterCount) else { return result }
    while !automaton.accepts(state) {
      guard let step = nextStep(from: state, rest, lengths) else { return result }
      result.append(step.byte)
      if automaton.startsCharacter(state, step.byte) { rest -= 1 }
      state = step.next
    }
    return result
  }

  /// A byte after which exactly `rest` characters can still come, best one that ends its character.
  private func nextStep(from state: Int, _ rest: Int, _ lengths: CharacterLengths) -> (
    byte: UInt8, next: Int
  )? {
    var best: (byte: UInt8, next: Int)?
    var bestDistance = Int.max
    automaton.forEachEdge(from: state) { byte, next in
      let left = automaton.startsCharacter(state, byte) ? rest - 1 : rest
      guard left >= 0, lengths.fewest(from: next, atLeast: left) == left else { return }
      // ASCII is one byte, an escape two or more, and the rest of a character goes the shortest way.
      let cost = byte == 0x5C || byte >= 0xC0 ? 2 : 0
      guard best == nil || cost < bestDistance else { return }
      best = (byte, next)
      bestDistance = cost
    }
    return best
  }
}
