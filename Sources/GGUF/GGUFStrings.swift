/// The elements of an array of strings: a collection that reads each from the file when asked for it.
public struct GGUFStrings: RandomAccessCollection, Sendable {
  private let array: GGUFArray

  fileprivate init(_ array: GGUFArray) {
    self.array = array
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { array.count }

  /// The string at a position.
  ///
  /// - Complexity: O(1).
  public subscript(position: Int) -> GGUFString {
    string(array[position])
  }

  public func makeIterator() -> Iterator {
    Iterator(elements: array.makeIterator())
  }

  /// Goes through the strings in a single pass over their bytes.
  public struct Iterator: IteratorProtocol {
    fileprivate var elements: GGUFArray.Iterator

    public mutating func next() -> GGUFString? {
      elements.next().map(string)
    }
  }
}

/// The string in an element of an array of strings.
private func string(_ element: GGUFValue) -> GGUFString {
  guard case .string(let string) = element else {
    preconditionFailure("an array of strings with an element of type \(element.type)")
  }
  return string
}

extension GGUFArray {
  /// The elements, if they are strings.
  public var strings: GGUFStrings? {
    elementType == .string ? GGUFStrings(self) : nil
  }

  /// The elements, if they are of this type, bit for bit.
  public func elements<Scalar: GGUFScalar>(as type: Scalar.Type) -> [Scalar]? {
    guard elementType == type.ggufType else { return nil }
    return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: body.bytes)
      initialized = count
    }
  }
}
