import Foundation

/// A number of the calculator: an exact integer as long as it fits in 128 bits, otherwise a `Double`.
package enum ArithmeticValue: Equatable, Sendable {
  case integer(Int128)
  case real(Double)

  package var double: Double {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    }
  }

  /// The exact result of two integers where there is one, otherwise that of two doubles.
  static func combine(
    _ a: ArithmeticValue, _ b: ArithmeticValue, _ exact: (Int128, Int128) -> Int128?,
    _ rounded: (Double, Double) -> Double
  ) throws(ArithmeticError) -> ArithmeticValue {
    if case .integer(let a) = a, case .integer(let b) = b, let value = exact(a, b) { return .integer(value) }
    return try .checked(rounded(a.double, b.double))
  }

  /// A double as the result of an operation.
  static func checked(_ value: Double) throws(ArithmeticError) -> ArithmeticValue {
    if value.isNaN { throw .undefined }
    if value.isInfinite { throw .tooLarge }
    return .real(value)
  }
}

extension ArithmeticValue: CustomStringConvertible {
  /// Integers in full; others with the 15 digits that arithmetic in `Double` keeps.
  package var description: String {
    switch self {
    case .integer(let value): return value.description
    case .real(let value):
      if value == value.rounded(), abs(value) < 1e15 { return Int(value).description }
      return String(format: "%.15g", value)
    }
  }
}

extension ArithmeticValue {
  static prefix func - (a: ArithmeticValue) -> ArithmeticValue {
    if case .integer(let value) = a, value != .min { return .integer(-value) }
    return .real(-a.double)
  }

  static func + (a: ArithmeticValue, b: ArithmeticValue) throws(ArithmeticError) -> ArithmeticValue {
    try combine(a, b, { exact($0.addingReportingOverflow($1)) }, +)
  }

  static func - (a: ArithmeticValue, b: ArithmeticValue) throws(ArithmeticError) -> ArithmeticValue {
    try combine(a, b, { exact($0.subtractingReportingOverflow($1)) }, -)
  }

  static func * (a: ArithmeticValue, b: ArithmeticValue) throws(ArithmeticError) -> ArithmeticValue {
    try combine(a, b, { exact($0.multipliedReportingOverflow(by: $1)) }, *)
  }

  static func / (a: ArithmeticValue, b: ArithmeticValue) throws(ArithmeticError) -> ArithmeticValue {
    if b.double == 0 { throw .divisionByZero }
    return try combine(
      a, b,
      {
        let (quotient, overflow) = $0.dividedReportingOverflow(by: $1)
        return overflow || quotient &* $1 != $0 ? nil : quotient
      }, /)
  }

  /// The remainder, with the sign of the dividend.
  static func % (a: ArithmeticValue, b: ArithmeticValue) throws(ArithmeticError) -> ArithmeticValue {
    if b.double == 0 { throw .divisionByZero }
    return try combine(
      a, b, { exact($0.remainderReportingOverflow(dividingBy: $1)) },
      { $0.truncatingRemainder(dividingBy: $1) })
  }

  func raised(to exponent: ArithmeticValue) throws(ArithmeticError) -> ArithmeticValue {
    if double == 0, exponent.double < 0 { throw .divisionByZero }
    return try Self.combine(self, exponent, Self.exactPower, pow)
  }

  /// The power of integers by squaring; nil if it does not fit or is no integer.
  private static func exactPower(_ base: Int128, _ exponent: Int128) -> Int128? {
    guard exponent >= 0 else { return nil }
    var (result, square, rest): (Int128, Int128?, Int128) = (1, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 {
        guard let factor = square, let product = exact(result.multipliedReportingOverflow(by: factor)) else {
          return nil
        }
        result = product
      }
      rest >>= 1
      square = square.flatMap { exact($0.multipliedReportingOverflow(by: $0)) }
    }
    return result
  }

  var squareRoot: ArithmeticValue {
    get throws(ArithmeticError) {
      let root = double.squareRoot()
      if case .integer(let value) = self, root < 1e15,
        Int128(exactly: root).map({ $0 * $0 == value }) ?? false
      {
        return .integer(Int128(root))
      }
      return try .checked(root)
    }
  }

  /// Exact between integers.
  func isLess(than other: ArithmeticValue) -> Bool {
    if case .integer(let value) = self, case .integer(let other) = other { return value < other }
    return double < other.double
  }

  var magnitude: ArithmeticValue { double < 0 ? -self : self }

  /// Rounded to a number of digits after the point, halves away from zero.
  func rounded(digits: Int) throws(ArithmeticError) -> ArithmeticValue {
    if case .integer(let value) = self {
      if digits >= 0 { return self }
      if let rounded = Self.rounded(value, zeros: -digits) { return .integer(rounded) }
    }
    if digits == 0 { return Self.whole(double.rounded()) }
    let scale = pow(10, Double(digits))
    let scaled = double * scale
    // A number that large has no such digits.
    return scaled.isFinite ? try .checked(scaled.rounded() / scale) : self
  }

  /// An integer rounded so that it ends in zeros; nil if it does not fit.
  private static func rounded(_ value: Int128, zeros: Int) -> Int128? {
    guard let step = exactPower(10, Int128(zeros)) else { return nil }
    let rest = value % step
    let isUp = rest.magnitude >= (step / 2).magnitude
    return exact((value - rest).addingReportingOverflow(isUp ? (value < 0 ? -step : step) : 0))
  }

  private static func whole(_ value: Double) -> ArithmeticValue {
    Int128(exactly: value).map { .integer($0) } ?? .real(value)
  }
}

/// The result of an operation on integers; nil if it did not fit.
private func exact(_ result: (partialValue: Int128, overflow: Bool)) -> Int128? {
  result.overflow ? nil : result.partialValue
}
