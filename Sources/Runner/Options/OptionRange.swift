import ArgumentParser

/// Checks an option's value; an option that was left out is right.
///
/// - Throws: `ValidationError` that names the option, its value and the bound that it breaks.
func checkOption(_ name: String, _ value: Int?, in range: ClosedRange<Int>) throws(ValidationError) {
  try checkOption(name, value, in: range.lowerBound...)
  if let value, value > range.upperBound {
    throw ValidationError("--\(name) is \(value); it must be \(range.upperBound) or less.")
  }
}

/// Checks an option's value; an option that was left out is right.
///
/// - Throws: `ValidationError` that names the option, its value and the bound that it breaks.
func checkOption(_ name: String, _ value: Int?, in range: PartialRangeFrom<Int>) throws(ValidationError) {
  if let value, value < range.lowerBound {
    throw ValidationError("--\(name) is \(value); it must be \(range.lowerBound) or more.")
  }
}
