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
  mutating func take(for prompt: [ReadToken], owner: ConversationIdentity?) -> CachedSequence {
    let sequence = best(for: prompt, owner: owner)
    useCount += 1
    sequence.lastUse = useCount
    sequence.isBusy = true
    sequence.owner = owner
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

  private func best(for prompt: [ReadToken], owner: ConversationIdentity?) -> CachedSequence {
    let candidates = sequences.filter { !$0.isBusy && isOwn($0, owner, prompt) }
      .map { (sequence: $0, reach: $0.reach($0.sharedCount(with: prompt))) }
    let own = candidates.max { $0.reach < $1.reach }
    let ownReach = own?.reach ?? 0
    let copies = sequences.compactMap { sequence in
      sequence.snapshot(before: sequence.sharedCount(with: prompt)).map { (sequence, $0) }
    }
    if let (source, snapshot) = copies.max(by: { $0.1.count < $1.1.count }),
      snapshot.count >= ownReach + Self.smallestCopy, let cache = source.cache.copy(upTo: snapshot)
    {
      let copy = CachedSequence(cache, tokens: Array(prompt[..<snapshot.count]))
      copy.remember(snapshot.count)
      return copy
    }
    guard let own = own?.sequence else { return CachedSequence(makeCache()) }
    own.rewind(to: own.sharedCount(with: prompt))
    return own
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
