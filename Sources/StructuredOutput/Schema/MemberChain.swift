/// The members of an object, or the elements of a set, behind the opening bracket.
///
/// ``rule(_:_:)`` makes rules for every place between two members, from the last one to the first: which
/// members may come there, and whether the object may end. Limits on the number of members multiply the
/// places.
struct MemberChain {
  /// In the order in which they come.
  let members: [(rule: RuleID, isRequired: Bool)]
  /// A member that is not declared.
  let other: RuleID?
  /// Reads a comma and white space.
  let comma: RuleID
  /// Reads white space.
  let space: RuleID
  /// Reads the closing bracket.
  let close: RuleID
  /// Reads white space and the closing bracket.
  let spacedClose: RuleID
  let minimumCount: Int
  let maximumCount: Int?

  private struct Place: Hashable {
    /// Members before this one have been decided on; one more than there are if some were not declared.
    var index: Int
    /// Members so far, up to the maximum.
    var count: Int
    /// Members so far that are sure to have different names, up to the minimum.
    ///
    /// Of those that are not declared one is counted, since another may have its name.
    var sureCount: Int
  }

  private var countLimit: Int { maximumCount ?? 0 }

  /// The rule that reads the members and the closing bracket.
  func rule(_ builder: inout GrammarBuilder, _ path: String) throws(StructuredOutputError) -> RuleID {
    guard minimumCount <= members.count + (other == nil ? 0 : 1) else {
      if other == nil { return builder.choice([]) }
      throw .unsupportedKeyword(path: path, keyword: "minProperties")
    }
    let (places, overflow) = (members.count + 2).multipliedReportingOverflow(by: countLimit + 1)
    guard !overflow, places <= GrammarBuilder.ruleLimit / (minimumCount + 1) else {
      throw .tooComplex(path: path, .rules)
    }
    var rules: [Place: (key: RuleID, end: RuleID)] = [:]
    for index in stride(from: members.count + 1, through: 0, by: -1) {
      for count in stride(from: countLimit, through: 0, by: -1) {
        for sureCount in stride(from: minimumCount, through: 0, by: -1) {
          addRules(at: Place(index: index, count: count, sureCount: sureCount), &rules, &builder)
        }
      }
    }
    let start = Place(index: 0, count: 0, sureCount: 0)
    var options: [RuleID] = []
    if mayEnd(start) { options.append(close) }
    if let first = rules[start]?.key { options.append(builder.sequence(space, first)) }
    return builder.choice(options)
  }

  /// `key` reads a member and all behind it; `end` reads the end, or a comma and then `key`.
  private func addRules(
    at place: Place, _ rules: inout [Place: (key: RuleID, end: RuleID)], _ builder: inout GrammarBuilder
  ) {
    let key = builder.placeholder()
    let end = builder.placeholder()
    rules[place] = (key, end)

    let isFull = maximumCount.map { place.count >= $0 } ?? false
    var next = place
    next.count = min(place.count + 1, countLimit)
    var options: [RuleID] = []
    if place.index < members.count {
      next.index += 1
      next.sureCount = min(place.sureCount + 1, minimumCount)
      let member = members[place.index]
      if !isFull, let rest = rules[next]?.end { options.append(builder.sequence(member.rule, rest)) }
      let skipped = Place(index: place.index + 1, count: place.count, sureCount: place.sureCount)
      if !member.isRequired, let later = rules[skipped]?.key { options.append(later) }
    } else if let other, !isFull {
      if place.index == members.count { next.sureCount = min(place.sureCount + 1, minimumCount) }
      next.index = members.count + 1
      if let rest = rules[next]?.end { options.append(builder.sequence(other, rest)) }
    }
    builder.define(key, as: builder.choice(options))

    var endings: [RuleID] = []
    if mayEnd(place) { endings.append(spacedClose) }
    if !isFull { endings.append(builder.sequence(comma, key)) }
    builder.define(end, as: builder.choice(endings))
  }

  private func mayEnd(_ place: Place) -> Bool {
    let later = place.index < members.count ? members[place.index...] : []
    return place.sureCount >= minimumCount && !later.contains { $0.isRequired }
  }
}
