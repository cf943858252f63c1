/// Reads a grammar in Lark's notation into an expression over the bytes of a text.
///
///     start: greeting (" " NAME)?
///     greeting: "hello" | "good " /morning|evening/
///     NAME: ("a".."z")+
///
/// A rule that refers to itself is no regular expression and is refused, as is whatever gives a piece of text
/// another meaning: `%ignore`, flags, templates. What is no grammar at all is told apart from that.
struct LarkParser {
  private static let nestingLimit = 64
  /// The terminals of Lark's library that grammars mostly import.
  private static let library: [String: String] = [
    "LF": "\\n", "CR": "\\r", "NEWLINE": "(?:\\r?\\n)+", "WS": "[ \\t\\f\\r\\n]+", "WS_INLINE": "[ \\t]+",
    "DIGIT": "[0-9]", "HEXDIGIT": "[0-9A-Fa-f]", "INT": "[0-9]+", "SIGNED_INT": "[+\\-]?[0-9]+",
    "LCASE_LETTER": "[a-z]", "UCASE_LETTER": "[A-Z]", "LETTER": "[A-Za-z]", "WORD": "[A-Za-z]+",
    "CNAME": "[_A-Za-z][_A-Za-z0-9]*",
  ]

  private enum Token: Equatable {
    case name(String)
    case text(String)
    case pattern(String)
    case number(Int)
    case symbol(String)
  }

  /// What stands for a name: where its definition begins, or what it has been read as.
  private enum Definition {
    case unread(tokenIndex: Int)
    case beingRead
    case read(Piece)
  }

  /// An expression, and how many pieces its texts have at most one after another.
  private struct Piece {
    var expression: Expressions.ID
    var length: Int
  }

  private let tokens: [(token: Token, offset: Int, beginsLine: Bool)]
  private var definitions: [String: Definition] = [:]
  private var index = 0
  private var nesting = 0

  /// The texts of the rule `start`.
  static func parse(_ grammar: String, _ expressions: inout Expressions) throws(PatternFault)
    -> Expressions.ID
  {
    var parser = try LarkParser(grammar)
    try parser.findDefinitions(&expressions)
    return try parser.piece(named: "start", at: 0, &expressions).expression
  }

  // MARK: Tokens

  private init(_ grammar: String) throws(PatternFault) {
    let scalars = Array(grammar.unicodeScalars)
    var tokens: [(token: Token, offset: Int, beginsLine: Bool)] = []
    var offset = 0
    var beginsLine = true
    func append(_ token: Token, _ start: Int) {
      tokens.append((token, start, beginsLine))
      beginsLine = false
    }
    while offset < scalars.count {
      let start = offset
      let rest = scalars[offset...]
      switch scalars[offset] {
      case "\n":
        offset += 1
        beginsLine = true
      case " ", "\t", "\r": offset += 1
      case "/" where rest.dropFirst().first == "/", "#":
        offset += rest.prefix { $0 != "\n" }.count
      case "/":
        let content = try Self.quoted(rest)
        offset += content.count + 2
        // A flag, such as in /a/i, gives the pattern another meaning.
        if offset < scalars.count, Self.isNameScalar(scalars[offset]) {
          throw PatternFault(characterOffset: offset)
        }
        append(.pattern(Self.string(content)), start)
      case "\"":
        let content = try Self.quoted(rest)
        offset += content.count + 2
        if offset < scalars.count, scalars[offset] == "i" { throw PatternFault(characterOffset: offset) }
        append(.text(try Self.unescaped(content, at: start)), start)
      case "0"..."9":
        let digits = rest.prefix { ("0"..."9").contains($0) }
        offset += digits.count
        guard let number = Int(Self.string(digits)), number <= 1000 else {
          throw PatternFault(characterOffset: start)
        }
        append(.number(number), start)
      case let scalar where Self.isNameScalar(scalar):
        let name = rest.prefix(while: Self.isNameScalar)
        offset += name.count
        append(.name(Self.string(name)), start)
      default:
        let symbol = ["..", "->"].first { rest.starts(with: $0.unicodeScalars) } ?? String(scalars[offset])
        offset += symbol.unicodeScalars.count
        append(.symbol(symbol), start)
      }
    }
    self.tokens = tokens
  }

  private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

