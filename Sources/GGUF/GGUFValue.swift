/// The types of metadata values; the raw value is the number in the file.
public enum GGUFValueType: UInt32, CaseIterable, Sendable {
  case uint8 = 0
  case int8 = 1
  case uint16 = 2
  case int16 = 3
  case uint32 = 4
  case int32 = 5
  case float32 = 6
  case bool = 7
  case string = 8
  case array = 9
  case uint64 = 10
  case int64 = 11
  case float64 = 12

  /// The size of a value; nil for strings and arrays, whose sizes vary.
  public var byteCount: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }

  /// The least that a value takes: a string its length, an array its element type and count.
  var minimumByteCount: Int {
    byteCount ?? (self == .string ? 8 : 12)
  }
}

/// A metadata value, with the type that it has in the file.
public enum GGUFValue: Hashable, Sendable {
  case uint8(UInt8)
  case int8(Int8)
  case uint16(UInt16)
  case int16(Int16)
  case uint32(UInt32)
  case int32(Int32)
  case float32(Float)
  case bool(Bool)
  case string(GGUFString)
  case array(GGUFArray)
  case uint64(UInt64)
  case int64(Int64)
  case float64(Double)

  /// A string value.
  public static func string(_ text: some StringProtocol) -> GGUFValue {
    .string(GGUFString(text))
  }

  /// The value's type.
  public var type: GGUFValueType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .float32: .float32
    case .bool: .bool
    case .string: .string
    case .array: .array
    case .uint64: .uint64
    case .int64: .int64
    case .float64: .float64
    }
  }

  /// The value as an integer of any size; nil if it is not one of the eight integer types.
  var integer: (any BinaryInteger & Sendable)? {
    switch self {
    case .uint8(let value): value
    case .int8(let value): value
    case .uint16(let value): value
    case .int16(let value): value
    case .uint32(let value): value
    case .int32(let value): value
    case .uint64(let value): value
    case .int64(let value): value
    case .float32, .float64, .bool, .string, .array: nil
    }
  }
}

extension GGUFValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
  /// A string value.
  public init(stringLiteral text: String) {
    self = .string(GGUFString(text))
  }

  /// A Boolean.
  public init(booleanLiteral value: Bool) {
    self = .bool(value)
  }
}

// MARK: - Wire format

extension GGUFValue {
  /// Reads a value of the given type; `depth` counts the arrays around it.
  init(
    _ type: GGUFValueType, from cursor: inout ByteCursor, depth: Int
  ) throws(GGUFError.Reason) {
    switch type {
    case .uint8: self = .uint8(try cursor.load(as: UInt8.self))
    case .int8: self = .int8(try cursor.load(as: Int8.self))
    case .uint16: self = .uint16(try cursor.load(as: UInt16.self))
    case .int16: self = .int16(try cursor.load(as: Int16.self))
    case .uint32: self = .uint32(try cursor.load(as: UInt32.self))
    case .int32: self = .int32(try cursor.load(as: Int32.self))
    case .float32: self = .float32(try cursor.load(as: Float.self))
    case .bool: self = .bool(try cursor.loadBool())
    case .string: self = .string(try cursor.loadString())
    case .array: self = .array(try GGUFArray(from: &cursor, depth: depth + 1))
    case .uint64: self = .uint64(try cursor.load(as: UInt64.self))
    case .int64: self = .int64(try cursor.load(as: Int64.self))
    case .float64: self = .float64(try cursor.load(as: Double.self))
    }
  }

  /// Appends the value as it stands in a file, without its type.
  func encode(into bytes: inout [UInt8]) {
    switch self {
    case .uint8(let value): bytes.append(littleEndian: value)
    case .int8(let value): bytes.append(littleEndian: value)
    case .uint16(let value): bytes.append(littleEndian: value)
    case .int16(let value): bytes.append(littleEndian: value)
    case .uint32(let value): bytes.append(littleEndian: value)
    case .int32(let value): bytes.append(littleEndian: value)
    case .float32(let value): bytes.append(littleEndian: value.bitPattern)
    case .bool(let value): bytes.append(value ? 1 : 0)
    case .string(let value): bytes.append(counted: value.bytes)
    case .array(let value): value.encode(into: &bytes)
    case .uint64(let value): bytes.append(littleEndian: value)
    case .int64(let value): bytes.append(littleEndian: value)
    case .float64(let value): bytes.append(littleEndian: value.bitPattern)
    }
  }
}

extension [UInt8] {
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a string: its length, then its bytes.
  mutating func append(counted string: some Collection<UInt8>) {
    append(littleEndian: UInt64(string.count))
    append(contentsOf: string)
  }
}
