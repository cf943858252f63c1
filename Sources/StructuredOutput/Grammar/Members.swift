/// A place in an object.
enum MemberPlace: Sendable, Hashable {
  /// Behind the opening brace.
  case first
  /// Behind a comma; members before this one have been decided on.
  case key(Int)
  /// Behind a member; members before this one have been decided on.
  case end(Int)
  /// Behind the name of a member that is not declared.
  case afterName
}

/// The members of an object, in the order in which they come, then others.
struct Members: Sendable {
  struct Member: Sendable {
    /// Reads the name and the colon.
    let key: RuleID
    let value: RuleID
    let isRequired: Bool
  }

  /// A member that is not declared.
  struct Other: Sendable {
    /// Reads the name; a text that is written once if the object has a minimum.
    let name: RuleID
    /// Reads the colon and the value.
    let value: RuleID
    /// As many of the shortest names as may be needed, where no name may come twice.
    let shortestNames: [[UInt8]]
    /// The name, where none may come twice.
    let uniqueName: Terminal?
    /// Where no name may come twice: how many there are, at most `Int32.max`.
    let nameCount: Int?
  }

  /// How to read what stands between the members.
  struct Punctuation: Sendable {
    /// Reads a comma and white space.
    let comma: RuleID
    /// Reads white space.
    let space: RuleID
    /// Reads the closing brace, without and with white space before it.
    let close: RuleID
    let spacedClose: RuleID
  }

  let members: [Member]
  let other: Other?
  let punctuation: Punctuation
  let minimum: Int
  let maximum: Int?
  /// The rules of the places.
  private(set) var ruleOfKey: [RuleID] = []
  private(set) var ruleOfEnd: [RuleID] = []
  private(set) var afterName: RuleID = 0

  /// `[members + 1]`: how many from each on must come, and can come.
  private var requiredCounts: [Int] = []
  private var derivableCounts: [Int] = []
  /// `[members + 1]`: whether from each on those that must come can come.
  private var isCompletable: [Bool] = []
  private var isDerivable: [Bool] = []
  private var isOtherDerivable = false

  init(
    _ members: [Member], other: Other?, punctuation: Punctuation, minimum: Int, maximum: Int?
  ) {
    self.members = members
    self.other = other
    self.punctuation = punctuation
    self.minimum = minimum
    self.maximum = maximum
  }

  mutating func setRules(keys: [RuleID], ends: [RuleID], afterName: RuleID) {
    ruleOfKey = keys
    ruleOfEnd = ends
    self.afterName = afterName
  }

  /// Takes note of which members can be had at all, as far as the grammar knows.
  mutating func settle(in grammar: Grammar) {
    isDerivable = members.map { grammar.isDerivable($0.key) && grammar.isDerivable($0.value) }
    isOtherDerivable = other.map { grammar.isDerivable($0.name) && grammar.isDerivable($0.value) } ?? false
    requiredCounts = [0]
    derivableCounts = [0]
    isCompletable = [true]
    for (index, member) in members.enumerated().reversed() {
      requiredCounts.append(requiredCounts[requiredCounts.count - 1] + (member.isRequired ? 1 : 0))
      derivableCounts.append(derivableCounts[derivableCounts.count - 1] + (isDerivable[index] ? 1 : 0))
    }
    for (index, member) in members.enumerated().reversed() {
      isCompletable.append(
        isCompletable[isCompletable.count - 1] && (isDerivable[index] || !member.isRequired))
    }
    requiredCounts.reverse()
    derivableCounts.reverse()
    isCompletable.reverse()
  }

  // MARK: Counting

  /// The tally after one more member; numbers that make no difference are not told apart.
  private func next(_ tally: Tally) -> Tally {
    var next = tally
    if Int(tally.count) < maximum ?? minimum { next.count += 1 }
    return next
  }

  /// Whether an object can be completed in which the members before `index` have been decided on.
  private func canComplete(_ index: Int, _ tally: Tally, _ used: Int) -> Bool {
    guard isCompletable[index] else { return false }
    let count = Int(tally.count)
    guard count + requiredCounts[index] <= maximum ?? .max else { return false }
    if count + derivableCounts[index] >= minimum { return true }
    guard isOtherDerivable else { return false }
    return count + derivableCounts[index] + ((other?.nameCount ?? .max / 2) - used) >= minimum
  }

  /// A way on: what is read next, and what follows it.
  struct Way {
    /// In the order in which they are read.
    var rules: [RuleID]
    var then: RuleID?
    var tally: Tally
  }

  /// The depth of the stack below an object that is kept free for members that it may need.
  func reservedDepth(in grammar: Grammar) -> Int {
    var depth = 0
    for member in members where member.isRequired || minimum > 0 {
      depth = max(depth, grammar.shortestDepths[member.value])
    }
    if let other, minimum > 0 { depth = max(depth, grammar.shortestDepths[other.value]) }
    return depth + 2
  }

