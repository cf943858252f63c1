/// Why an expression has no value.
package enum ArithmeticError: Error, Equatable, Sendable {
  case empty
  /// The text at this character, counted from 1, is not what belongs there.
  case unexpected(String, position: Int)
  case unexpectedEnd
  case unknownName(String)
  case wrongArgumentCount(function: String)
  case badDigits
  case divisionByZero
  /// Such as the root of a negative number.
  case undefined
  case tooLarge
  case tooDeep
  case tooLong
}

extension ArithmeticError: CustomStringConvertible {
  /// One line for a model to read.
  package var description: String {
    switch self {
    case .empty: "The expression is empty."
    case .unexpected(let text, let position): "Unexpected \"\(text)\" at character \(position)."
    case .unexpectedEnd: "The expression ends too early."
    case .unknownName(let name):
      "\(name) is not known; the names are \(Arithmetic.names.joined(separator: ", "))."
    case .wrongArgumentCount(let function): "Wrong number of arguments for \(function)."
    case .badDigits: "The digits to round to must be a whole number from -30 to 30."
    case .divisionByZero: "Division by zero."
    case .undefined: "The result is not a real number."
    case .tooLarge: "The result is too large."
    case .tooDeep: "The expression is nested too deeply."
    case .tooLong: "The expression is too long."
    }
  }
}
