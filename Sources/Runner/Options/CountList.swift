package import ArgumentParser

/// Numbers that an option names with commas between, such as `128,512`.
package struct CountList: Sendable, Equatable {
  /// At least one.
  package let counts: [Int]

  package init(_ counts: Int...) { self.counts = counts }

  /// Reads a list.
  ///
  /// - Throws: `ValidationError` that says what the option takes.
  package init(argument: String) throws(ValidationError) {
    var counts: [Int] = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let count = Int(word) else {
        throw ValidationError("it has to be a whole number, or several with commas between, such as 128,512.")
      }
      counts.append(count)
    }
    self.counts = counts
  }

  /// Refuses a number that is out of range or stands there twice, for an option of this name.
  ///
  /// - Parameters:
  ///   - lowest: the least that each number may be.
  /// - Throws: `ValidationError` that names the option and the number.
  package func check(_ name: String, atLeast lowest: Int) throws(ValidationError) {
    var seen: Set<Int> = []
    for count in counts {
      if count < lowest {
        throw ValidationError("--\(name) is \(count); it must be \(lowest) or more.")
      }
      if !seen.insert(count).inserted {
        throw ValidationError("--\(name) is \(count) twice; give each number once.")
      }
    }
  }
}

extension Option where Value == CountList {
  /// An option that is one whole number or several, with a default value.
  init(wrappedValue: CountList, name: NameSpecification = .long, counts help: String) {
    let list = wrappedValue.counts.map(String.init).joined(separator: ",")
    self.init(
      wrappedValue: wrappedValue, name: name, parsing: .unconditional, help: "\(help) (default: \(list))",
      transform: { try CountList(argument: $0) })
  }
}