  /// The ways on from a place.
  ///
  /// - Parameter room: how deep the stack may become below the object; members that need more are left out.
  func ways(
    from place: MemberPlace, _ tally: Tally, _ used: UsedTexts, room: Int, in grammar: Grammar
  ) -> [Way] {
    let usedCount = used.count(of: tally.used)
    let fits = { (value: RuleID) in grammar.shortestDepths[value] + 1 <= room }
    switch place {
    case .first:
      var ways = [Way(rules: [punctuation.space], then: ruleOfKey[0], tally: tally)]
      if minimum == 0, requiredCounts[0] == 0 {
        ways.insert(Way(rules: [punctuation.close], tally: tally), at: 0)
      }
      if keyWays(0, tally, usedCount, limit: 1, fits).isEmpty { ways.removeLast() }
      return ways
    case .key(let index): return keyWays(index, tally, usedCount, fits)
    case .end(let index):
      var ways: [Way] = []
      if Int(tally.count) >= minimum, requiredCounts[index] == 0 {
        ways.append(Way(rules: [punctuation.spacedClose], tally: tally))
      }
      if !keyWays(index, tally, usedCount, limit: 1, fits).isEmpty {
        ways.append(Way(rules: [punctuation.comma], then: ruleOfKey[index], tally: tally))
      }
      return ways
    case .afterName:
      guard let other else { return [] }
      return [Way(rules: [other.value], then: ruleOfEnd[members.count], tally: tally)]
    }
  }

  private func keyWays(
    _ first: Int, _ tally: Tally, _ used: Int, limit: Int = .max, _ fits: (RuleID) -> Bool
  ) -> [Way] {
    guard Int(tally.count) < maximum ?? .max else { return [] }
    let next = next(tally)
    var ways: [Way] = []
    for index in first..<members.count {
      let member = members[index]
      if isDerivable[index], fits(member.value), canComplete(index + 1, next, used) {
        ways.append(Way(rules: [member.key, member.value], then: ruleOfEnd[index + 1], tally: next))
      }
      if member.isRequired || ways.count == limit { return ways }
    }
    if let other, isOtherDerivable, fits(other.value), used < other.nameCount ?? .max,
      canComplete(members.count, next, min(used + 1, other.nameCount ?? .max))
    {
      ways.append(Way(rules: [other.name], then: afterName, tally: next))
    }
    return ways
  }

  // MARK: The shortest text

  /// The members that the shortest text takes, and how many others.
  private func shortest(_ first: Int, _ tally: Tally, atLeastOne: Bool) -> (members: [Int], others: Int) {
    let needed = max(minimum - Int(tally.count), atLeastOne ? 1 : 0)
    var free = max(needed - requiredCounts[first], 0)
    var taken: [Int] = []
    for index in first..<members.count {
      if members[index].isRequired {
        taken.append(index)
      } else if free > 0, isDerivable[index] {
        taken.append(index)
        free -= 1
      }
    }
    return (taken, free)
  }

  func shortestLength(_ place: MemberPlace, _ tally: Tally, in grammar: Grammar) -> Int {
    var length = 0
    let (index, atLeastOne): (Int, Bool)
    switch place {
    case .first: (index, atLeastOne) = (0, false)
    case .key(let key): (index, atLeastOne) = (key, true)
    case .end(let end): (index, atLeastOne) = (end, false)
    case .afterName:
      (index, atLeastOne) = (members.count, false)
      length = other.map { grammar.shortestLengths[$0.value] } ?? Grammar.lengthLimit
    }
    let (taken, others) = shortest(index, tally, atLeastOne: atLeastOne)
    for member in taken {
      length += grammar.shortestLengths[members[member].key]
      length += grammar.shortestLengths[members[member].value] + grammar.shortestLengths[punctuation.comma]
      guard length < Grammar.lengthLimit else { return Grammar.lengthLimit }
    }
    if others > 0 {
      guard let other, isOtherDerivable, others <= other.nameCount ?? .max else { return Grammar.lengthLimit }
      let name =
        other.uniqueName?.shortestLength(without: Int(tally.count) + others - 1)
        ?? grammar.shortestLengths[other.name]
      let one = name + grammar.shortestLengths[other.value] + grammar.shortestLengths[punctuation.comma]
      let (all, overflow) = one.multipliedReportingOverflow(by: others)
      guard !overflow, all < Grammar.lengthLimit else { return Grammar.lengthLimit }
      length += all
    }
    guard taken.count + others <= (maximum ?? .max) - Int(tally.count) else { return Grammar.lengthLimit }
    length += grammar.shortestLengths[punctuation.spacedClose]
    return min(length, Grammar.lengthLimit)
  }

  func appendShortestText(
    _ place: MemberPlace, _ tally: Tally, except used: Set<[UInt8]> = [], in grammar: Grammar,
    to text: inout [UInt8]
  ) {
    var needsComma = false
    let (taken, others): ([Int], Int)
    switch place {
    case .first: (taken, others) = shortest(0, tally, atLeastOne: false)
    case .key(let index): (taken, others) = shortest(index, tally, atLeastOne: true)
    case .end(let index):
      (taken, others) = shortest(index, tally, atLeastOne: false)
      needsComma = true
    case .afterName:
      if let other { grammar.appendShortestText(of: other.value, to: &text) }
      (taken, others) = shortest(members.count, tally, atLeastOne: false)
      needsComma = true
    }
    for member in taken {
      if needsComma { grammar.appendShortestText(of: punctuation.comma, to: &text) }
      grammar.appendShortestText(of: members[member].key, to: &text)
      grammar.appendShortestText(of: members[member].value, to: &text)
      needsComma = true
    }
    if let other {
      var names = other.shortestNames[...]
      for _ in 0..<others {
        if needsComma { grammar.appendShortestText(of: punctuation.comma, to: &text) }
        if other.nameCount == nil {
          grammar.appendShortestText(of: other.name, to: &text)
        } else {
          while let name = names.first, used.contains(name) { names.removeFirst() }
          text += names.popFirst() ?? []
        }
        grammar.appendShortestText(of: other.value, to: &text)
        needsComma = true
      }
    }
    grammar.appendShortestText(of: punctuation.spacedClose, to: &text)
  }
}
