import GPTOSSBlockFormats

/// The keys and values of one layer and one sequence, in pages of 64 positions.
///
///     page ── keys   [keyValueHeads, headDimension, 64]
///          └─ values [keyValueHeads, 64, paddedDimension]
///
/// Keys lie dimension by dimension, values position by position: so the scores of neighbouring positions and the elements of
/// a head's result are neighbouring lanes of a vector, and neither has to be transposed. A value is padded with zeros
/// to a multiple of 32 elements.
///
/// A full-attention layer appends pages as the sequence grows. A sliding layer has as many pages as its window
/// and the largest batch need, and overwrites the oldest: position *p* lies in page `(p / 64) mod pageCount`.
package final class KeyValuePages: @unchecked Sendable {
  package static let positionsPerPage = KeyValueView.positionsPerPage

  package let keyValueHeadCount: Int
  package let headDimension: Int
  package let element: CacheElement
  /// The number of pages of a ring; nil for a cache that grows.
  package let ringPageCount: Int?

  private var pages: [UnsafeMutableRawPointer] = []
  private var memory = PageMemory()

  /// - Parameter reach: for a sliding layer, how many positions must be in memory at once: the window and the
  ///   largest batch; nil for a layer that keeps everything.
  package convenience init(keyValueHeadCount: Int, headDimension: Int, element: CacheElement, reach: Int?) {
    self.init(
      keyValueHeadCount: keyValueHeadCount, headDimension: headDimension, element: element,
      // One page more than the reach fills, because the reach may begin in the middle of a page.
      ringPageCount: reach.map { $0.dividedUp(by: Self.positionsPerPage) + 1 })
  }

  init(keyValueHeadCount: Int, headDimension: Int, element: CacheElement, ringPageCount: Int?) {
    precondition(keyValueHeadCount > 0 && headDimension > 0)
    self.keyValueHeadCount = keyValueHeadCount
    self.headDimension = headDimension
    self.element = element
    self.ringPageCount = ringPageCount
  }

  deinit { memory.release() }

  /// Bytes of memory in use, those of pages to come included.
  package var byteCount: Int { memory.byteCount }

  /// Allocates what positions `0..<count` need.
  package func reserve(_ count: Int) {
    var wanted = count.dividedUp(by: Self.positionsPerPage)
    if let ringPageCount { wanted = min(wanted, ringPageCount) }
    let bytes = withView(\.pageByteCount)
    while pages.count < wanted { pages.append(memory.page(bytes)) }
  }

  /// Lends the pages' memory.
  func withPages(_ body: (_ pages: [UnsafeMutableRawPointer], _ byteCount: Int) -> Void) {
    body(pages, withView(\.pageByteCount))
  }

  /// Lends the pages to a kernel.
  func withView<R>(_ body: (KeyValueView) -> R) -> R {
    pages.withUnsafeBufferPointer { pages in
      body(
        KeyValueView(
          pages: pages, keyValueHeadCount: keyValueHeadCount, headDimension: headDimension,
          element: element))
    }
  }
}

/// What a kernel sees of `KeyValuePages`.
@usableFromInline
package struct KeyValueView: @unchecked Sendable {
  @inlinable @inline(__always)
  package static var positionsPerPage: Int { 64 }

  @usableFromInline let pages: UnsafeBufferPointer<UnsafeMutableRawPointer>
  @usableFromInline package let keyValueHeadCount: Int
  @usableFromInline package let headDimension: Int
  /// Elements from one value to the next: `headDimension`, rounded up to a multiple of 32.
  @usableFromInline package let paddedDimension: Int
  @usableFromInline package let element: CacheElement

  init(
    pages: UnsafeBufferPointer<UnsafeMutableRawPointer>, keyValueHeadCount: Int, headDimension: Int,
    element: CacheElement
  ) {
    self.pages = pages
    self.keyValueHeadCount = keyValueHeadCount
    self.headDimension = headDimension
    paddedDimension = Self.padded(headDimension)
    self.element = element
  }

  /// A head dimension, rounded up to a multiple of 32: whole blocks of every instruction set.
  @inlinable
  package static func padded(_ headDimension: Int) -> Int { (headDimension + 31) / 32 * 32 }

  var pageByteCount: Int {
    keyValueHeadCount * Self.positionsPerPage * (headDimension + paddedDimension) * element.byteCount
  }

  /// The keys of the page that holds `position`: `[headDimension, 64]`.
  @inlinable @inline(__always)
  package func keys(_ position: Int, head: Int) -> UnsafeMutableRawPointer {
    pages[position / Self.positionsPerPage % pages.count]
      + head * headDimension * Self.positionsPerPage * element.byteCount
  }

  /// The values of the page that holds `position`: `[64, paddedDimension]`.
  @inlinable @inline(__always)
  package func values(_ position: Int, head: Int) -> UnsafeMutableRawPointer {
    pages[position / Self.positionsPerPage % pages.count]
      + (keyValueHeadCount * headDimension + head * paddedDimension) * Self.positionsPerPage
      * element.byteCount
  }

  /// Element `index` of the key of `position`.
  func key(_ position: Int, head: Int, _ index: Int) -> Float {
    load(keys(position, head: head), index * Self.positionsPerPage + position % Self.positionsPerPage)
  }

  /// Element `index` of the value of `position`.
  func value(_ position: Int, head: Int, _ index: Int) -> Float {
    load(values(position, head: head), position % Self.positionsPerPage * paddedDimension + index)
  }

  /// Stores a position's keys and values, `[keyValueHeads, headDimension]` each, in the cache's element type.
  func store<Element: BitwiseCopyable>(
    keys: UnsafePointer<Element>, values: UnsafePointer<Element>, at position: Int
  ) {
    precondition(MemoryLayout<Element>.size == element.byteCount)
    let slot = position % Self.positionsPerPage
    for head in 0..<keyValueHeadCount {
      let offset = head * headDimension
      let key = self.keys(position, head: head).assumingMemoryBound(to: Element.self) + slot
      for i in 0..<headDimension { key[i * Self.positionsPerPage] = keys[offset + i] }
      let value =
        self.values(position, head: head).assumingMemoryBound(to: Element.self) + slot * paddedDimension
      value.update(from: values + offset, count: headDimension)
    }
  }

  @inline(__always)
  private func load(_ source: UnsafeRawPointer, _ index: Int) -> Float {
    switch element {
    case .float32: source.load(fromByteOffset: 4 * index, as: Float.self)
    case .float16: Float(float16Bits: source.load(fromByteOffset: 2 * index, as: UInt16.self))
    }
  }
}
