/// How many characters may still come from each state of an automaton for strings: not only the fewest, but
/// every number after which the string can end.
///
/// With it, a length is counted beside the automaton and leads into no dead end: a pattern such as
/// `^(?:aa)*$` allows no string of three characters, and one `a` may only come where two are left.
///
/// The states from which exactly `n` characters lead to an end follow from those for `n - 1`. Sooner or later
/// the same set of states comes again, and with it all that follow; so the sets are listed up to there, and
/// every number is known.
final class CharacterLengths: Sendable {
  /// Where the list goes on when it has come to its end.
  private let cycleStart: Int
  private let count: Int
  private let wordsPerState: Int
  /// `[states, wordsPerState]`: one bit per number.
  private let bits: [UInt64]

  /// - Returns: `nil` if the budget is exhausted.
  init?(_ automaton: Automaton, _ budget: CompilationBudget) {
    let edges = Edges(automaton, budget)
    let stateCount = automaton.stateCount
    var sets: [[UInt64]] = []
    var indexOfSet: [[UInt64]: Int] = [:]
    var states = (0..<stateCount).filter { automaton.accepts($0) }
    while true {
      var set = [UInt64](repeating: 0, count: (stateCount + 63) / 64)
      for state in states { set[state / 64] |= 1 << UInt64(state % 64) }
      let followed = edges.extend(&states, &set)
      // The table of sets is hashed and then turned around.
      budget.spend(steps: followed / 4 + set.count + 4, bytes: set.count * 24 + 64)
      guard !budget.isExhausted else { return nil }
      if let known = indexOfSet[set] {
        cycleStart = known
        break
      }
      indexOfSet[set] = sets.count
      sets.append(set)
      states = edges.states(oneCharacterBefore: states)
    }
    count = sets.count
    wordsPerState = (sets.count + 63) / 64
    var bits = [UInt64](repeating: 0, count: stateCount * wordsPerState)
    budget.spend(steps: bits.count / 4 + sets.count * ((stateCount + 63) / 64), bytes: bits.count * 8)
    guard !budget.isExhausted else { return nil }
    for (number, set) in sets.enumerated() {
      for (index, word) in set.enumerated() {
        var rest = word
        while rest != 0 {
          let state = index * 64 + rest.trailingZeroBitCount
          bits[state * wordsPerState + number / 64] |= 1 << UInt64(number % 64)
          rest &= rest - 1
        }
      }
    }
    self.bits = bits
  }

  /// The fewest characters, but at least `minimum`, after which a string can end; `nil` if there is no such
  /// number.
  func fewest(from state: Int, atLeast minimum: Int) -> Int? {
    if minimum < cycleStart { return first(state, minimum..<count) }
    let period = count - cycleStart
    let offset = cycleStart + (minimum - cycleStart) % period
    if let found = first(state, offset..<count) { return minimum + (found - offset) }
    return first(state, cycleStart..<offset).map { minimum + (count - offset) + ($0 - cycleStart) }
  }

  private func first(_ state: Int, _ range: Range<Int>) -> Int? {
    guard !range.isEmpty else { return nil }
    let row = state * wordsPerState
    var index = range.lowerBound / 64
    var word = bits[row + index] & (.max << UInt64(range.lowerBound % 64))
    while word == 0 {
      index += 1
      guard index * 64 < range.upperBound else { return nil }
      word = bits[row + index]
    }
    let found = index * 64 + word.trailingZeroBitCount
    return found < range.upperBound ? found : nil
  }

  /// The states before each state, by whether a character begins on the way.
  private struct Edges {
    private var plain: [[Int32]]
    private var counted: [[Int32]]

    init(_ automaton: Automaton, _ budget: CompilationBudget) {
      plain = Array(repeating: [], count: automaton.stateCount)
      counted = plain
      for state in 0..<automaton.stateCount {
        let source = Int32(state)
        budget.spend(steps: 8)
        automaton.forEachEdge(from: state) { byte, next in
          if automaton.startsCharacter(state, byte) {
            if counted[next].last != source { counted[next].append(source) }
          } else if plain[next].last != source {
            plain[next].append(source)
          }
        }
      }
    }

    /// Adds the states from which those of the set are reached without another character.
    ///
    /// - Returns: how many edges were followed.
    func extend(_ states: inout [Int], _ set: inout [UInt64]) -> Int {
      var followed = states.count
      var index = 0
      while index < states.count {
        followed += plain[states[index]].count + counted[states[index]].count
        for source in plain[states[index]] where set[Int(source) / 64] >> UInt64(source % 64) & 1 == 0 {
          set[Int(source) / 64] |= 1 << UInt64(source % 64)
          states.append(Int(source))
        }
        index += 1
      }
      return followed
    }

    func states(oneCharacterBefore states: [Int]) -> [Int] {
      var seen: Set<Int32> = []
      for state in states { seen.formUnion(counted[state]) }
      return seen.map(Int.init)
    }
  }
}
