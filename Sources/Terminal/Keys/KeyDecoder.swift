/// Turns the bytes that a terminal sends into keys: a pure state machine, fed in pieces of any size.
///
/// It knows UTF-8, the control characters of Emacs, the cursor keys of VT100 and xterm, and bracketed paste.
/// Sequences that it does not know are skipped whole: none of their bytes ends up in the text.
package struct KeyDecoder {
  private enum State {
    case ground
    /// A character of several bytes: those that came, and how many are missing.
    case character([UInt8], missing: Int)
    case escape
    /// After `ESC [`: parameters so far.
    case control([UInt8])
    /// After `ESC O`.
    case function
    case paste([UInt8])
  }

  private var state = State.ground
  private static let escape: UInt8 = 0x1B
  private static let endOfPaste = Array("\u{1B}[201~".utf8)
  /// No key has more bytes of parameters.
  private static let longestControl = 32

  package init() {}

  /// Whether a lone Esc, or the beginning of a sequence, waits for what comes next.
  package var isWaiting: Bool {
    switch state {
    case .ground, .paste: false
    default: true
    }
  }

  /// Drops what waits: nothing came next, so Esc was pressed alone. That key does nothing.
  package mutating func stopWaiting() {
    if isWaiting { state = .ground }
  }

  /// The keys that these bytes complete.
  package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
    bytes.compactMap { decode($0) }
  }

  private mutating func decode(_ byte: UInt8) -> Key? {
    switch state {
    case .ground: return begin(byte)
    case .character(let bytes, let missing):
      guard byte & 0xC0 == 0x80 else { return begin(byte) }
      let bytes = bytes + [byte]
      state = missing > 1 ? .character(bytes, missing: missing - 1) : .ground
      return missing > 1 ? nil : String(validating: bytes, as: UTF8.self).flatMap(Self.typed)
    case .escape: return afterEscape(byte)
    case .control(let parameters):
      switch byte {
      case 0x20...0x3F where parameters.count < Self.longestControl: state = .control(parameters + [byte])
      case 0x40...0x7E:
        state = parameters == Array("200".utf8) && byte == UInt8(ascii: "~") ? .paste([]) : .ground
        return Self.control(String(decoding: parameters, as: UTF8.self), Character(Unicode.Scalar(byte)))
      default: return begin(byte)
      }
      return nil
    case .function:
      state = .ground
      return Self.control("", Character(Unicode.Scalar(byte)))
    case .paste(var bytes):
      state = .ground  // Drops the other reference: appending copies nothing.
      bytes.append(byte)
      guard bytes.suffix(Self.endOfPaste.count).elementsEqual(Self.endOfPaste) else {
        state = .paste(bytes)
        return nil
      }
      return .paste(Self.cleaned(bytes.dropLast(Self.endOfPaste.count)))
    }
  }

  /// The first byte of anything.
  private mutating func begin(_ byte: UInt8) -> Key? {
    state = .ground
    switch byte {
    case Self.escape: state = .escape
    case 0x20...0x7E: return .text(String(Unicode.Scalar(byte)))
    case 0xC2...0xDF: state = .character([byte], missing: 1)
    case 0xE0...0xEF: state = .character([byte], missing: 2)
    case 0xF0...0xF4: state = .character([byte], missing: 3)
    default: return Self.controlCharacters[byte]
    }
    return nil
  }

  private mutating func afterEscape(_ byte: UInt8) -> Key? {
    state = .ground
    switch byte {
    case UInt8(ascii: "["): state = .control([])
    case UInt8(ascii: "O"): state = .function
    case Self.escape: state = .escape
    case 0x0A, 0x0D: return .lineBreak
    case UInt8(ascii: "b"): return .wordLeft
    case UInt8(ascii: "f"): return .wordRight
    case UInt8(ascii: "d"): return .deleteWordRight
    case 0x08, 0x7F: return .deleteWordLeft
    default: break
    }
    return nil
  }

  private static let controlCharacters: [UInt8: Key] = [
    0x01: .start, 0x02: .left, 0x03: .interrupt, 0x04: .deleteRightOrEnd, 0x05: .end, 0x06: .right,
    0x07: .endSearch, 0x08: .deleteLeft, 0x09: .complete, 0x0A: .enter, 0x0B: .deleteToEnd,
    0x0C: .clearScreen, 0x0D: .enter,
    0x0E: .down, 0x10: .up, 0x12: .search, 0x15: .deleteToStart, 0x17: .deleteWordLeft, 0x19: .yank,
    0x1A: .suspend,
    0x7F: .deleteLeft,
  ]

  /// The key of a sequence `ESC [ parameters final`; modifiers stand after the semicolon.
  private static func control(_ parameters: String, _ final: Character) -> Key? {
    let isWord = parameters.hasSuffix(";5") || parameters.hasSuffix(";3")
    switch (final, parameters.prefix { $0 != ";" }) {
    case ("A", _): return .up
    case ("B", _): return .down
    case ("C", _): return isWord ? .wordRight : .right
    case ("D", _): return isWord ? .wordLeft : .left
    case ("H", _), ("~", "1"), ("~", "7"): return .start
    case ("F", _), ("~", "4"), ("~", "8"): return .end
    case ("~", "3"): return isWord ? .deleteWordRight : .deleteRight
    default: return nil
    }
  }

  /// A character typed; nil for control characters beyond ASCII.
  private static func typed(_ text: String) -> Key? {
    text.unicodeScalars.contains { $0.properties.generalCategory == .control } ? nil : .text(text)
  }

  /// Pasted text with line ends of one kind and without control characters.
  private static func cleaned(_ bytes: ArraySlice<UInt8>) -> String {
    var scalars = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\n" where last == "\r": break
      case "\n", "\r": scalars.append("\n")
      case "\t": scalars.append("\t")
      default: if scalar.properties.generalCategory != .control { scalars.append(scalar) }
      }
      last = scalar
    }
    return String(scalars)
  }
}
