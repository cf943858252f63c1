/// A Swift type that has a GGUF value type of its own: the eight fixed-width integers, `Float`,
/// `Double` and `Bool`.
public protocol GGUFScalar: BitwiseCopyable, Sendable {
  /// The type in a file.
  static var ggufType: GGUFValueType { get }
  /// The value as it is written.
  var ggufValue: GGUFValue { get }
}

extension UInt8: GGUFScalar {
  public static var ggufType: GGUFValueType { .uint8 }
  public var ggufValue: GGUFValue { .uint8(self) }
}

extension Int8: GGUFScalar {
  public static var ggufType: GGUFValueType { .int8 }
  public var ggufValue: GGUFValue { .int8(self) }
}

extension UInt16: GGUFScalar {
  public static var ggufType: GGUFValueType { .uint16 }
  public var ggufValue: GGUFValue { .uint16(self) }
}

extension Int16: GGUFScalar {
  public static var ggufType: GGUFValueType { .int16 }
  public var ggufValue: GGUFValue { .int16(self) }
}

extension UInt32: GGUFScalar {
  public static var ggufType: GGUFValueType { .uint32 }
  public var ggufValue: GGUFValue { .uint32(self) }
}

extension Int32: GGUFScalar {
  public static var ggufType: GGUFValueType { .int32 }
  public var ggufValue: GGUFValue { .int32(self) }
}

extension UInt64: GGUFScalar {
  public static var ggufType: GGUFValueType { .uint64 }
  public var ggufValue: GGUFValue { .uint64(self) }
}

extension Int64: GGUFScalar {
  public static var ggufType: GGUFValueType { .int64 }
  public var ggufValue: GGUFValue { .int64(self) }
}

extension Float: GGUFScalar {
  public static var ggufType: GGUFValueType { .float32 }
  public var ggufValue: GGUFValue { .float32(self) }
}

extension Double: GGUFScalar {
  public static var ggufType: GGUFValueType { .float64 }
  public var ggufValue: GGUFValue { .float64(self) }
}

extension Bool: GGUFScalar {
  public static var ggufType: GGUFValueType { .bool }
  public var ggufValue: GGUFValue { .bool(self) }
}
