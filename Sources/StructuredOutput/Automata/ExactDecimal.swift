package import GPTOSSJSON

/// A decimal number without rounding: a sign and digits on both sides of the point, no zeros at the ends.
package struct ExactDecimal: Equatable {
  /// Zero is not negative.
  private(set) var isNegative: Bool
  /// Empty below one.
  private(set) var integer: [UInt8]
  private(set) var fraction: [UInt8]

  /// Powers of ten beyond which a number is not written out.
  private static let exponentLimit = 400
  /// More digits than any `Double` needs to be told from its neighbors, which is 767.
  private static let digitLimit = 1000

  static let zero = ExactDecimal(isNegative: false, integer: [], fraction: [])

  /// The value of a JSON number; `nil` if its exponent is beyond ±400 or it has more than 1,000 digits.
  package init?(_ number: JSONNumber) {
    var text = Substring(number.text).utf8
    isNegative = text.first == UInt8(ascii: "-")
    if isNegative { text.removeFirst() }
    let mantissa = text.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
    let exponentText = text.dropFirst(mantissa.count + 1)
    guard mantissa.count <= Self.digitLimit,
      let exponent = exponentText.isEmpty ? 0 : Int(String(decoding: exponentText, as: UTF8.self)),
      exponent.magnitude <= Self.exponentLimit
    else { return nil }
    integer = mantissa.prefix { $0 != UInt8(ascii: ".") }.map { $0 - 0x30 }
    fraction = mantissa.dropFirst(integer.count + 1).map { $0 - 0x30 }
    if exponent > 0 {
      let moved = fraction.prefix(exponent)
      integer += moved + [UInt8](repeating: 0, count: exponent - moved.count)
      fraction.removeFirst(moved.count)
    } else if exponent < 0 {
      let moved = integer.suffix(-exponent)
      fraction = [UInt8](repeating: 0, count: -exponent - moved.count) + moved + fraction
      integer.removeLast(moved.count)
    }
    integer = Array(integer.drop { $0 == 0 })
    while fraction.last == 0 { fraction.removeLast() }
    if integer.isEmpty, fraction.isEmpty { isNegative = false }
  }

  private init(isNegative: Bool, integer: [UInt8], fraction: [UInt8]) {
    self.isNegative = isNegative
    self.integer = integer
    self.fraction = fraction
  }

  init(_ value: Int) {
    self.init(
      isNegative: value < 0, integer: value == 0 ? [] : String(value.magnitude).utf8.map { $0 - 0x30 },
      fraction: [])
  }

  var isZero: Bool { integer.isEmpty && fraction.isEmpty }
  var isInteger: Bool { fraction.isEmpty }
  var magnitude: ExactDecimal { ExactDecimal(isNegative: false, integer: integer, fraction: fraction) }

  /// The value, when it is an integer that fits.
  var intValue: Int? {
    guard isInteger else { return nil }
    return Int(
      (isNegative ? "-" : "") + (isZero ? "0" : String(decoding: integer.map { $0 + 0x30 }, as: UTF8.self)))
  }
}

extension ExactDecimal: Comparable {
  package static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
    switch (left.isNegative, right.isNegative) {
    case (true, false): true
    case (false, true): false
    case (false, false): left.isSmallerInMagnitude(than: right)
    case (true, true): right.isSmallerInMagnitude(than: left)
    }
  }

  private func isSmallerInMagnitude(than other: ExactDecimal) -> Bool {
    if integer.count != other.integer.count { return integer.count < other.integer.count }
    return (integer + fraction).lexicographicallyPrecedes(other.integer + other.fraction)
  }
}

extension ExactDecimal {
  /// The number without an exponent and without zeros at the end of the fraction.
  var text: String {
    let digits = { (values: [UInt8]) in String(decoding: values.map { $0 + 0x30 }, as: UTF8.self) }
    return (isNegative ? "-" : "") + (integer.isEmpty ? "0" : digits(integer))
      + (fraction.isEmpty ? "" : "." + digits(fraction))
  }
}
