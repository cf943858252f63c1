/// The elements of an array of strings: a collection that reads each from the file when asked for it.
public struct GGUFStrings: RandomAccessCollection, Sendable {
  private let array: GGUFArray

  fileprivate init(_ array: GGUFArray) {
    self.array = array
  }

  /// The position of the first string, 0.
  public var startIndex: Int { 0 }

  /// The position past the last string.
  public var endIndex: Int { array.count }

  /// The string at a position.
  ///
  /// - Complexity: O(1).
  public subscript(position: Int) -> GGUFString {
    array[position].inArrayOfStrings
  }

  /// Goes through the strings from the first to the last.
  public func makeIterator() -> Iterator {
    Iterator(elements: array.makeIterator())
  }

  /// Goes through the strings in a single pass over their bytes.
  public struct Iterator: IteratorProtocol {
    fileprivate var elements: GGUFArray.Iterator

    /// The next string; nil after the last.
    public mutating func next() -> GGUFString? {
      elements.next()?.inArrayOfStrings
    }
  }
}

extension GGUFValue {
  fileprivate var inArrayOfStrings: GGUFString {
    guard case .string(let string) = self else { preconditionFailure("an array of strings holds a \(type)") }
    return string
  }
}

extension GGUFArray {
  /// The elements, if they are strings.
  public var strings: GGUFStrings? {
    elementType == .string ? GGUFStrings(self) : nil
  }

  /// The elements, if they are of this type, bit for bit.
  public func elements<Scalar: GGUFScalar>(as type: Scalar.Type) -> [Scalar]? {
    guard elementType == type.ggufType else { return nil }
    precondition(
      MemoryLayout<Scalar>.stride == elementType.byteCount, "\(type) has other bits than \(elementType)")
    return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: body.bytes)
      initialized = count
    }
  }
}
