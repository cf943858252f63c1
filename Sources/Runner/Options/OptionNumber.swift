import ArgumentParser

// The parser shows no default value where a function reads the value: the help has to.

/// Reads a whole number; together with `parsing: .unconditional`, `-n -1` is a number and not another option.
///
/// - Throws: `ValidationError` that says what the option takes.
func wholeNumber<Number: FixedWidthInteger>(_ text: String) throws(ValidationError) -> Number {
  guard let number = Number(text) else {
    let lowest = Number.isSigned ? "" : "from \(Number.min) "
    throw ValidationError("it has to be a whole number \(lowest)up to \(Number.max).")
  }
  return number
}

/// Reads a number.
///
/// - Throws: `ValidationError` that says what the option takes.
func decimalNumber(_ text: String) throws(ValidationError) -> Float {
  guard let number = Float(text) else { throw ValidationError("it has to be a number, such as 0.7.") }
  return number
}
