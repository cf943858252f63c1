/// Reads an arithmetic expression and works it out, by recursive descent.
///
///     sum     = product { (+|-) product }
///     product = sign { (*|/|%) sign }
///     sign    = (+|-) sign | power
///     power   = atom [ ^ sign ]               -2^2 is -4, 2^3^2 is 2^9, 2^-1 is 0.5
///     atom    = number | name | name ( sum {, sum} ) | ( sum )
///
/// `**` is read as `^`, and the signs ×, ÷ and − as `*`, `/` and `-`.
package struct Arithmetic {
  /// Longer texts, in characters, are refused.
  private static let longestText = 10_000
  /// Deeper nesting is refused, before it could exhaust the stack.
  private static let deepestNesting = 200

  private let text: [Character]
  private var position = 0
  private var depth = 0

  /// The value of an expression.
  package static func evaluate(_ text: String) throws(ArithmeticError) -> ArithmeticValue {
    var parser = try Arithmetic(text)
    let value = try parser.sum()
    if let rest = parser.peek() { throw parser.unexpected(rest) }
    return value
  }

  private init(_ text: String) throws(ArithmeticError) {
    if text.count > Self.longestText { throw .tooLong }
    let spellings: [Character: Character] = ["×": "*", "·": "*", "÷": "/", "−": "-"]
    self.text = text.replacing("**", with: "^").map { spellings[$0] ?? $0 }
    if self.text.allSatisfy(\.isWhitespace) { throw .empty }
  }

  // MARK: Grammar

  private mutating func sum() throws(ArithmeticError) -> ArithmeticValue {
    var value = try product()
    while let sign = take(where: { "+-".contains($0) }) {
      value = sign == "+" ? try value + product() : try value - product()
    }
    return value
  }

  private mutating func product() throws(ArithmeticError) -> ArithmeticValue {
    var value = try sign()
    while let sign = take(where: { "*/%".contains($0) }) {
      let factor = try self.sign()
      switch sign {
      case "*": value = try value * factor
      case "/": value = try value / factor
      default: value = try value % factor
      }
    }
    return value
  }

  private mutating func sign() throws(ArithmeticError) -> ArithmeticValue {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.deepestNesting { throw .tooDeep }
    if let sign = take(where: { "+-".contains($0) }) {
      return sign == "-" ? -(try self.sign()) : try self.sign()
    }
    let base = try atom()
    return take(where: { $0 == "^" }) == nil ? base : try base.raised(to: self.sign())
  }

  private mutating func atom() throws(ArithmeticError) -> ArithmeticValue {
    guard let first = peek() else { throw .unexpectedEnd }
    if first == "(" {
      position += 1
      let value = try sum()
      try expect(")")
      return value
    }
    if first.isDigit || first == "." { return try number() }
    guard first.isLetter else { throw unexpected(first) }
    let name = String(takeAll { $0.isLetter || $0.isDigit || $0 == "_" }).lowercased()
    return try take(where: { $0 == "(" }) == nil ? constant(name) : function(name)
  }

  private mutating func number() throws(ArithmeticError) -> ArithmeticValue {
    let start = position
    var digits = String(takeAll(where: \.isDigit))
    if let integer = Int128(digits), !isNext({ ".eE".contains($0) }) { return .integer(integer) }
    if isNext({ $0 == "." }) {
      position += 1
      digits += "." + String(takeAll(where: \.isDigit))
    }
    if isNext({ $0 == "e" || $0 == "E" }) {
      position += 1
      let sign = isNext({ "+-".contains($0) }) ? String(text[position]) : ""
      position += sign.count
      digits += "e" + sign + String(takeAll(where: \.isDigit))
    }
    guard let value = Double(digits) else {
      throw .unexpected(String(text[start..<position]), position: start + 1)
    }
    return try .checked(value)
  }

  // MARK: Names

  /// What an expression may name.
  static let names = ["pi", "e", "sqrt", "abs", "min", "max", "round"]

  private func constant(_ name: String) throws(ArithmeticError) -> ArithmeticValue {
    switch name {
    case "pi", "π": return .real(.pi)
    case "e": return .real(2.718281828459045)
    default:
      if Self.names.contains(name) { throw .wrongArgumentCount(function: name) }
      throw .unknownName(name)
    }
  }

  private mutating func function(_ name: String) throws(ArithmeticError) -> ArithmeticValue {
    var arguments = [try sum()]
    while take(where: { $0 == "," }) != nil { arguments.append(try sum()) }
    try expect(")")
    switch (name, arguments.count) {
    case ("sqrt", 1): return try arguments[0].squareRoot
    case ("abs", 1): return arguments[0].magnitude
    case ("min", _): return arguments.dropFirst().reduce(arguments[0]) { $1.isLess(than: $0) ? $1 : $0 }
    case ("max", _): return arguments.dropFirst().reduce(arguments[0]) { $0.isLess(than: $1) ? $1 : $0 }
    case ("round", 1): return try arguments[0].rounded(digits: 0)
    case ("round", 2):
      guard let digits = Int(exactly: arguments[1].double), (-30...30).contains(digits) else {
        throw .badDigits
      }
      return try arguments[0].rounded(digits: digits)
    default:
      if Self.names.contains(name) { throw .wrongArgumentCount(function: name) }
      throw .unknownName(name)
    }
  }

  // MARK: Characters

  private mutating func peek() -> Character? {
    while position < text.count, text[position].isWhitespace { position += 1 }
    return position < text.count ? text[position] : nil
  }

  private func isNext(_ condition: (Character) -> Bool) -> Bool {
    position < text.count && condition(text[position])
  }

  private mutating func take(where condition: (Character) -> Bool) -> Character? {
    guard let next = peek(), condition(next) else { return nil }
    position += 1
    return next
  }

  private mutating func takeAll(where condition: (Character) -> Bool) -> ArraySlice<Character> {
    let start = position
    while isNext(condition) { position += 1 }
    return text[start..<position]
  }

  private mutating func expect(_ character: Character) throws(ArithmeticError) {
    guard take(where: { $0 == character }) == nil else { return }
    guard let next = peek() else { throw .unexpectedEnd }
    throw unexpected(next)
  }

  private func unexpected(_ character: Character) -> ArithmeticError {
    .unexpected(String(character), position: position + 1)
  }
}

extension Character {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
