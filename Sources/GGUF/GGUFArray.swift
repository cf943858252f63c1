/// An array of a GGUF file: a collection of values of one type, read from the file as they are asked for.
///
/// A gpt-oss file holds 201,088 token strings and 446,189 merges. Making a Swift string of each would
/// take longer than everything else about opening it. So an array keeps the bytes of the file and, where
/// elements vary in size, the offset of every 32nd element:
///
///     |8 bytes: length|length bytes|8 bytes: length|length bytes|…      strings
///      ^ 0             ^ element 1 …                 ^ element 32
///      checkpoints[0]                                checkpoints[1]
///
/// Access to a string takes at most 31 steps from a checkpoint, iteration one step per element.
/// ``strings`` has the elements of an array of strings without the enum around them.
public struct GGUFArray: Hashable, Sendable {
  /// The type of every element.
  public let elementType: GGUFValueType

  /// The number of elements.
  public let count: Int

  /// The elements as they stand in the file.
  let body: ByteRegion

  /// The offsets in `body` of elements 0, 32, 64 …; empty where all elements are of one size.
  private let checkpoints: [Int]

  private static let checkpointInterval = 32

  /// How many arrays may stand within each other; files in use have no nesting at all.
  static let maximumDepth = 8

  /// Steps over an array's type, count and elements and checks them, `depth` being 1 for an outermost array.
  init(from cursor: inout ByteCursor, depth: Int) throws(GGUFError.Reason) {
    guard depth <= Self.maximumDepth else { throw .nestingTooDeep(limit: Self.maximumDepth) }
    elementType = try cursor.loadValueType()
    count = try cursor.loadCount(minimumByteCount: elementType.minimumByteCount)

    let start = cursor.offset
    var checkpoints: [Int] = []
    switch elementType {
    case .string, .array:
      for index in 0..<count {
        if index % Self.checkpointInterval == 0 { checkpoints.append(cursor.offset - start) }
        try cursor.skipElement(of: elementType, depth: depth)
      }
    case .bool:
      for _ in 0..<count { _ = try cursor.loadBool() }
    default:
      try cursor.skip(UInt64(count * elementType.minimumByteCount))
    }
    self.checkpoints = checkpoints
    body = ByteRegion(cursor.storage, start..<cursor.offset)
  }

  /// A cursor at the start of an element.
  private func cursor(at index: Int) -> ByteCursor {
    precondition((0..<count).contains(index), "index \(index) of an array of \(count) elements")
    var cursor = ByteCursor(body)
    unchanged { () throws(GGUFError.Reason) in
      if let size = elementType.byteCount {
        try cursor.skip(UInt64(index * size))
      } else {
        try cursor.skip(UInt64(checkpoints[index / Self.checkpointInterval]))
        for _ in 0..<index % Self.checkpointInterval { try cursor.skipElement(of: elementType, depth: 0) }
      }
    }
    return cursor
  }

  /// Reads again what was read and checked when the file was opened.
  fileprivate func unchanged<Result>(_ read: () throws(GGUFError.Reason) -> Result) -> Result {
    do {
      return try read()
    } catch {
      preconditionFailure("the file was changed while it was mapped: \(error)")
    }
  }

  func encode(into bytes: inout [UInt8]) {
    bytes.append(littleEndian: elementType.rawValue)
    bytes.append(littleEndian: UInt64(count))
    bytes.append(contentsOf: body.bytes)
  }
}

extension ByteCursor {
  /// Steps over an element of an array that stands at `depth`.
  @inline(__always)
  fileprivate mutating func skipElement(
    of type: GGUFValueType, depth: Int
  ) throws(GGUFError.Reason) {
    if type == .string {
      _ = try skipString()
    } else {
      _ = try GGUFArray(from: &self, depth: depth + 1)
    }
  }
}

// MARK: - Elements

extension GGUFArray: RandomAccessCollection {
  /// The position of the first element, 0.
  public var startIndex: Int { 0 }

  /// The position past the last element.
  public var endIndex: Int { count }

  /// The element at a position.
  ///
  /// Arrays of arrays give views that are indexed anew at each access.
  ///
  /// - Complexity: O(1) for numbers and strings, O(size of 32 elements) for arrays.
  public subscript(position: Int) -> GGUFValue {
    var cursor = cursor(at: position)
    return unchanged { () throws(GGUFError.Reason) in
      try GGUFValue(elementType, from: &cursor, depth: 0)
    }
  }

  /// Goes through the elements from the first to the last.
  public func makeIterator() -> Iterator {
    Iterator(array: self)
  }

  /// Goes through the elements in a single pass over their bytes.
  public struct Iterator: IteratorProtocol {
    private let array: GGUFArray
    private var cursor: ByteCursor
    private var left: Int

    fileprivate init(array: GGUFArray) {
      self.array = array
      cursor = ByteCursor(array.body)
      left = array.count
    }

    /// The next element; nil after the last.
    public mutating func next() -> GGUFValue? {
      guard left > 0 else { return nil }
      left -= 1
      return array.unchanged { () throws(GGUFError.Reason) in
        try GGUFValue(array.elementType, from: &cursor, depth: 0)
      }
    }
  }
}

// MARK: - Building

extension GGUFArray {
  /// An array of numbers.
  public init<Scalar: GGUFScalar>(_ elements: some Sequence<Scalar>) {
    let elements = Array(elements)
    elementType = Scalar.ggufType
    count = elements.count
    checkpoints = []
    body = elements.withUnsafeBytes { ByteRegion(copying: Array($0)) }
  }

  /// An array of strings.
  public init(_ strings: some Sequence<String>) {
    self.init(.string, strings.lazy.map { .string($0) })
  }

  /// An array of strings given as bytes.
  public init(_ strings: some Sequence<GGUFString>) {
    self.init(.string, strings.lazy.map { .string($0) })
  }

  /// An array of Booleans.
  public init(_ truths: some Sequence<Bool>) {
    self.init(.bool, truths.lazy.map { .bool($0) })
  }

  /// An array of arrays, which some readers refuse, among them llama.cpp's.
  public init(_ arrays: some Sequence<GGUFArray>) {
    self.init(.array, arrays.lazy.map { .array($0) })
  }

  private init(_ elementType: GGUFValueType, _ values: some Sequence<GGUFValue>) {
    var bytes: [UInt8] = []
    var count = 0
    var checkpoints: [Int] = []
    for value in values {
      if elementType.byteCount == nil, count % Self.checkpointInterval == 0 {
        checkpoints.append(bytes.count)
      }
      value.encode(into: &bytes)
      count += 1
    }
    self.elementType = elementType
    self.count = count
    self.checkpoints = checkpoints
    body = ByteRegion(copying: bytes)
  }
}
