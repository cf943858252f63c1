/// Memory of fixed size, filled once by the code that makes it and only read afterwards.
///
/// The encoder's inner loop reads its tables through `base`; whoever does so keeps the table alive.
final class Table<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(repeating element: Element, count: Int) {
    base = .allocate(capacity: max(count, 1))
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

extension UnsafePointer<UInt8> {
  /// Reads bytes, little-endian, at any address.
  @inline(__always)
  func load<Integer: FixedWidthInteger & BitwiseCopyable>(_ byteOffset: Int, as type: Integer.Type) -> Integer {
    Integer(littleEndian: UnsafeRawPointer(self + byteOffset).loadUnaligned(as: type))
  }

  /// The first `length` bytes, 8 at most and 1 at least, padded with zeros; reads no byte beyond them.
  @inline(__always)
  func loadPrefix(_ length: Int) -> UInt64 {
    if length >= 4 {
      let tail = UInt64(load(length - 4, as: UInt32.self)) << UInt64((length - 4) * 8)
      return length == 8 ? load(0, as: UInt64.self) : UInt64(load(0, as: UInt32.self)) | tail
    }
    let middle = length >> 1
    return UInt64(self[0]) | UInt64(self[middle]) << UInt64(middle * 8)
      | UInt64(self[length - 1]) << UInt64((length - 1) * 8)
  }
}

/// Multiplies to 128 bits and folds the halves: a fast, well-mixing step of a hash (wyhash's).
@inline(__always)
func foldedMultiply(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let product = a.multipliedFullWidth(by: b)
  return product.high ^ product.low
}
