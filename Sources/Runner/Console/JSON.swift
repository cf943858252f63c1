import Foundation
import GPTOSSHarmony
import GPTOSSJSON

extension JSONValue {
  /// An integer of any type, digit for digit.
  init(_ number: some FixedWidthInteger) {
    self = .number(JSONNumber(number))
  }

  /// A number with the fewest digits that give it back; `"nan"`, `"inf"` and `"-inf"` where JSON has none.
  init<Number: BinaryFloatingPoint & LosslessStringConvertible>(decimal number: Number) {
    guard number.isFinite, let double = Double(number.description) else {
      self = .string(number.isNaN ? "nan" : number < 0 ? "-inf" : "inf")
      return
    }
    self = .number(JSONNumber(double))
  }
}

extension Encodable {
  /// The value as one line of JSON, keys sorted.
  func jsonLine() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
