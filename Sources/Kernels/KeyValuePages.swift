import GPTOSSBlockFormats

/// The keys and values of one layer and one sequence, in pages of 64 positions.
///
///     page ── keys   [keyValueHeads, 64, headDimension]
///          └─ values [keyValueHeads, 64, headDimension]
///
/// A full-attention layer appends pages as the sequence grows. A sliding layer has as many pages as its window
/// and the largest batch need, and overwrites the oldest: position *p* lies in page `(p / 64) mod pageCount`.
package final class KeyValuePages: @unchecked Sendable {
  package static let positionsPerPage = 64

  package let keyValueHeadCount: Int
  package let headDimension: Int
  package let element: CacheElement
  /// The number of pages of a ring; nil for a cache that grows.
  package let ringPageCount: Int?

  private var pages: [UnsafeMutableRawPointer] = []

  /// - Parameter reach: for a sliding layer, how many positions must be in memory at once: the window and the
  ///   largest batch; nil for a layer that keeps everything.
  package init(keyValueHeadCount: Int, headDimension: Int, element: CacheElement, reach: Int?) {
    precondition(keyValueHeadCount > 0 && headDimension > 0)
    self.keyValueHeadCount = keyValueHeadCount
    self.headDimension = headDimension
    self.element = element
    // One page more than the reach fills, because the reach may begin in the middle of a page.
    ringPageCount = reach.map { ($0 + Self.positionsPerPage - 1) / Self.positionsPerPage + 1 }
  }

  deinit { for page in pages { page.deallocate() } }

  private var pageByteCount: Int {
    2 * keyValueHeadCount * Self.positionsPerPage * headDimension * element.byteCount
  }

  /// Bytes of memory in use.
  package var byteCount: Int { pages.count * pageByteCount }

  /// Allocates what positions `0..<count` need.
  package func reserve(_ count: Int) {
    var wanted = (count + Self.positionsPerPage - 1) / Self.positionsPerPage
    if let ringPageCount { wanted = min(wanted, ringPageCount) }
    while pages.count < wanted {
      let page = UnsafeMutableRawPointer.allocate(byteCount: pageByteCount, alignment: 64)
      page.initializeMemory(as: UInt8.self, repeating: 0, count: pageByteCount)
      pages.append(page)
    }
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
struct KeyValueView: @unchecked Sendable {
  let pages: UnsafeBufferPointer<UnsafeMutableRawPointer>
  let keyValueHeadCount: Int
  let headDimension: Int
  let element: CacheElement

  /// The bytes from one position's key to the next one's.
  var bytesPerPosition: Int { headDimension * element.byteCount }

  /// The key of `position`, followed by those of the positions up to the end of its page.
  func key(_ position: Int, head: Int) -> UnsafeMutableRawPointer {
    let page = pages[position / KeyValuePages.positionsPerPage % pages.count]
    let slot = head * KeyValuePages.positionsPerPage + position % KeyValuePages.positionsPerPage
    return page + slot * bytesPerPosition
  }

  /// The value of `position`, followed by those of the positions up to the end of its page.
  func value(_ position: Int, head: Int) -> UnsafeMutableRawPointer {
    key(position, head: head) + keyValueHeadCount * KeyValuePages.positionsPerPage * bytesPerPosition
  }

  /// Stores one key or one value in the cache's element type, rounded to nearest, ties to even.
  func store(_ vector: UnsafePointer<Float>, at destination: UnsafeMutableRawPointer) {
    switch element {
    case .float32:
      destination.copyMemory(from: vector, byteCount: headDimension * 4)
    case .float16:
      for i in 0..<headDimension {
        destination.storeBytes(of: vector[i].float16Bits, toByteOffset: 2 * i, as: UInt16.self)
      }
    }
  }

  /// One element of a key or value.
  func load(_ source: UnsafeRawPointer, _ index: Int) -> Float {
    switch element {
    case .float32: source.load(fromByteOffset: 4 * index, as: Float.self)
    case .float16: Float(float16Bits: source.load(fromByteOffset: 2 * index, as: UInt16.self))
    }
  }
}
