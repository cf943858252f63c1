/// What the o200k splitter needs to know of a code point: the sets of its pattern, one bit each.
///
/// The pattern's sets overlap: a Chinese ideograph (Lo) may stand where a capital may and where a
/// small letter may, and so may an accent (M), which is no letter.
struct CharacterClass: OptionSet, BitwiseCopyable, Sendable {
  let rawValue: UInt8

  /// May stand in the capitals at the start of a word: `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
  static let upper = CharacterClass(rawValue: 1)
  /// May stand in the small letters that follow: `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
  static let lower = CharacterClass(rawValue: 2)
  /// A letter: `\p{L}`.
  static let letter = CharacterClass(rawValue: 4)
  /// A number: `\p{N}`.
  static let number = CharacterClass(rawValue: 8)
  /// White space: `\s`.
  static let space = CharacterClass(rawValue: 16)
  /// A line break: `[\r\n]`.
  static let newline = CharacterClass(rawValue: 32)

  /// Either half of a word.
  static let word: CharacterClass = [.upper, .lower]
  /// What `[^\s\p{L}\p{N}]`, a run of symbols, leaves out.
  static let notSymbol: CharacterClass = [.letter, .number, .space]

  /// Whether a character is in any of these sets.
  @inline(__always)
  func has(_ sets: CharacterClass) -> Bool { rawValue & sets.rawValue != 0 }
}

/// The class of every code point, in pages of 128 of which those of a single class are shared.
struct CharacterClassMap: Sendable {
  static let pageBits = 7
  static let pageSize = 1 << pageBits

  /// Built on first use, which takes well under a millisecond.
  static let shared = CharacterClassMap()

  /// `[8704]`: where the page of code point *c* starts in `classes`, at index `c >> 7`.
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
}
