import GPTOSSKernels

/// The keys and values of one sequence, for all layers: what a model remembers of the tokens it has read.
///
/// Full-attention layers grow by pages of 64 positions; sliding layers keep a ring just large enough for the
/// window and the largest batch. Made by ``Transformer/makeCache(element:)``.
public final class KeyValueCache {
  /// The number of positions that have been read; the next token's position.
  public internal(set) var count = 0

  let layers: [KeyValuePages]

  /// The number of most recent positions that sliding layers still hold; nil if no layer slides.
  private let ringReach: Int?
  /// The number of positions below which a sliding layer has been overwritten.
  private var highWater = 0
  private let window: Int

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

  /// Bytes of memory in use.
  public var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }

  /// Marks positions up to `newCount` as read.
  func advance(to newCount: Int) {
    count = newCount
    highWater = max(highWater, newCount)
  }

  /// Forgets everything from position `newCount` on, so that the sequence can go on differently.
  ///
  /// - Returns: false, with nothing changed, if a sliding layer no longer holds the window before `newCount`: then
  ///   the sequence has to be read again from its start.
  /// - Precondition: `0 <= newCount <= count`.
  public func truncate(to newCount: Int) -> Bool {
    precondition(newCount >= 0 && newCount <= count, "position \(newCount) of \(count)")
    if let ringReach, newCount > 0 {
      let oldestHeld = highWater - ringReach
      guard max(0, newCount - window + 1) >= oldestHeld else { return false }
    }
    count = newCount
    if newCount == 0 { highWater = 0 }
    return true
  }
}
