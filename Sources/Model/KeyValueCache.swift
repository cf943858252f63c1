package import GPTOSSKernels

/// The keys and values of one sequence, for all layers: what a model remembers of the tokens it has read.
///
/// Full-attention layers grow by pages of 64 positions; sliding layers keep a ring just large enough for the
/// window and the largest batch. Made by ``Transformer/makeCache(element:)``.
///
/// A sequence can go back: a little way with ``truncate(to:)``, and with ``restore(_:)`` to any point of
/// which there is a ``Snapshot``. Docs/Attention.md explains why.
public final class KeyValueCache {
  /// The number of positions that have been read; the next token's position.
  public internal(set) var count = 0

  package let layers: [KeyValuePages]

  /// The number of most recent positions that sliding layers can hold; nil if no layer slides.
  private let ringReach: Int?
  /// The first of the positions that sliding layers still hold.
  var oldestInRings = 0
  let window: Int
  /// How often the sequence has gone back.
  private var cutCount = 0
  /// The cuts that no later one went below, with their numbers: positions increase, so there are never more than
  /// the sequence has positions, and the first one since a snapshot is the deepest.
  private var deepestCuts: [(number: Int, position: Int)] = []

  init(_ configuration: Configuration, element: CacheElement, largestBatch: Int) {
    window = configuration.slidingWindow ?? 0
    let reach = configuration.slidingWindow.map { $0 + largestBatch - 1 }
    ringReach = reach
    layers = (0..<configuration.layerCount).map { layer in
      KeyValuePages(
        keyValueHeadCount: configuration.keyValueHeadCount, headDimension: configuration.headDimension,
        element: element, reach: configuration.window(ofLayer: layer) == nil ? nil : reach)
    }
  }

  private init(layers: [KeyValuePages], window: Int, ringReach: Int?) {
    self.layers = layers
    self.window = window
    self.ringReach = ringReach
  }

  /// Bytes of memory in use.
  public var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }

  /// Marks positions up to `newCount` as read.
  package func advance(to newCount: Int) {
    count = newCount
    if let ringReach { oldestInRings = max(oldestInRings, newCount - ringReach) }
  }

  /// Forgets everything from position `newCount` on, so that the sequence can go on differently.
  ///
  /// - Returns: false, with nothing changed, if a sliding layer no longer holds the window before `newCount`:
  ///   then the sequence has to be read again from its start, or restored from a snapshot.
  /// - Precondition: `0 <= newCount <= count`.
  public func truncate(to newCount: Int) -> Bool {
    guard canTruncate(to: newCount) else { return false }
    count = newCount
    if newCount == 0 { oldestInRings = 0 }
    noteCut(at: newCount)
    return true
  }

  /// Whether ``truncate(to:)`` can.
  ///
  /// - Precondition: `0 <= newCount <= count`.
  public func canTruncate(to newCount: Int) -> Bool {
    precondition(newCount >= 0 && newCount <= count, "position \(newCount) of \(count)")
    return newCount == 0 || firstNeeded(at: newCount) >= oldestInRings
  }

  private func noteCut(at position: Int) {
    while let last = deepestCuts.last, last.position >= position { deepestCuts.removeLast() }
    deepestCuts.append((cutCount, position))
    cutCount += 1
  }

  /// The first position that a token at `position` sees on a sliding layer.
  private func firstNeeded(at position: Int) -> Int {
    ringReach == nil ? 0 : max(0, position + 1 - window)
  }
}

extension KeyValueCache {
  /// A point of a sequence that it can go back to, however far it has gone on. Holds what the rings of the
  /// sliding layers have for the next token; full-attention layers keep everything anyway.
  public struct Snapshot: Sendable {
    /// The number of positions that had been read.
    public let count: Int
    /// The positions that are copied.
    package let positions: Range<Int>
    /// The copies, one per sliding layer.
    package let rings: [KeyValueCopy]
    /// How often the sequence had gone back.
    fileprivate let cutCount: Int
    fileprivate let cache: ObjectIdentifier

    /// Bytes of memory in use: at 20b 3.2 MB, once the window is full.
    public var byteCount: Int { rings.reduce(0) { $0 + $1.byteCount } }
  }

  /// Remembers this point.
  ///
  /// - Complexity: O(window × layers); about a millisecond at 20b.
  public func snapshot() -> Snapshot {
    guard let snapshot = snapshot(at: count) else { preconditionFailure("the rings hold the last window") }
    return snapshot
  }

  /// Remembers an earlier point.
  ///
  /// - Returns: nil if a sliding layer no longer holds the window before `position`. After a pass every
  ///   position that it read is still within reach.
  /// - Precondition: `0 <= position <= count`.
  public func snapshot(at position: Int) -> Snapshot? {
    precondition(position >= 0 && position <= count, "position \(position) of \(count)")
    let positions = firstNeeded(at: position)..<position
    guard positions.lowerBound >= oldestInRings else { return nil }
    return Snapshot(
      count: position, positions: positions, rings: slidingLayers.map { $0.copy(positions) },
      cutCount: cutCount, cache: ObjectIdentifier(self))
  }

  /// Goes back to a point of this sequence.
  ///
  /// The snapshot remains valid and can be restored again.
  ///
  /// - Returns: false, with nothing changed, if the sequence has been cut before this point since: the full
  ///   layers then hold other tokens there, or none.
  /// - Precondition: the snapshot was made of this cache.
  public func restore(_ snapshot: Snapshot) -> Bool {
    guard holds(snapshot) else { return false }
    if snapshot.positions.lowerBound < oldestInRings {
      for (layer, copy) in zip(slidingLayers, snapshot.rings) { layer.paste(copy, at: snapshot.positions) }
      oldestInRings = snapshot.positions.lowerBound
    }
    count = snapshot.count
    noteCut(at: snapshot.count)
    return true
  }

  /// A second sequence that begins like this one up to a snapshot, which need not be at this one's end.
  ///
  /// - Returns: nil as `restore(_:)` returns false.
  /// - Precondition: the snapshot was made of this cache.
  /// - Complexity: O(`snapshot.count` × layers): memory is copied, at 20b 25 KB per position.
  public func copy(upTo snapshot: Snapshot) -> KeyValueCache? {
    guard holds(snapshot) else { return nil }
    let copy = KeyValueCache(
      layers: layers.map { KeyValuePages(copying: $0, count: snapshot.count) }, window: window,
      ringReach: ringReach)
    for (layer, ring) in zip(copy.slidingLayers, snapshot.rings) { layer.paste(ring, at: snapshot.positions) }
    copy.oldestInRings = snapshot.positions.lowerBound
    copy.count = snapshot.count
    return copy
  }

  /// Whether the full layers still hold what they held when the snapshot was made.
  ///
  /// - Precondition: the snapshot was made of this cache.
  package func holds(_ snapshot: Snapshot) -> Bool {
    precondition(snapshot.cache == ObjectIdentifier(self), "a snapshot of another cache")
    guard let deepest = deepestCuts.first(where: { $0.number >= snapshot.cutCount }) else { return true }
    return deepest.position >= snapshot.count
  }

  var slidingLayers: [KeyValuePages] { layers.filter { $0.ringPageCount != nil } }
}
