import Testing

/// Bounds, divisors and the ways to write a number.
@Suite struct NumberExpressionsTests {
  @Test(arguments: SchemaCase.numbers) func acceptsAndRefuses(_ example: SchemaCase) throws {
    try example.check()
  }
}

extension SchemaCase {
  static let numbers = [
    SchemaCase(
      #"{"type": "integer"}"#, accepts: ["0", "-9223372036854775808", "9223372036854775807", "12"],
      refuses: ["9223372036854775808", "1.0", "1e2", "-0", "00", "-"]),
    SchemaCase(
      #"{"type": "number"}"#, accepts: ["0.5", "0", "0.0e1", "-1E+9", "1e99", "1234567890123456789.5"],
      refuses: [".5", "1e", "1e999", "+1", "0e1", "-0E1"]),
    SchemaCase(
      #"{"type": "integer", "minimum": -12, "maximum": 105}"#,
      accepts: ["-12", "-1", "0", "9", "99", "100", "105"],
      refuses: ["-13", "106", "110", "999", "-100", "-0"]),
    SchemaCase(
      #"{"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7}"#, accepts: ["6"],
      refuses: ["5", "7", "60"]),
    SchemaCase(
      #"{"type": "number", "minimum": 1.25, "exclusiveMaximum": 3.5}"#,
      accepts: ["1.25", "1.250", "1.3", "2", "3.4999", "3", "3.0"],
      refuses: ["1.2", "1", "3.5", "3.50", "4", "10", "-2", "1.249999"]),
    SchemaCase(
      #"{"type": "number", "exclusiveMinimum": -0.5, "maximum": 0}"#, accepts: ["0", "0.0", "-0.4", "-0.49"],
      refuses: ["-0.5", "-0.50", "0.1", "-1", "-0", "-0.0"]),
    SchemaCase(
      #"{"type": "number", "exclusiveMinimum": 5}"#,
      accepts: ["5.001", "5.00000000000001", "6", "10"],
      refuses: ["5", "5.0", "4.9", "5.00000000000000001"]),
    SchemaCase(
      #"{"type": "integer", "multipleOf": 7, "minimum": -20, "maximum": 50}"#, accepts: ["-14", "0", "49"],
      refuses: ["-15", "1", "56"]),
    SchemaCase(
      #"{"type": "integer", "minimum": 1.5, "maximum": 2.5e0}"#, accepts: ["2"], refuses: ["1", "3", "2.0"]),
    SchemaCase(
      #"{"minimum": 1e2, "maximum": 1.2E2}"#, accepts: ["100", "120", "101.5"], refuses: ["99", "121", "1e2"]),
  ]
}
