/// Why a regular expression or a grammar cannot be enforced.
struct PatternFault: Error, Equatable {
  /// Unicode scalars before the place.
  let characterOffset: Int
  /// Whether it surely means nothing to anybody, which is told of grammars alone.
  var isMalformed = false
}

/// Reads a regular expression (ECMA-262, as JSON Schema recommends) into an expression over the bytes of a
/// JSON string.
///
/// Lookaround, back references, word boundaries, Unicode properties and flags are refused. Where dialects
/// disagree about a class (`\w`, `\s`, `.` and their complements outside ASCII), only what all of them allow
/// is allowed.
struct PatternParser {
  private static let nestingLimit = 64
  private static let repetitionLimit = 1000

  private let scalars: [Unicode.Scalar]
  private var offset = 0
  private var nesting = 0
  /// Whether `[`, `&&`, `--` and `~~` within a class may mean sets, as in Rust.
  private var classesMayNest = false

  private init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

  /// The inner bytes of the JSON strings that the pattern finds something in.
  static func parse(_ pattern: String, _ expressions: inout Expressions) throws(PatternFault)
    -> Expressions.ID
  {
    var parser = PatternParser(pattern)
    let result = try parser.parseSearch(&expressions)
    guard parser.peek() == nil else { throw parser.fault() }
    return result
  }

  /// The bytes of the texts that the pattern matches from end to end.
  ///
  /// Programs in other languages write such patterns: what only their classes have, such as one class in
  /// another, is refused.
  static func parseWhole(_ pattern: String, _ expressions: inout Expressions) throws(PatternFault)
    -> Expressions.ID
  {
    var parser = PatternParser(pattern)
    parser.classesMayNest = true
    _ = parser.skip("^")
    let result = try parser.parseAlternatives(&expressions)
    _ = parser.skip("$")
    guard parser.peek() == nil else { throw parser.fault() }
    return result
  }

  /// Alternatives at the top: each may be anchored, and anything may stand where it is not.
  private mutating func parseSearch(_ expressions: inout Expressions) throws(PatternFault) -> Expressions.ID {
    let character = expressions.character(.all)
    let anything = expressions.repetition(character, 0)
    var options: [Expressions.ID] = []
    repeat {
      var parts: [Expressions.ID] = []
      let isAnchoredAtStart = skip("^")
      if !isAnchoredAtStart { parts.append(anything) }
      parts.append(try parseSequence(&expressions))
      if !skip("$") { parts.append(anything) }
      options.append(expressions.sequence(parts))
    } while skip("|")
    return expressions.union(options)
  }

  private mutating func parseAlternatives(_ expressions: inout Expressions) throws(PatternFault)
    -> Expressions.ID
  {
    var options = [try parseSequence(&expressions)]
    while skip("|") { options.append(try parseSequence(&expressions)) }
    return expressions.union(options)
  }

  private mutating func parseSequence(_ expressions: inout Expressions) throws(PatternFault) -> Expressions.ID
  {
    var parts: [Expressions.ID] = []
    while let scalar = peek(), scalar != "|", scalar != ")", scalar != "$" {
      let atom = try parseAtom(&expressions)
      parts.append(try parseQuantifiers(atom, &expressions))
    }
    return expressions.sequence(parts)
  }

  private mutating func parseAtom(_ expressions: inout Expressions) throws(PatternFault) -> Expressions.ID {
    guard let scalar = peek() else { throw fault() }
    switch scalar {
    case "(": return try parseGroup(&expressions)
    case "[":
      offset += 1
      return expressions.character(try parseClass())
    case ".":
      offset += 1
      return expressions.character(.all.subtracting(CharacterRanges("\n\r\u{2028}\u{2029}")))
    case "\\":
      offset += 1
      return expressions.character(try parseEscape().intersection(.all))
    case "^", "*", "+", "?", "{": throw fault()
    default:
      offset += 1
      return expressions.character(CharacterRanges([scalar.value...scalar.value]))
    }
  }

  private mutating func parseGroup(_ expressions: inout Expressions) throws(PatternFault) -> Expressions.ID {
    offset += 1
    nesting += 1
    guard nesting <= Self.nestingLimit else { throw fault() }
    if skip("?") {
      guard skip(":") else { throw fault() }
    }
    let result = try parseAlternatives(&expressions)
    guard skip(")") else { throw fault() }
    nesting -= 1
    return result
  }

  private mutating func parseQuantifiers(
    _ atom: Expressions.ID, _ expressions: inout Expressions
  ) throws(PatternFault) -> Expressions.ID {
    let result: Expressions.ID
    if skip("*") {
      result = expressions.repetition(atom, 0)
    } else if skip("+") {
      result = expressions.repetition(atom, 1)
    } else if skip("?") {
      result = expressions.optional(atom)
    } else if skip("{") {
      guard let minimum = parseNumber() else { throw fault() }
      var maximum: Int? = minimum
      if skip(",") { maximum = parseNumber() }
      guard skip("}"), minimum <= maximum ?? .max, max(minimum, maximum ?? 0) <= Self.repetitionLimit else {
        throw fault()
      }
      result = expressions.repetition(atom, minimum, maximum)
    } else {
      return atom
    }
    // Lazy or greedy makes no difference to what is matched as a whole.
    _ = skip("?")
    return result
  }

