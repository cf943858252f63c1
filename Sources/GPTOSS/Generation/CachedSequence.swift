import GPTOSSModel
import GPTOSSTokenizer

/// A token of a sequence, and how it was read: the same token read in another precision has other keys and
/// values.
struct ReadToken: Equatable {
  let id: TokenID
  /// Whether it is read as finely as what the model generates; always true with ``LoadOptions/precision``
  /// `precise`.
  let isFine: Bool
}

/// A sequence of tokens that has been read, and the points that it can go back to.
///
/// Used on the model's thread alone.
final class CachedSequence {
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

  init(_ cache: KeyValueCache, tokens: [ReadToken] = [], snapshots: [KeyValueCache.Snapshot] = []) {
    self.cache = cache
    self.tokens = tokens
    self.snapshots = snapshots
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
