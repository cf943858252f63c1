/// A number type that GGUF has too, with the same bits: the eight fixed-width integers, `Float` and `Double`.
public protocol GGUFScalar: BitwiseCopyable, Sendable {
  /// The type in a file.
  static var ggufType: GGUFValueType { get }
}

extension UInt8: GGUFScalar {
  /// The type in a file, `uint8`.
  public static var ggufType: GGUFValueType { .uint8 }
}

extension Int8: GGUFScalar {
  /// The type in a file, `int8`.
  public static var ggufType: GGUFValueType { .int8 }
}

extension UInt16: GGUFScalar {
  /// The type in a file, `uint16`.
  public static var ggufType: GGUFValueType { .uint16 }
}

extension Int16: GGUFScalar {
  /// The type in a file, `int16`.
  public static var ggufType: GGUFValueType { .int16 }
}

extension UInt32: GGUFScalar {
  /// The type in a file, `uint32`.
  public static var ggufType: GGUFValueType { .uint32 }
}

extension Int32: GGUFScalar {
  /// The type in a file, `int32`.
  public static var ggufType: GGUFValueType { .int32 }
}

extension UInt64: GGUFScalar {
  /// The type in a file, `uint64`.
  public static var ggufType: GGUFValueType { .uint64 }
}

extension Int64: GGUFScalar {
  /// The type in a file, `int64`.
  public static var ggufType: GGUFValueType { .int64 }
}

extension Float: GGUFScalar {
  /// The type in a file, `float32`.
  public static var ggufType: GGUFValueType { .float32 }
}

extension Double: GGUFScalar {
  /// The type in a file, `float64`.
  public static var ggufType: GGUFValueType { .float64 }
}
