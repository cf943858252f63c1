import GPTOSSBlockFormats

/// The keys and values of one layer and one sequence, in pages of 64 positions.
///
///     floats                                         int16
///     page ── keys   [keyValueHeads, headDimension, 64]    [keyValueHeads, headDimension / 2, 64, 2]
///          ├─ values [keyValueHeads, 64, paddedDimension]  [keyValueHeads, 32, paddedDimension, 2]
///          └─ scales                                       [keyValueHeads, keys then values, 64]
///
/// Keys lie dimension by dimension, values position by position. So the scores of neighboring positions are
/// neighboring lanes of a vector, and so are the elements of a head's result: neither has to be transposed.
/// Integers lie in pairs, of two dimensions or of two positions, because one instruction multiplies a pair. A
/// value is padded with zeros to a multiple of 64 elements.
///
/// A full-attention layer appends pages as the sequence grows. A sliding layer keeps a ring of as many pages
/// as its window and the largest batch need, and overwrites the oldest:
///
///     page of position p = (p / 64) mod pageCount
///
/// Docs/Attention.md has an example.
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
    precondition(keyValueHeadCount > 0 && headDimension > 0 && headDimension % 2 == 0)
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
    let wanted = pageCount(ofPositions: count)
    let bytes = withView(\.pageByteCount)
    while pages.count < wanted { pages.append(memory.page(bytes)) }
  }

  /// Bytes that positions `0..<count` need.
  package func byteCount(ofPositions count: Int) -> Int {
    pageCount(ofPositions: count) * withView(\.pageByteCount)
  }

  private func pageCount(ofPositions count: Int) -> Int {
    min(count.dividedUp(by: Self.positionsPerPage), ringPageCount ?? .max)
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
  /// Positions of a page: a multiple of every instruction set's `columnsPerBlock`, the largest of which is
  /// AVX-512's 64, and a divisor of `AttentionLayout.positionsPerSpan`, so that no page belongs to two spans.
  /// `KeyValuePagesTests` checks both.
  @inlinable @inline(__always)
  package static var positionsPerPage: Int { 64 }

  @usableFromInline let pages: UnsafeBufferPointer<UnsafeMutableRawPointer>
  @usableFromInline package let keyValueHeadCount: Int
  @usableFromInline package let headDimension: Int
  /// Elements from one value to the next: `headDimension`, rounded up to a multiple of 64.
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

  /// A head dimension, rounded up to a multiple of 64: whole blocks (`columnsPerBlock`) of every instruction
  /// set.
  @inlinable
  package static func padded(_ headDimension: Int) -> Int { (headDimension + 63) / 64 * 64 }

  /// Bytes of a page's keys and values.
  @inlinable @inline(__always)
  var elementByteCount: Int {
    keyValueHeadCount * Self.positionsPerPage * (headDimension + paddedDimension) * element.byteCount
  }

  var pageByteCount: Int {
    elementByteCount + keyValueHeadCount * Self.positionsPerPage * element.scaleByteCount
  }

  /// The page that holds `position`.
  @inlinable @inline(__always)
  package func page(_ position: Int) -> UnsafeMutableRawPointer {
    pages[position / Self.positionsPerPage % pages.count]
  }

  /// From a page's start to the keys of a head, in bytes.
  @inlinable @inline(__always)
  package func keysOffset(head: Int) -> Int {
    head * headDimension * Self.positionsPerPage * element.byteCount
  }

  /// From a page's start to the values of a head, in bytes.
  @inlinable @inline(__always)
  package func valuesOffset(head: Int) -> Int {
    (keyValueHeadCount * headDimension + head * paddedDimension) * Self.positionsPerPage * element.byteCount
  }

  /// From a page's start to the scales of a head, if its elements have some: of 64 keys, then of 64 values.
  @inlinable @inline(__always)
  package func scalesOffset(head: Int) -> Int {
    elementByteCount + head * Self.positionsPerPage * element.scaleByteCount
  }

  /// The keys of the page that holds `position`.
  func keys(_ position: Int, head: Int) -> UnsafeMutableRawPointer {
    page(position) + keysOffset(head: head)
  }

  /// The values of the page that holds `position`.
  func values(_ position: Int, head: Int) -> UnsafeMutableRawPointer {
    page(position) + valuesOffset(head: head)
  }

  /// The scales of the page that holds `position`.
  func scales(_ position: Int, head: Int) -> UnsafeMutablePointer<Float> {
    (page(position) + scalesOffset(head: head)).assumingMemoryBound(to: Float.self)
  }

  /// Where element `index` of a key lies among the page's keys.
  @inline(__always)
  func keyIndex(_ position: Int, _ index: Int) -> Int {
    let slot = position % Self.positionsPerPage
    return element == .int16
      ? (index / 2 * Self.positionsPerPage + slot) * 2 + index % 2 : index * Self.positionsPerPage + slot
  }

  /// Where element `index` of a value lies among the page's values.
  @inline(__always)
  func valueIndex(_ position: Int, _ index: Int) -> Int {
    let slot = position % Self.positionsPerPage
    return element == .int16
      ? (slot / 2 * paddedDimension + index) * 2 + slot % 2 : slot * paddedDimension + index
  }

  /// Element `index` of the key of `position`.
  func key(_ position: Int, head: Int, _ index: Int) -> Float {
    let slot = position % Self.positionsPerPage
    return load(keys(position, head: head), keyIndex(position, index)) { scales(position, head: head)[slot] }
  }

  /// Element `index` of the value of `position`.
  func value(_ position: Int, head: Int, _ index: Int) -> Float {
    let slot = Self.positionsPerPage + position % Self.positionsPerPage
    return load(values(position, head: head), valueIndex(position, index)) {
      scales(position, head: head)[slot]
    }
  }

  /// Stores a position's key and value of one head, in the cache's element type.
  func store<Element: BitwiseCopyable>(
    key: UnsafePointer<Element>, value: UnsafePointer<Element>, at position: Int, head: Int
  ) {
    precondition(MemoryLayout<Element>.size == element.byteCount)
    let keys = self.keys(position, head: head).assumingMemoryBound(to: Element.self)
    let values = self.values(position, head: head).assumingMemoryBound(to: Element.self)
    for i in 0..<headDimension { keys[keyIndex(position, i)] = key[i] }
    for i in 0..<headDimension { values[valueIndex(position, i)] = value[i] }
  }

  @inline(__always)
  private func load(_ source: UnsafeRawPointer, _ index: Int, scale: () -> Float) -> Float {
    switch element {
    case .float32: source.load(fromByteOffset: 4 * index, as: Float.self)
    case .float16: Float(float16Bits: source.load(fromByteOffset: 2 * index, as: UInt16.self))
    case .int16: Float(source.load(fromByteOffset: 2 * index, as: Int16.self)) * scale()
    }
  }
}
