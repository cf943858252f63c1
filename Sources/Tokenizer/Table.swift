import GPTOSSPlatform

/// Memory of fixed size, filled once by the code that makes it and only read afterwards.
///
/// The encoder's inner loop reads its tables through `base`; whoever does so keeps the table alive. Lookups
/// in the large tables are random: they lie on huge pages, with which a vocabulary loads in four fifths of
/// the time.
final class Table<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int
  /// What a large table lies in; nil for a small one, whose memory is its own.
  private let memory: HugePageMemory?

  init(repeating element: Element, count: Int) {
    let byteCount = max(count, 1) * MemoryLayout<Element>.stride
    let isLarge = byteCount >= HugePageMemory.pageByteCount / 2
    if isLarge, let memory = HugePageMemory(capacity: byteCount + 64),
      let start = memory.take(byteCount).baseAddress
    {
      self.memory = memory
      base = start.bindMemory(to: Element.self, capacity: count)
    } else {
      memory = nil
      base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        .bindMemory(to: Element.self, capacity: max(count, 1))
    }
    base.initialize(repeating: element, count: count)
    self.count = count
  }

  convenience init(_ elements: [Element], padding: Element) {
    self.init(repeating: padding, count: elements.count)
    _ = UnsafeMutableBufferPointer(start: base, count: count).update(fromContentsOf: elements)
  }

  deinit { if memory == nil { base.deallocate() } }

  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count)
      base[index] = newValue
    }
  }
}
