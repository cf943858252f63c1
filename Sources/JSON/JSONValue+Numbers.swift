extension JSONValue {
  /// An integer of any type, digit for digit.
  package init(_ number: some FixedWidthInteger) {
    self = .number(JSONNumber(number))
  }

  /// A number with the fewest digits that read back as the same value; `"nan"`, `"inf"` and `"-inf"` where
  /// JSON has none.
  package init<Number: BinaryFloatingPoint & LosslessStringConvertible>(decimal number: Number) {
    guard number.isFinite, let double = Double(number.description) else {
      self = .string(number.isNaN ? "nan" : number < 0 ? "-inf" : "inf")
      return
    }
    self = .number(JSONNumber(double))
  }
}
