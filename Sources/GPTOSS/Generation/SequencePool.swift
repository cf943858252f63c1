import GPTOSSModel

/// The sequences that a model remembers, so that a prompt that begins like an earlier one is not read again.
///
/// A conversation goes on in its own sequence. Another prompt with the same beginning gets a copy of that
/// beginning. When there is too much, what has gone unused for longest is forgotten.
///
/// Used on the model's thread alone.
struct SequencePool {
  /// The most sequences that nothing uses.
  private static let largestIdleCount = 16
  /// Copying fewer positions than this is not worth it.
  private static let smallestCopy = 16

  /// Bytes that sequences may take together before those that nothing uses are forgotten.
  let byteLimit: Int
  private let makeCache: () -> KeyValueCache
  private var sequences: [CachedSequence] = []
  private var useCount = 0

  init(byteLimit: Int, makeCache: @escaping () -> KeyValueCache) {
    self.byteLimit = byteLimit
    self.makeCache = makeCache
  }

  /// A sequence that holds as much of the beginning of `prompt` as is remembered, and nothing else.
  ///
  /// - Parameter given: a sequence that holds some of it and nothing else.
  mutating func take(
    for prompt: [ReadToken], owner: ConversationIdentity?, given: CachedSequence? = nil
  ) -> CachedSequence {
    let sequence = given ?? sequence(for: prompt, owner: owner)
    useCount += 1
    sequence.lastUse = useCount
    sequence.isBusy = true
    sequence.owner = owner
    sequence.promptCount = prompt.count
    if !sequences.contains(where: { $0 === sequence }) { sequences.append(sequence) }
    forget()
    return sequence
  }

  /// Takes back a sequence that is no longer used.
  mutating func giveBack(_ sequence: CachedSequence) {
    sequence.isBusy = false
    forget()
  }

  /// Forgets a conversation that is over.
  mutating func release(_ owner: ConversationIdentity) {
    for sequence in sequences where sequence.owner == owner { sequence.owner = nil }
  }

  /// How much of the beginning of a prompt is remembered.
  func reach(of prompt: [ReadToken], owner: ConversationIdentity?) -> Int {
    best(for: prompt, owner: owner).reach
  }

  /// Where a prompt parts from all that is remembered.
  func parting(of prompt: [ReadToken]) -> PromptParting {
    sequences.reduce(into: PromptParting(position: 0, isDifferent: false)) { $0.join($1.parting(of: prompt)) }
  }

  /// What a prompt is best gone on from.
  private enum Choice {
    /// A sequence that may be cut, and where it gets to.
    case own(CachedSequence, reach: Int)
    /// A copy of a sequence's beginning.
    case copy(CachedSequence, KeyValueCache.Snapshot)
    /// Nothing is remembered.
    case new

    var reach: Int {
      switch self {
      case .own(_, let reach): reach
      case .copy(_, let snapshot): snapshot.count
      case .new: 0
      }
    }
  }

  private func best(for prompt: [ReadToken], owner: ConversationIdentity?) -> Choice {
    let own = sequences.filter { !$0.isBusy && isOwn($0, owner, prompt) }
      .map { (sequence: $0, reach: $0.reach($0.sharedCount(with: prompt))) }
      .max { $0.reach < $1.reach }
    let copies = sequences.compactMap { sequence in
      sequence.snapshot(before: sequence.sharedCount(with: prompt)).map { (sequence, $0) }
    }
    if let (source, snapshot) = copies.max(by: { $0.1.count < $1.1.count }),
      snapshot.count >= (own?.reach ?? 0) + Self.smallestCopy, source.cache.holds(snapshot)
    {
      return .copy(source, snapshot)
    }
    return own.map { .own($0.sequence, reach: $0.reach) } ?? .new
  }

  private func sequence(for prompt: [ReadToken], owner: ConversationIdentity?) -> CachedSequence {
    switch best(for: prompt, owner: owner) {
    case .own(let sequence, _):
      sequence.rewind(to: sequence.sharedCount(with: prompt))
      return sequence
    case .copy(let source, let snapshot):
      guard let cache = source.cache.copy(upTo: snapshot) else {
        preconditionFailure("it holds the snapshot")
      }
      let copy = CachedSequence(cache, tokens: Array(prompt[..<snapshot.count]))
      copy.remember(snapshot.count)
      return copy
    case .new: return CachedSequence(makeCache())
    }
  }

  /// Whether a prompt may go on in a sequence and cut off what follows there. It may in the conversation's
  /// own sequence, and in one that no conversation owns if the prompt begins with all of it.
  private func isOwn(_ sequence: CachedSequence, _ owner: ConversationIdentity?, _ prompt: [ReadToken])
    -> Bool
  {
    if let owner, sequence.owner == owner { return true }
    return sequence.owner == nil && sequence.sharedCount(with: prompt) == sequence.tokens.count
  }

  private mutating func forget() {
    var idle = sequences.filter { !$0.isBusy }.sorted { $0.lastUse < $1.lastUse }[...]
    var byteCount = sequences.reduce(0) { $0 + $1.byteCount }
    while let oldest = idle.first, idle.count > Self.largestIdleCount || byteCount > byteLimit {
      byteCount -= oldest.byteCount
      sequences.removeAll { $0 === oldest }
      idle.removeFirst()
    }
  }
}
