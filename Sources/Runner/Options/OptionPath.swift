import ArgumentParser

/// Refuses an empty path, which a variable of a script leaves that was never set.
///
/// - Parameter name: what the path is, such as `--load`.
/// - Throws: `ValidationError`.
func checkPath(_ name: String, _ path: String?) throws(ValidationError) {
  if path?.isEmpty == true { throw ValidationError("\(name) is empty; give the path of a file.") }
}