  private mutating func parseNumber() -> Int? {
    var value: Int?
    while let digit = peek().flatMap({ UInt8(exactly: $0.value)?.decimalDigit }) {
      value = min((value ?? 0) * 10 + digit, 1 << 32)
      offset += 1
    }
    return value
  }

  // MARK: Classes

  private mutating func parseClass() throws(PatternFault) -> CharacterRanges {
    let isNegated = skip("^")
    containsClassEscape = false
    var members: [ClosedRange<UInt32>] = []
    while !skip("]") {
      if classesMayNest, let scalar = peek(),
        scalar == "[" || "&-~".unicodeScalars.contains(scalar) && peek(1) == scalar
      {
        throw fault()
      }
      let lower = try parseClassMember()
      guard let first = lower.single, peek() == "-", peek(1) != "]", peek(1) != nil else {
        members += lower.ranges
        continue
      }
      offset += 1
      guard let last = try parseClassMember().single, first <= last else { throw fault() }
      members.append(first...last)
    }
    // Halves of surrogate pairs may bound a range, but no character is one.
    let set = CharacterRanges(members).intersection(.all)
    guard isNegated else { return set }
    // A class such as \w means more characters in some dialects than in others.
    let isPlain = set == set.intersection(Self.ascii) && !containsClassEscape
    return isPlain ? .all.subtracting(set) : Self.ascii.subtracting(set)
  }

  /// Whether the class that is being read names another, as `[^\w-]` does.
  private var containsClassEscape = false

  private mutating func parseClassMember() throws(PatternFault) -> CharacterRanges {
    guard let scalar = peek() else { throw fault() }
    offset += 1
    if scalar == "\\" {
      if skip("b") { return CharacterRanges("\u{8}") }
      let set = try parseEscape()
      if set.single == nil { containsClassEscape = true }
      return set
    }
    return CharacterRanges([scalar.value...scalar.value])
  }

  private mutating func parseEscape() throws(PatternFault) -> CharacterRanges {
    guard let scalar = peek() else { throw fault() }
    offset += 1
    switch scalar {
    case "d": return Self.digits
    case "D": return Self.ascii.subtracting(Self.digits)
    case "w": return Self.word
    case "W": return Self.ascii.subtracting(Self.word)
    case "s": return Self.whitespace
    case "S": return .all.subtracting(Self.anyWhitespace)
    case "n": return CharacterRanges("\n")
    case "r": return CharacterRanges("\r")
    case "t": return CharacterRanges("\t")
    case "f": return CharacterRanges("\u{C}")
    case "v": return CharacterRanges("\u{B}")
    case "x": return try parseHexadecimal(2)
    case "u": return try parseUnicode()
    case "a"..."z", "A"..."Z", "0"..."9":
      offset -= 1
      throw fault()
    default: return CharacterRanges([scalar.value...scalar.value])
    }
  }

  private mutating func parseHexadecimal(_ digitCount: Int) throws(PatternFault) -> CharacterRanges {
    var value: UInt32 = 0
    for _ in 0..<digitCount {
      guard let digit = peek().flatMap({ Character($0).hexDigitValue }) else { throw fault() }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return CharacterRanges([value...value])
  }

  /// `\uD83D\uDE00` is one character, as ECMA-262 has it.
  private mutating func parseUnicode() throws(PatternFault) -> CharacterRanges {
    let first = try parseHexadecimal(4)
    guard let high = first.single, (0xD800...0xDBFF).contains(high), peek() == "\\", peek(1) == "u" else {
      return first
    }
    let start = offset
    offset += 2
    guard let low = try parseHexadecimal(4).single, (0xDC00...0xDFFF).contains(low) else {
      offset = start
      return first
    }
    let value = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    return CharacterRanges([value...value])
  }

  private static let ascii = CharacterRanges([0...0x7F])
  private static let digits = CharacterRanges([0x30...0x39])
  private static let word = CharacterRanges([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  private static let whitespace = CharacterRanges([0x09...0x0D, 0x20...0x20])
  /// What any dialect calls white space.
  private static let anyWhitespace = CharacterRanges([
    0x09...0x0D, 0x1C...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
    0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
  ])

  // MARK: Steps

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    offset + distance < scalars.count ? scalars[offset + distance] : nil
  }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    offset += 1
    return true
  }

  private func fault() -> PatternFault { PatternFault(characterOffset: offset) }
}

extension CharacterRanges {
  /// The code point, if there is one alone.
  fileprivate var single: UInt32? {
    ranges.count == 1 && ranges[0].count == 1 ? ranges[0].lowerBound : nil
  }
}
