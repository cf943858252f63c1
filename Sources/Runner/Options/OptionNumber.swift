import ArgumentParser

extension Option {
  /// An option that is a whole number, with a default value.
  ///
  /// `-n -1` is a number and not another option. The parser shows no default value where a function reads the
  /// value, so the help gets it here.
  ///
  /// - Parameters:
  ///   - name: the option's names.
  ///   - help: what the number is.
  init(wrappedValue: Value, name: NameSpecification = .long, number help: String)
  where Value: FixedWidthInteger {
    self.init(
      wrappedValue: wrappedValue, name: name, parsing: .unconditional,
      help: "\(help) (default: \(wrappedValue))", transform: wholeNumber)
  }

  /// An option that is a whole number, and may be left out.
  init<Number: FixedWidthInteger & SendableMetatype>(
    name: NameSpecification = .long, number help: String
  ) where Value == Number? {
    self.init(name: name, parsing: .unconditional, help: "\(help)") { text -> Number in
      try wholeNumber(text)
    }
  }

  /// An option that is a number, with a default value.
  init(wrappedValue: Float, name: NameSpecification = .long, number help: String) where Value == Float {
    let value = Int(exactly: wrappedValue).map(String.init) ?? "\(wrappedValue)"
    self.init(
      wrappedValue: wrappedValue, name: name, parsing: .unconditional, help: "\(help) (default: \(value))",
      transform: decimalNumber)
  }

  /// An option that is a number, and may be left out.
  init(name: NameSpecification = .long, number help: String) where Value == Float? {
    self.init(name: name, parsing: .unconditional, help: "\(help)", transform: decimalNumber)
  }
}

/// Reads a whole number.
///
/// - Throws: `ValidationError` that says what the option takes.
@Sendable
private func wholeNumber<Number: FixedWidthInteger>(_ text: String) throws -> Number {
  guard let number = Number(text) else {
    let lowest = Number.isSigned ? "" : "from \(Number.min) "
    throw ValidationError("it has to be a whole number \(lowest)up to \(Number.max).")
  }
  return number
}

/// Reads a number.
///
/// - Throws: `ValidationError` that says what the option takes.
@Sendable
private func decimalNumber(_ text: String) throws -> Float {
  guard let number = Float(text) else { throw ValidationError("it has to be a number, such as 0.7.") }
  return number
}