  /// What stands between a quote or slash at the beginning and the next one that has no backslash before it.
  private static func quoted(_ scalars: ArraySlice<Unicode.Scalar>) throws(PatternFault) -> ArraySlice<
    Unicode.Scalar
  > {
    guard let quote = scalars.first else { return scalars }
    var isEscaped = false
    for index in scalars.indices.dropFirst() {
      let scalar = scalars[index]
      if scalar == "\n" { break }
      if scalar == quote, !isEscaped { return scalars[(scalars.startIndex + 1)..<index] }
      isEscaped = scalar == "\\" && !isEscaped
    }
    throw PatternFault(characterOffset: scalars.startIndex, isMalformed: true)
  }

  /// A text without its escapes.
  private static func unescaped(_ scalars: ArraySlice<Unicode.Scalar>, at offset: Int) throws(PatternFault)
    -> String
  {
    var text = ""
    var isEscaped = false
    for scalar in scalars {
      switch (isEscaped, scalar) {
      case (false, "\\"):
        isEscaped = true
        continue
      case (false, _): text.unicodeScalars.append(scalar)
      case (true, "n"): text += "\n"
      case (true, "r"): text += "\r"
      case (true, "t"): text += "\t"
      case (true, "\\"), (true, "\""), (true, "/"): text.unicodeScalars.append(scalar)
      default: throw PatternFault(characterOffset: offset)
      }
      isEscaped = false
    }
    return text
  }

  // MARK: Definitions

  /// Finds where rules and terminals begin. Each begins a line.
  private mutating func findDefinitions(_ expressions: inout Expressions) throws(PatternFault) {
    while index < tokens.count {
      guard tokens[index].beginsLine else { throw fault(isMalformed: true) }
      if skip("%") {
        try parseImport(&expressions)
        continue
      }
      if !skip("?") { _ = skip("!") }
      // A template, such as `list{x}: x+`, is a rule of another kind.
      if token(at: index + 1) == .symbol("{") { throw fault() }
      let malformed = fault(isMalformed: true)
      guard isDefinition(at: index), let name = takeName(), definitions[name] == nil else { throw malformed }
      if skip(".") { index += 1 }
      index += 1
      definitions[name] = .unread(tokenIndex: index)
      try skipBody()
    }
    guard definitions["start"] != nil else { throw PatternFault(characterOffset: 0, isMalformed: true) }
  }

  /// Goes to where the next definition begins. Outside of groups, a line that goes on with one begins with `|`.
  private mutating func skipBody() throws(PatternFault) {
    let start = index
    var depth = 0
    while let token = token(at: index), !endsDefinition {
      if index > start, depth == 0, tokens[index].beginsLine, token != .symbol("|") {
        throw fault(isMalformed: self.token(at: index + 1) != .symbol("{"))
      }
      if token == .symbol("(") || token == .symbol("[") { depth += 1 }
      if token == .symbol(")") || token == .symbol("]") { depth -= 1 }
      index += 1
    }
  }

  /// `%import common.LF`, perhaps with `-> NAME`.
  private mutating func parseImport(_ expressions: inout Expressions) throws(PatternFault) {
    guard takeName() == "import", takeName() == "common", skip("."), let name = takeName(),
      let pattern = Self.library[name]
    else { throw fault() }
    let alias = skip("->") ? takeName() : name
    guard let alias, definitions[alias] == nil else { throw fault() }
    definitions[alias] = .read(
      Piece(expression: try PatternParser.parseWhole(pattern, &expressions), length: 1))
  }

  /// Whether a name and a colon stand here, perhaps with `?` or `!` before and a priority between them.
  private func isDefinition(at index: Int) -> Bool {
    guard case .name? = token(at: index) else { return false }
    if token(at: index + 1) == .symbol(":") { return true }
    guard token(at: index + 1) == .symbol("."), case .number? = token(at: index + 2) else { return false }
    return token(at: index + 3) == .symbol(":")
  }

  private mutating func piece(
    named name: String, at offset: Int, _ expressions: inout Expressions
  ) throws(PatternFault) -> Piece {
    switch definitions[name] {
    case .read(let piece)?: return piece
    case .beingRead?: throw PatternFault(characterOffset: offset)
    case nil: throw PatternFault(characterOffset: offset, isMalformed: true)
    case .unread(let start)?:
      definitions[name] = .beingRead
      let back = index
      index = start
      let piece = try parseAlternatives(&expressions)
      guard index == tokens.count || endsDefinition else { throw fault() }
      index = back
      definitions[name] = .read(piece)
      return piece
    }
  }

