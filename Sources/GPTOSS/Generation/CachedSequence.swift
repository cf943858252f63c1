import GPTOSSModel
package import GPTOSSTokenizer

/// A token of a sequence, and how it was read: the same token read in another precision has other keys and
/// values.
package struct ReadToken: Sendable, Equatable {
  package let id: TokenID
  /// Whether it is read as finely as what the model generates; always true with ``LoadOptions/precision``
  /// `precise`.
  package let isFine: Bool

  package init(id: TokenID, isFine: Bool) {
    self.id = id
    self.isFine = isFine
  }
}

/// A sequence of tokens that has been read, and the points that it can go back to.
///
/// Used on the model's thread alone.
final class CachedSequence: @unchecked Sendable {
  /// More points than this are not kept: at 20b one takes 3 MB.
  private static let largestSnapshotCount = 24

  let cache: KeyValueCache
  /// The tokens that the cache holds.
  private(set) var tokens: [ReadToken]
  private var snapshots: [KeyValueCache.Snapshot]

  /// The conversation that the sequence belongs to.
  var owner: ConversationIdentity?
  /// Whether a generation uses it.
  var isBusy = true
  /// When it was last used, counted in uses.
  var lastUse = 0
  /// How many of the tokens belong to the last prompt, or to a beginning that was given.
  var promptCount: Int

  init(_ cache: KeyValueCache, tokens: [ReadToken] = [], snapshots: [KeyValueCache.Snapshot] = []) {
    self.cache = cache
    self.tokens = tokens
    self.snapshots = snapshots
    promptCount = tokens.count
  }

  var byteCount: Int { cache.byteCount + snapshots.reduce(0) { $0 + $1.byteCount } }

  /// Takes note of tokens that the cache has read.
  func append(_ more: some Sequence<ReadToken>) {
    tokens += more
    precondition(tokens.count == cache.count, "the cache holds what the sequence says")
  }

  /// Makes a position a point to go back to, if it is still within reach.
  func remember(_ position: Int) {
    guard !snapshots.contains(where: { $0.count == position }), let snapshot = cache.snapshot(at: position)
    else { return }
    snapshots.append(snapshot)
    snapshots.sort { $0.count < $1.count }
    // The first is where instructions end, the last ones are the likeliest to be gone back to.
    if snapshots.count > Self.largestSnapshotCount { snapshots.remove(at: 1) }
  }

  /// How much of a prompt the sequence shares, at most all but the last token, whose logits are wanted.
  func sharedCount(with prompt: [ReadToken]) -> Int {
    let limit = min(tokens.count, prompt.count - 1)
    return (0..<limit).first { tokens[$0] != prompt[$0] } ?? limit
  }

  /// Where a prompt parts from what was read here.
  func parting(of prompt: [ReadToken]) -> PromptParting {
    let shared = sharedCount(with: prompt)
    let isDifferent = shared < min(promptCount, tokens.count, prompt.count - 1)
    return PromptParting(
      position: shared, isDifferent: isDifferent,
      isOtherPrecision: isDifferent && tokens[shared].id == prompt[shared].id)
  }

  /// What is to be kept of the sequence in the cache folder.
  func draft() -> PrefixDraft {
    var points = snapshots
    if cache.count >= (points.last?.count ?? 0) + PrefixStore.fewestPositions {
      points.append(cache.snapshot())
    }
    return PrefixDraft(sequence: self, tokens: tokens, promptCount: promptCount, points: points)
  }

  /// The furthest point, at most `position`, that a copy can begin from.
  func snapshot(before position: Int) -> KeyValueCache.Snapshot? {
    snapshots.last { $0.count <= position }
  }

  /// Goes back to `position` or the nearest point before it.
  func rewind(to position: Int) {
    if !cache.truncate(to: position) {
      let reached = snapshot(before: position).map(cache.restore) ?? false
      if !reached, !cache.truncate(to: 0) { preconditionFailure("a sequence can always begin anew") }
    }
    tokens.removeLast(tokens.count - cache.count)
    snapshots.removeAll { $0.count > cache.count }
  }

  /// Where ``rewind(to:)`` would get.
  func reach(_ position: Int) -> Int {
    cache.canTruncate(to: position) ? position : snapshot(before: position)?.count ?? 0
  }
}
