import GPTOSSJSON
import GPTOSSStructuredOutput
import Testing

/// Numbers are compared digit by digit: no `Double` rounds them.
@Suite struct ExactDecimalTests {
  private func decimal(_ text: String) throws -> ExactDecimal? {
    let value = try JSONValue(parsing: text)
    guard case .number(let number) = value else { return nil }
    return ExactDecimal(number)
  }

  @Test(arguments: [
    ("0", "-0"), ("0", "0.000e5"), ("1", "1.0"), ("1e2", "100"), ("1.5E-3", "0.0015"), ("-120", "-1.2e2"),
    ("12345678901234567890.5", "123456789012345678905e-1"),
  ])
  func sameNumber(_ left: String, _ right: String) throws {
    #expect(try #require(try decimal(left)) == #require(try decimal(right)))
  }

  @Test func order() throws {
    let rising = [
      "-1e400", "-10", "-9.99", "-1", "-0.5", "-1e-400", "0", "1e-400", "0.5", "5.00000000000000001",
      "5.00000000000000002", "9007199254740992", "9007199254740993", "1e400",
    ]
    let values = try rising.map { try #require(try decimal($0)) }
    for (lower, higher) in zip(values, values.dropFirst()) {
      #expect(lower < higher)
      #expect(!(higher < lower))
    }
  }

  @Test(arguments: ["1e401", "-1e-401", "1e999999999999999999999"])
  func exponentsBeyondTheLimit(_ text: String) throws { #expect(try decimal(text) == nil) }
}