  /// Whether the next definition or directive begins here.
  private var endsDefinition: Bool {
    switch token(at: index) {
    case .symbol("%")?: true
    case .symbol("?")?, .symbol("!")?: isDefinition(at: index + 1)
    default: isDefinition(at: index)
    }
  }

  // MARK: Expressions

  private mutating func parseAlternatives(_ expressions: inout Expressions) throws(PatternFault) -> Piece {
    nesting += 1
    guard nesting <= Self.nestingLimit else { throw fault() }
    var options: [Piece] = []
    repeat { options.append(try parseSequence(&expressions)) } while skip("|")
    nesting -= 1
    return Piece(
      expression: expressions.union(options.map(\.expression)), length: options.map(\.length).max() ?? 0)
  }

  private mutating func parseSequence(_ expressions: inout Expressions) throws(PatternFault) -> Piece {
    var parts: [Piece] = []
    var length = 0
    while let token = token(at: index), !endsDefinition {
      if token == .symbol("|") || token == .symbol(")") || token == .symbol("]") { break }
      // The name that an alternative has in the tree means nothing to the text.
      if skip("->") {
        guard takeName() != nil else { throw fault() }
        continue
      }
      let part = try parseRepetition(&expressions)
      parts.append(part)
      length += part.length
      guard length <= TextRule.lengthLimit else { throw fault() }
    }
    return Piece(expression: expressions.sequence(parts.map(\.expression)), length: length)
  }

  private mutating func parseRepetition(_ expressions: inout Expressions) throws(PatternFault) -> Piece {
    var piece = try parseAtom(&expressions)
    while true {
      // A `?` before a definition belongs to that.
      if endsDefinition { return piece }
      if skip("*") {
        piece.expression = expressions.repetition(piece.expression, 0)
      } else if skip("+") {
        piece.expression = expressions.repetition(piece.expression, 1)
      } else if skip("?") {
        piece.expression = expressions.optional(piece.expression)
      } else if skip("~") {
        guard let minimum = takeNumber() else { throw fault() }
        let maximum = skip("..") ? takeNumber() : minimum
        guard let maximum, minimum <= maximum else { throw fault() }
        piece.expression = expressions.repetition(piece.expression, minimum, maximum)
      } else {
        return piece
      }
    }
  }

  private mutating func parseAtom(_ expressions: inout Expressions) throws(PatternFault) -> Piece {
    guard index < tokens.count else { throw fault() }
    let (token, offset, _) = tokens[index]
    index += 1
    switch token {
    case .name(let name): return try piece(named: name, at: offset, &expressions)
    case .text(let text):
      guard skip("..") else {
        return Piece(expression: expressions.literal(text), length: text.utf8.count)
      }
      guard case .text(let last)? = self.token(at: index), let lower = Self.single(text),
        let upper = Self.single(last), lower <= upper
      else { throw fault() }
      index += 1
      let range = CharacterRanges([lower...upper]).intersection(.all)
      return Piece(expression: expressions.character(range), length: 1)
    case .pattern(let pattern):
      do throws(PatternFault) {
        return Piece(
          expression: try PatternParser.parseWhole(pattern, &expressions), length: pattern.utf8.count)
      } catch { throw PatternFault(characterOffset: offset + 1 + error.characterOffset) }
    case .symbol("("), .symbol("["):
      var group = try parseAlternatives(&expressions)
      guard skip(token == .symbol("(") ? ")" : "]") else { throw fault(isMalformed: true) }
      if token == .symbol("[") { group.expression = expressions.optional(group.expression) }
      return group
    case .symbol, .number: throw PatternFault(characterOffset: offset)
    }
  }

  private static func single(_ text: String) -> UInt32? {
    text.unicodeScalars.count == 1 ? text.unicodeScalars.first?.value : nil
  }

  // MARK: Steps

  private func token(at index: Int) -> Token? { index < tokens.count ? tokens[index].token : nil }

  private mutating func skip(_ symbol: String) -> Bool {
    guard token(at: index) == .symbol(symbol) else { return false }
    index += 1
    return true
  }

  private mutating func takeName() -> String? {
    guard case .name(let name)? = token(at: index) else { return nil }
    index += 1
    return name
  }

  private mutating func takeNumber() -> Int? {
    guard case .number(let number)? = token(at: index) else { return nil }
    index += 1
    return number
  }

  private func fault(isMalformed: Bool = false) -> PatternFault {
    PatternFault(
      characterOffset: index < tokens.count ? tokens[index].offset : tokens.last?.offset ?? 0,
      isMalformed: isMalformed)
  }
}
