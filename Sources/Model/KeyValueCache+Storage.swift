package import GPTOSSKernels

/// What a cache holds as bytes that outlive the process: written piece by piece, and put into an empty cache of the
/// same kind.
extension KeyValueCache {
  /// The sizes of what is stored. Caches of equal layout take each other's bytes.
  package struct StorageLayout: Sendable, Hashable {
    /// Layers that keep every position.
    package let fullLayerCount: Int
    /// Layers that keep a ring.
    package let slidingLayerCount: Int
    /// Bytes that a layer has for each position.
    package let bytesPerPosition: Int
    /// Positions that a token sees on a sliding layer, its own included; 0 if no layer slides.
    package let window: Int

    /// A layout.
    package init(fullLayerCount: Int, slidingLayerCount: Int, bytesPerPosition: Int, window: Int) {
      self.fullLayerCount = fullLayerCount
      self.slidingLayerCount = slidingLayerCount
      self.bytesPerPosition = bytesPerPosition
      self.window = window
    }

    /// The positions that the rings have for the token at `position`.
    package func ringPositions(at position: Int) -> Range<Int> {
      slidingLayerCount == 0 ? position..<position : max(0, position + 1 - window)..<position
    }
  }

  /// The sizes of what is stored of this cache.
  package var storageLayout: StorageLayout {
    let slidingCount = slidingLayers.count
    return StorageLayout(
      fullLayerCount: layers.count - slidingCount, slidingLayerCount: slidingCount,
      bytesPerPosition: layers.first?.bytesPerPosition ?? 0, window: slidingCount == 0 ? 0 : window)
  }

  /// What the full layers have of some positions, one copy per layer.
  ///
  /// - Precondition: the positions have been read.
  /// - Complexity: O(positions × layers); for 256 positions at 20b 6.5 MB.
  package func copyFullLayers(_ positions: Range<Int>) -> [KeyValueCopy] {
    precondition(positions.upperBound <= count, "positions \(positions) of \(count)")
    return fullLayers.map { $0.copy(positions) }
  }

  /// Puts what ``copyFullLayers(_:)`` made into an empty cache, which stays empty until ``resume(at:rings:)``.
  ///
  /// - Precondition: the cache is empty, and the copies are of its layout.
  package func fillFullLayers(_ copies: [KeyValueCopy], at positions: Range<Int>) {
    precondition(count == 0 && copies.count == fullLayers.count, "\(copies.count) layers")
    for (layer, copy) in zip(fullLayers, copies) { layer.paste(copy, at: positions) }
  }

  /// Begins where another cache stood, whose full layers have been filled in.
  ///
  /// - Parameters:
  ///   - position: how many positions that cache had read.
  ///   - rings: what its sliding layers had of ``StorageLayout/ringPositions(at:)``, one copy per layer
  ///     (``Snapshot/rings``).
  /// - Precondition: the cache is empty, and the copies are of its layout.
  package func resume(at position: Int, rings: [KeyValueCopy]) {
    precondition(count == 0 && rings.count == slidingLayers.count, "\(rings.count) rings")
    let positions = storageLayout.ringPositions(at: position)
    for (layer, ring) in zip(slidingLayers, rings) { layer.paste(ring, at: positions) }
    oldestInRings = slidingLayers.isEmpty ? 0 : positions.lowerBound
    count = position
  }

  private var fullLayers: [KeyValuePages] { layers.filter { $0.ringPageCount == nil } }
}
