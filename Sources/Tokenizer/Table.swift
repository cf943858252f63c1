#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory of fixed size, filled once by the code that makes it and only read afterwards.
///
/// The encoder's inner loop reads its tables through `base`; whoever does so keeps the table alive.
final class Table<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(repeating element: Element, count: Int) {
    let memory = TableMemory.allocate(byteCount: max(count, 1) * MemoryLayout<Element>.stride)
    base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    base.initialize(repeating: element, count: count)
    self.count = count
  }

  convenience init(_ elements: [Element], padding: Element) {
    self.init(repeating: padding, count: elements.count)
    _ = UnsafeMutableBufferPointer(start: base, count: count).update(fromContentsOf: elements)
  }

  deinit { base.deallocate() }

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

private enum TableMemory {
  /// A page of 2 MB, the next size above 4 KB on x86-64 and, with 4 KB pages, on arm64.
  static let hugePage = 1 << 21

  /// Memory to be deallocated by its pointer.
  ///
  /// Lookups in the large tables are random: on Linux these ask for huge pages, with which a vocabulary
  /// loads in four fifths of the time.
  static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= hugePage / 2 else { return .allocate(byteCount: byteCount, alignment: 64) }
    let rounded = (byteCount + hugePage - 1) / hugePage * hugePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: rounded, alignment: hugePage)
    #if os(Linux)
      // A hint: without it everything works, on small pages.
      _ = madvise(memory, rounded, MADV_HUGEPAGE)
    #endif
    return memory
  }
}
