/// What follows the elements of an array: the end, or a comma and one more.
struct Elements: Sendable {
  /// Reads a comma and white space.
  let comma: RuleID
  let item: RuleID
  /// Reads white space and the closing bracket.
  let close: RuleID
  /// Elements that are still to come at least and at most when nothing has been counted.
  let minimum: Int
  let maximum: Int?
  /// The element, where none may come twice, and as many of the shortest ones as the minimum asks for.
  private let unique: Terminal?
  private let shortestDistinct: [[UInt8]]
  /// Where no element may come twice: how many there are, at most `Int32.max`.
  let distinctCount: Int?

  init(
    comma: RuleID, item: RuleID, close: RuleID, minimum: Int, maximum: Int?, unique: Terminal? = nil
  ) {
    self.comma = comma
    self.item = item
    self.close = close
    self.minimum = minimum
    self.maximum = maximum
    self.unique = unique
    guard let unique, let counts = unique.textCounts, unique.shortestLength != nil else {
      shortestDistinct = []
      distinctCount = unique == nil ? nil : 0
      return
    }
    distinctCount = Int(counts[unique.automaton.start])
    shortestDistinct = unique.automaton.shortestTexts(from: unique.automaton.start, count: minimum + 1)
  }

  func mayEnd(_ tally: Tally) -> Bool { Int(tally.count) >= minimum }

  func mayGoOn(_ tally: Tally, _ used: UsedTexts, in grammar: Grammar) -> Bool {
    grammar.isDerivable(item) && Int(tally.count) < maximum ?? .max
      && used.count(of: tally.used) < distinctCount ?? .max
  }

  /// The tally after one more element; without a maximum, those past the minimum make no difference.
  func next(_ tally: Tally) -> Tally {
    var next = tally
    if Int(tally.count) < maximum ?? minimum { next.count += 1 }
    return next
  }

  private func missing(_ tally: Tally) -> Int { max(minimum - Int(tally.count), 0) }

  /// Bytes of the shortest end.
  ///
  /// Elements that are told apart are taken to be the longest of those that may be needed.
  func shortestLength(_ tally: Tally, in grammar: Grammar) -> Int {
    let missing = missing(tally)
    let close = grammar.shortestLengths[close]
    guard missing > 0 else { return close }
    if let distinctCount, distinctCount <= missing { return Grammar.lengthLimit }
    let item =
      unique?.shortestLength(without: Int(tally.count) + missing) ?? grammar.shortestLengths[item]
    let (length, overflow) = missing.multipliedReportingOverflow(by: grammar.shortestLengths[comma] + item)
    return overflow ? Grammar.lengthLimit : min(length, Grammar.lengthLimit - close) + close
  }

  /// - Parameter used: texts that must not come again.
  func appendShortestText(
    _ tally: Tally, except used: Set<[UInt8]> = [], in grammar: Grammar, to text: inout [UInt8]
  ) {
    var distinct = shortestDistinct[...]
    for _ in 0..<missing(tally) {
      grammar.appendShortestText(of: comma, to: &text)
      if distinctCount == nil {
        grammar.appendShortestText(of: item, to: &text)
      } else {
        while let next = distinct.first, used.contains(next) { distinct.removeFirst() }
        text += distinct.popFirst() ?? []
      }
    }
    grammar.appendShortestText(of: close, to: &text)
  }
}
