/// The o200k pattern as a backtracking matcher, to compare the splitter with: each alternative is built word
/// for word from the pattern, and categories are the standard library's.
struct NaivePattern {
  /// Tries to match at a place and go on with the rest; the result is where the whole match ends.
  private typealias Matcher = @Sendable (_ text: [Unicode.Scalar], _ at: Int, _ rest: (Int) -> Int?) -> Int?

  /// The pieces of a text.
  static func pieces(of text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    var pieces: [String] = []
    var at = 0
    while at < scalars.count {
      let end = alternatives.lazy.compactMap { $0(scalars, at, { $0 }) }.first ?? at + 1
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: scalars[at..<end])
      pieces.append(String(piece))
      at = end
    }
    return pieces
  }

  private static func category(_ c: Unicode.Scalar, in categories: [Unicode.GeneralCategory]) -> Bool {
    categories.contains(c.properties.generalCategory)
  }

  @Sendable private static func letter(_ c: Unicode.Scalar) -> Bool {
    category(
      c, in: [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter])
  }
  @Sendable private static func number(_ c: Unicode.Scalar) -> Bool {
    category(c, in: [.decimalNumber, .letterNumber, .otherNumber])
  }
  @Sendable private static func upper(_ c: Unicode.Scalar) -> Bool {
    category(c, in: [.uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter] + marks)
  }
  @Sendable private static func lower(_ c: Unicode.Scalar) -> Bool {
    category(c, in: [.lowercaseLetter, .modifierLetter, .otherLetter] + marks)
  }
  private static let marks: [Unicode.GeneralCategory] = [.nonspacingMark, .spacingMark, .enclosingMark]
  @Sendable private static func space(_ c: Unicode.Scalar) -> Bool { c.properties.isWhitespace }
  @Sendable private static func newline(_ c: Unicode.Scalar) -> Bool { c == "\r" || c == "\n" }

  private static let prefix = optional(one { !newline($0) && !letter($0) && !number($0) })
  private static let contraction = optional(
    any(
      ["s", "t", "re", "ve", "m", "ll", "d"].map { word in
        sequence(
          [one { $0 == "'" }]
            + word.unicodeScalars.map { c in
              one { $0 == c || $0.properties.lowercaseMapping == String(c) || (c == "s" && $0 == "ſ") }
            })
      }))

  private static let alternatives: [Matcher] = [
    sequence([prefix, many(one(upper)), one(lower), many(one(lower)), contraction]),
    sequence([prefix, one(upper), many(one(upper)), many(one(lower)), contraction]),
    sequence([one(number), optional(one(number)), optional(one(number))]),
    sequence([
      optional(one { $0 == " " }), symbol, many(symbol), many(one { newline($0) || $0 == "/" }),
    ]),
    sequence([many(one(space)), one(newline), many(one(newline))]),
    sequence([
      one(space), many(one(space)),
      { text, at, rest in
        at == text.count || space(text[at]) ? rest(at) : nil
      },
    ]),
    sequence([one(space), many(one(space))]),
  ]
  private static let symbol = one { !space($0) && !letter($0) && !number($0) }

  private static func one(_ set: @escaping @Sendable (Unicode.Scalar) -> Bool) -> Matcher {
    { text, at, rest in at < text.count && set(text[at]) ? rest(at + 1) : nil }
  }

  /// Greedy: as many as there are, then one less, and so on.
  private static func many(_ element: @escaping Matcher) -> Matcher {
    { text, at, rest in
      element(text, at) { many(element)(text, $0, rest) } ?? rest(at)
    }
  }

  private static func optional(_ element: @escaping Matcher) -> Matcher {
    { text, at, rest in element(text, at, rest) ?? rest(at) }
  }

  private static func any(_ elements: [Matcher]) -> Matcher {
    { text, at, rest in
      for element in elements {
        if let end = element(text, at, rest) { return end }
      }
      return nil
    }
  }

  private static func sequence(_ elements: [Matcher]) -> Matcher {
    guard let first = elements.first else { return { _, at, rest in rest(at) } }
    let others = sequence(Array(elements.dropFirst()))
    return { text, at, rest in first(text, at) { others(text, $0, rest) } }
  }
}
