/// What the o200k splitter needs to know of a code point: the sets of its pattern, one bit each.
///
/// The pattern's sets overlap: a Chinese ideograph (Lo) may stand where a capital may and where a
/// small letter may, and so may an accent (M), which is no letter.
struct CharacterClass: OptionSet, BitwiseCopyable, Sendable {
  let rawValue: UInt8

  /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`: may stand in the capitals at the start of a word.
  static let upper = CharacterClass(rawValue: 1)
  /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`: may stand in the small letters that follow.
  static let lower = CharacterClass(rawValue: 2)
  /// `\p{L}`
  static let letter = CharacterClass(rawValue: 4)
  /// `\p{N}`
  static let number = CharacterClass(rawValue: 8)
  /// `\s`
  static let space = CharacterClass(rawValue: 16)
  /// `[\r\n]`
  static let newline = CharacterClass(rawValue: 32)

  /// Either half of a word.
  static let word: CharacterClass = [.upper, .lower]
  /// What `[^\r\n\p{L}\p{N}]`, one of which may lead a word, leaves out.
  static let notPrefix: CharacterClass = [.letter, .number, .newline]
  /// What `[^\s\p{L}\p{N}]`, a run of symbols, leaves out.
  static let notSymbol: CharacterClass = [.letter, .number, .space]
}

/// The class of every code point, in pages of 128 of which those of a single class are shared.
struct CharacterClassMap: Sendable {
  static let pageBits = 7
  static let pageSize = 1 << pageBits

  /// Built on first use, which takes well under a millisecond.
  static let shared = CharacterClassMap()

  /// Where the page of code point *c* starts in `classes`, at `c >> 7`.
  let pages: Table<UInt32>
  let classes: Table<CharacterClass>

  private init() {
    var pages: [UInt32] = []
    var classes: [CharacterClass] = []
    var uniform: [UInt8: UInt32] = [:]
    var run = 0
    func runStart(_ run: Int) -> Int {
      run < CharacterClass.runs.count ? Int(CharacterClass.runs[run] >> 8) : 0x11_0000
    }
    for start in stride(from: 0, to: 0x11_0000, by: Self.pageSize) {
      while runStart(run + 1) <= start { run += 1 }
      let rawClass = UInt8(truncatingIfNeeded: CharacterClass.runs[run])
      let isUniform = runStart(run + 1) >= start + Self.pageSize
      if isUniform, let page = uniform[rawClass] {
        pages.append(page)
        continue
      }
      if isUniform { uniform[rawClass] = UInt32(classes.count) }
      pages.append(UInt32(classes.count))
      for codePoint in start..<(start + Self.pageSize) {
        while runStart(run + 1) <= codePoint { run += 1 }
        classes.append(CharacterClass(rawValue: UInt8(truncatingIfNeeded: CharacterClass.runs[run])))
      }
    }
    self.pages = Table(pages, padding: 0)
    self.classes = Table(classes, padding: [])
  }

  /// The class of one code point, the slow way.
  subscript(scalar: Unicode.Scalar) -> CharacterClass {
    classes[Int(pages[Int(scalar.value) >> Self.pageBits]) + Int(scalar.value) & (Self.pageSize - 1)]
  }
}
