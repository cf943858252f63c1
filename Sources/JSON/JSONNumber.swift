/// A JSON number, kept as the text it was written with.
public struct JSONNumber: Sendable, Hashable {
  /// The number as it was written.
  public let text: String

  /// An integer.
  public init(_ value: some FixedWidthInteger) { text = String(value) }

  /// A finite number, in the shortest form that reads back as the same value.
  ///
  /// - Precondition: `value` is finite: JSON has no infinity and no NaN.
  public init(_ value: Double) {
    precondition(value.isFinite, "JSON has no \(value)")
    text = Self.shortest(value)
  }

  /// Text that the parser has found to be a number.
  init(checkedText: String) { text = checkedText }

  /// The nearest floating-point value.
  public var doubleValue: Double {
    // The grammar of JSON numbers is a part of what `Double` accepts.
    Double(text) ?? .nan
  }

  /// The number as the reference library writes it into a prompt.
  ///
  /// It keeps integers of 64 bits and turns everything else into a `Double`, which it prints in the
  /// shortest form: `1e2` becomes `100.0`. Its conversion (serde_json 1.0.140 without
  /// `float_roundtrip`) multiplies a 64-bit significand by a power of ten, which is not always the
  /// nearest value; the same steps are taken here, because the model sees the digits.
  ///
  /// A number beyond the range of `Double`, which the reference refuses, stays as it was written.
  package var referenceText: String {
    var scanner = ReferenceNumberScanner(text.utf8)
    guard let value = scanner.scan() else { return text }
    switch value {
    case .integer: return text
    case .double(let double): return Self.shortest(double)
    }
  }

  /// The shortest digits that read back as `value`: plain from 1e-5 up to 1e16, with an exponent
  /// outside, always with a point or an exponent.
  private static func shortest(_ value: Double) -> String {
    let sign = value.sign == .minus ? "-" : ""
    guard value != 0 else { return sign + "0.0" }
    let (digits, pointIndex) = shortestDigits(of: value.magnitude)
    let count = digits.count
    switch pointIndex {
    case 1...16 where count <= pointIndex:
      return sign + digits + String(repeating: "0", count: pointIndex - count) + ".0"
    case 1...16:
      return sign + digits.prefix(pointIndex) + "." + digits.dropFirst(pointIndex)
    case -4...0:
      return sign + "0." + String(repeating: "0", count: -pointIndex) + digits
    default:
      let fraction = digits.dropFirst()
      return sign + digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e\(pointIndex - 1)"
    }
  }

  /// The significant digits, and where the decimal point stands in them (`0.0012` → `12`, -2).
  private static func shortestDigits(of magnitude: Double) -> (digits: String, pointIndex: Int) {
    let parts = magnitude.description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].split(separator: ".")
    let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
    let all = mantissa[0] + fraction
    let leadingZeros = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leadingZeros)
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (String(digits), mantissa[0].count + exponent - leadingZeros)
  }
}

/// Reads a number's text the way serde_json 1.0.140 does.
private struct ReferenceNumberScanner {
  enum Value {
    case integer
    case double(Double)
  }

  private var bytes: Substring.UTF8View.SubSequence
  private var isNegative = false

  init(_ text: String.UTF8View) {
    bytes = text[...]
    isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { bytes.removeFirst() }
  }

  /// Nil when the number is out of range.
  mutating func scan() -> Value? {
    var significand: UInt64 = 0
    while let digit = nextDigit() {
      guard let longer = Self.append(digit, to: significand) else { return scanLongInteger(significand) }
      significand = longer
      bytes.removeFirst()
    }
    switch bytes.first {
    case UInt8(ascii: "."): return scanFraction(significand, exponent: 0)
    case UInt8(ascii: "e"), UInt8(ascii: "E"): return scanExponent(significand, exponent: 0)
    default:
      guard isNegative else { return .integer }
      let fitsInt64 = significand != 0 && significand <= UInt64(Int64.max) + 1
      return fitsInt64 ? .integer : .double(-Double(significand))
    }
  }

  /// Digits that no longer fit only raise the exponent.
  private mutating func scanLongInteger(_ significand: UInt64) -> Value? {
    var exponent = 0
    while nextDigit() != nil {
      bytes.removeFirst()
      exponent += 1
    }
    switch bytes.first {
    case UInt8(ascii: "."): return scanFraction(significand, exponent: exponent)
    case UInt8(ascii: "e"), UInt8(ascii: "E"): return scanExponent(significand, exponent: exponent)
    default: return value(significand, exponent: exponent)
    }
  }

  private mutating func scanFraction(_ integerPart: UInt64, exponent: Int) -> Value? {
    var significand = integerPart
    var exponent = exponent
    var isFull = false
    bytes.removeFirst()
    while let digit = nextDigit() {
      if !isFull, let longer = Self.append(digit, to: significand) {
        significand = longer
        exponent -= 1
      } else {
        isFull = true
      }
      bytes.removeFirst()
    }
    return bytes.isEmpty
      ? value(significand, exponent: exponent) : scanExponent(significand, exponent: exponent)
  }

  private mutating func scanExponent(_ significand: UInt64, exponent: Int) -> Value? {
    bytes.removeFirst()
    let isMinus = bytes.first == UInt8(ascii: "-")
    if isMinus || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    var magnitude = 0
    while let digit = nextDigit() {
      magnitude = magnitude * 10 + Int(digit)
      guard magnitude <= Int(Int32.max) else {
        return significand == 0 || isMinus ? .double(isNegative ? -0.0 : 0.0) : nil
      }
      bytes.removeFirst()
    }
    return value(significand, exponent: exponent + (isMinus ? -magnitude : magnitude))
  }

  private func value(_ significand: UInt64, exponent: Int) -> Value? {
    var result = Double(significand)
    var exponent = exponent
    while exponent < -308, result != 0 {
      result /= 1e308
      exponent += 308
    }
    if result != 0 {
      guard exponent <= 308 else { return nil }
      result = exponent < 0 ? result / Self.powerOfTen(-exponent) : result * Self.powerOfTen(exponent)
      guard result.isFinite else { return nil }
    }
    return .double(isNegative ? -result : result)
  }

  private func nextDigit() -> UInt8? {
    guard let byte = bytes.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
    return byte - UInt8(ascii: "0")
  }

  private static func append(_ digit: UInt8, to significand: UInt64) -> UInt64? {
    let (tenfold, overflow) = significand.multipliedReportingOverflow(by: 10)
    guard !overflow else { return nil }
    let (sum, sumOverflow) = tenfold.addingReportingOverflow(UInt64(digit))
    return sumOverflow ? nil : sum
  }

  /// The nearest value to 10^exponent, as a literal would have it.
  private static func powerOfTen(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .infinity }
}
