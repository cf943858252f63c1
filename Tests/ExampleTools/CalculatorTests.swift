import GPTOSSExampleTools
import Testing

/// Expressions and their values, as a model would write them.
struct CalculatorTests {
  @Test(arguments: [
    ("1 + 2 * 3", "7"), ("(1+2)*3", "9"), ("10 - 4 - 3", "3"), ("2^10", "1024"), ("2**10", "1024"),
    ("2^3^2", "512"),
    ("-2^2", "-4"), ("(-2)^2", "4"), ("2^-1", "0.5"), ("--3", "3"), ("2 - -3", "5"), ("+5", "5"),
    ("7 / 2", "3.5"),
    ("8 / 2", "4"), ("7 % 3", "1"), ("-7 % 3", "-1"), ("7.5 % 2", "1.5"), ("2 + 3 % 2", "3"),
    ("0.1 + 0.2", "0.3"),
    (".5 + 1.", "1.5"), ("1e3 + 1E-3", "1000.001"), ("2 × 3 ÷ 4 − 1", "0.5"), ("\t1\n+ 1 ", "2"),
    ("123456789 * 987654321", "121932631112635269"),
    ("2^100", "1267650600228229401496703205376"), ("10^38 + 1", "100000000000000000000000000000000000001"),
    ("2^127 - 1", "1.70141183460469e+38"), ("2^200", "1.60693804425899e+60"), ("1/3", "0.333333333333333"),
    ("2/3*3", "2"), ("100000000000000000000 / 7", "1.42857142857143e+19"), ("99999999999999999999 % 10", "9"),
    ("sqrt(16)", "4"), ("sqrt(2)", "1.4142135623731"), ("abs(-3.5)", "3.5"), ("min(3, 1, 2)", "1"),
    ("max(3, 10/2)", "5"),
    ("round(2.5)", "3"), ("round(-2.5)", "-3"), ("round(3.14159, 2)", "3.14"), ("round(1234, -2)", "1200"),
    ("pi", "3.14159265358979"), ("e", "2.71828182845905"), ("2 * PI", "6.28318530717959"),
    ("sqrt(sqrt(81))", "3"),
    ("0 ^ 0", "1"), ("1^9999999999", "1"), ("(-1)^9999999999", "-1"), ("0.1^400", "0"), ("-0", "0"),
    ("1e300", "1e+300"), ("max(9007199254740992, 9007199254740993)", "9007199254740993"),
    ("min(9007199254740993, 9007199254740992)", "9007199254740992"), ("round(-150, -2)", "-200"),
    ("round(1234567890123456789, -1)", "1234567890123456790"), ("round(49, -2)", "0"),
  ])
  func values(_ expression: String, _ value: String) {
    #expect(Calculator().call(arguments: .init(expression: expression)) == value)
  }

  @Test(arguments: [
    ("", ArithmeticError.empty), ("  ", .empty), ("1 +", .unexpectedEnd), ("(1", .unexpectedEnd),
    ("1)", .unexpected(")", position: 2)), ("1 2", .unexpected("2", position: 3)),
    ("2(3)", .unexpected("(", position: 2)),
    ("1 + * 2", .unexpected("*", position: 5)), ("1..2", .unexpected(".", position: 3)),
    ("1e", .unexpected("1e", position: 1)), (".", .unexpected(".", position: 1)),
    ("$5", .unexpected("$", position: 1)),
    ("1,000", .unexpected(",", position: 2)), ("x + 1", .unknownName("x")), ("sin(1)", .unknownName("sin")),
    ("sqrt", .wrongArgumentCount(function: "sqrt")), ("sqrt(1, 2)", .wrongArgumentCount(function: "sqrt")),
    ("pi(1)", .wrongArgumentCount(function: "pi")), ("sqrt()", .unexpected(")", position: 6)),
    ("round(1, -2^63)", .badDigits), ("round(1, 31)", .badDigits),
    ("1 / 0", .divisionByZero), ("1 % 0", .divisionByZero), ("1 / (2 - 2.0)", .divisionByZero),
    ("0 ^ -1", .divisionByZero),
    ("sqrt(-1)", .undefined), ("(-8)^0.5", .undefined), ("10^400", .tooLarge), ("9^9^9^9", .tooLarge),
    ("1e999", .tooLarge),
    ("round(1, 0.5)", .badDigits), ("round(1, 1e9)", .badDigits),
  ])
  func errors(_ expression: String, _ error: ArithmeticError) {
    #expect(throws: error) { try Arithmetic.evaluate(expression) }
    #expect(Calculator().call(arguments: .init(expression: expression)) == "Error: \(error)")
  }

  @Test(arguments: ["(", "-", "sqrt(", "2^", "(-", "abs(-"])
  func depthDoesNotExhaustTheStack(_ piece: String) {
    #expect(throws: ArithmeticError.tooDeep) {
      try Arithmetic.evaluate(String(repeating: piece, count: 1000))
    }
  }

  @Test func lengthIsLimited() throws {
    #expect(throws: ArithmeticError.tooLong) {
      try Arithmetic.evaluate(String(repeating: "1+", count: 5001) + "1")
    }
    #expect(try Arithmetic.evaluate(String(repeating: "1+", count: 4999) + "1").description == "5000")
  }

  /// Integers that overflow turn into doubles instead of trapping.
  @Test(arguments: ["170141183460469231731687303715884105727", "(-2)^127", "9^40"])
  func extremes(_ number: String) throws {
    for operation in [
      "%@ + %@", "-(%@) - %@", "%@ * %@", "%@ / -1", "%@ % -1", "-(%@)", "abs(%@)", "round(%@, -30)",
    ] {
      let value = try Arithmetic.evaluate(operation.replacing("%@", with: number))
      #expect(value.double.isFinite)
    }
  }
}
