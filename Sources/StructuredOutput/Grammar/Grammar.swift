/// A rule of a grammar, by its number.
typealias RuleID = Int

/// A context-free grammar over bytes whose terminals are automata: every text that a constraint allows.
///
/// Elements of arrays and members of objects are counted beside the rules: a rule for what follows them is
/// read with a ``Tally``, which a ``Frame`` keeps.
///
/// It is complete: from every rule a finite text can be derived, and ``shortestLengths`` says how long the
/// shortest one is.
struct Grammar: Sendable {
  enum Rule: Sendable {
    case terminal(Terminal)
    case sequence(RuleID, RuleID)
    case choice([RuleID])
    /// What follows the elements of an array.
    case elements(Elements)
    /// A place in an object.
    case members(Int, MemberPlace)
  }

  private(set) var rules: [Rule]
  let start: RuleID
  /// The objects, with what is known about them.
  private(set) var objects: [Members]
  /// `[rules]`: bytes of the shortest text, or a few more.
  private(set) var shortestLengths: [Int]
  /// `[rules]`: the depth of the stack that reading the shortest text needs.
  private(set) var shortestDepths: [Int]

  /// The shortest text of a rule must have fewer bytes than this.
  static let lengthLimit = 1 << 20

  /// Finds the shortest texts and takes out the choices that lead nowhere.
  ///
  /// - Throws: `unsatisfiable` if no text can be derived from `start` in less than ``lengthLimit`` bytes, and
  ///   what the budget throws.
  init(
    _ builder: GrammarBuilder, start: RuleID, _ budget: CompilationBudget
  ) throws(StructuredOutputError) {
    rules = builder.rules
    objects = builder.objects
    self.start = start
    shortestLengths = [Int](repeating: Self.lengthLimit, count: builder.rules.count)
    shortestDepths = [Int](repeating: 0, count: builder.rules.count)
    // Rules mostly refer to earlier ones or to later ones; going both ways settles either soon.
    var hasChanged = true
    var isForward = true
    while hasChanged {
      hasChanged = false
      for step in rules.indices {
        let id = isForward ? step : rules.count - 1 - step
        budget.spend(steps: 1)
        let (length, depth) = shortest(rules[id], budget)
        if length < shortestLengths[id] {
          shortestLengths[id] = length
          shortestDepths[id] = depth
          hasChanged = true
        }
      }
      try budget.check()
      isForward.toggle()
    }
    guard isDerivable(start) else { throw .unsatisfiable(path: "#") }
    for id in rules.indices {
      if case .choice(let options) = rules[id] { rules[id] = .choice(options.filter(isDerivable)) }
    }
  }

  /// Whether a text can be derived from a rule, as far as is known.
  func isDerivable(_ rule: RuleID) -> Bool { shortestLengths[rule] < Self.lengthLimit }

  private mutating func shortest(_ rule: Rule, _ budget: CompilationBudget) -> (length: Int, depth: Int) {
    let limit = Self.lengthLimit
    switch rule {
    case .terminal(let terminal): return (min(terminal.shortestLength ?? limit, limit), 0)
    case .sequence(let first, let second):
      return (
        min(shortestLengths[first] + shortestLengths[second], limit),
        max(shortestDepths[first] + 1, shortestDepths[second])
      )
    case .choice(let options):
      budget.spend(steps: options.count)
      var best = (length: limit, depth: 0)
      for option in options where shortestLengths[option] < best.length {
        best = (shortestLengths[option], shortestDepths[option])
      }
      return best
    case .elements(let elements):
      let length = elements.shortestLength(Tally(), in: self)
      // A limit that cannot be reached leaves the end alone.
      let depth = elements.minimum > 0 ? shortestDepths[elements.item] + 1 : 0
      return (length, max(depth, shortestDepths[elements.close]))
    case .members(let object, .first):
      objects[object].settle(in: self)
      budget.spend(steps: objects[object].members.count)
      let length = objects[object].shortestLength(.first, Tally(), in: self)
      return (length, objects[object].reservedDepth(in: self))
    // Other places are read behind the first, with a tally.
    case .members: return (limit, 0)
    }
  }

  /// The option of a choice that leads to its shortest text.
  func shortestOption(_ options: [RuleID]) -> RuleID? {
    options.min { shortestLengths[$0] < shortestLengths[$1] }
  }

  /// Bytes of the shortest text of a rule that is read with a tally.
  func shortestLength(of rule: RuleID, _ tally: Tally) -> Int {
    switch rules[rule] {
    case .elements(let elements): elements.shortestLength(tally, in: self)
    case .members(let object, let place): objects[object].shortestLength(place, tally, in: self)
    default: shortestLengths[rule]
    }
  }

  /// Adds the shortest text of a rule that is read with a tally.
  func appendShortestText(of rule: RuleID, _ tally: Tally = Tally(), to text: inout [UInt8]) {
    var pending = [rule]
    // The first element, where the others must differ from it.
    var used: Set<[UInt8]> = []
    while let next = pending.popLast() {
      switch rules[next] {
      case .terminal(let terminal):
        let shortest = terminal.shortestCompletion(from: terminal.automaton.start, 0)
        text += shortest
        if terminal.isUnique { used = [shortest] }
      case .sequence(let first, let second): pending += [second, first]
      case .choice(let options): if let option = shortestOption(options) { pending.append(option) }
      // Only the first rule has a tally of its own.
      case .elements(let elements):
        elements.appendShortestText(next == rule ? tally : Tally(), except: used, in: self, to: &text)
      case .members(let object, let place):
        objects[object].appendShortestText(place, next == rule ? tally : Tally(), in: self, to: &text)
      }
    }
  }
}
