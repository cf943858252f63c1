/// A rule of a grammar, by its number.
typealias RuleID = Int

/// A context-free grammar over bytes whose terminals are automata: every text that a constraint allows.
///
/// It is complete: from every rule a finite text can be derived, and ``shortestLengths`` says how long the
/// shortest one is.
struct Grammar: Sendable {
  enum Rule: Sendable {
    case terminal(Terminal)
    case sequence(RuleID, RuleID)
    case choice([RuleID])
  }

  /// One piece of JSON; of a string, how many characters it has.
  struct Terminal: Sendable {
    var automaton: Automaton
    var minimumCharacters = 0
    var maximumCharacters: Int?

    /// Bytes of the shortest text, of which a character takes one at least.
    var shortestLength: Int { automaton.distance(from: automaton.start) + minimumCharacters }
  }

  private(set) var rules: [Rule]
  let start: RuleID
  /// `[rules]`: bytes of the shortest text.
  let shortestLengths: [Int]
  /// `[rules]`: the depth of the stack that reading the shortest text needs.
  let shortestDepths: [Int]

  /// The shortest text of a rule must have fewer bytes than this.
  static let lengthLimit = 1 << 20

  /// Finds the shortest texts and takes out the choices that lead nowhere.
  ///
  /// - Returns: `nil` if no text can be derived from `start` in less than ``lengthLimit`` bytes.
  init?(rules: [Rule], start: RuleID) {
    var lengths = [Int](repeating: Self.lengthLimit, count: rules.count)
    var depths = [Int](repeating: 0, count: rules.count)
    // Rules mostly refer to earlier ones or to later ones; going both ways settles either soon.
    var hasChanged = true
    var isForward = true
    while hasChanged {
      hasChanged = false
      for step in rules.indices {
        let id = isForward ? step : rules.count - 1 - step
        let (length, depth) = Self.shortest(rules[id], lengths, depths)
        if length < lengths[id] {
          lengths[id] = length
          depths[id] = depth
          hasChanged = true
        }
      }
      isForward.toggle()
    }
    guard lengths[start] < Self.lengthLimit else { return nil }
    self.rules = rules.map { rule in
      guard case .choice(let options) = rule else { return rule }
      return .choice(options.filter { lengths[$0] < Self.lengthLimit })
    }
    self.start = start
    shortestLengths = lengths
    shortestDepths = depths
  }

  private static func shortest(_ rule: Rule, _ lengths: [Int], _ depths: [Int]) -> (length: Int, depth: Int) {
    switch rule {
    case .terminal(let terminal):
      guard terminal.automaton.start != Automaton.dead else { return (lengthLimit, 0) }
      return (min(terminal.shortestLength, lengthLimit), 0)
    case .sequence(let first, let second):
      return (
        min(lengths[first] + lengths[second], lengthLimit), max(depths[first] + 1, depths[second])
      )
    case .choice(let options):
      var best = (length: lengthLimit, depth: 0)
      for option in options where lengths[option] < best.length { best = (lengths[option], depths[option]) }
      return best
    }
  }

  /// The option of a choice that leads to its shortest text.
  func shortestOption(_ options: [RuleID]) -> RuleID? {
    options.min { shortestLengths[$0] < shortestLengths[$1] }
  }
}
