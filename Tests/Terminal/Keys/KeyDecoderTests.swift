import GPTOSSTerminal
import Testing

/// Bytes from a terminal become keys, however they are cut.
struct KeyDecoderTests {
  @Test(arguments: [
    ("a", [Key.text("a")]), ("é", [.text("é")]), ("日", [.text("日")]), ("🙂", [.text("🙂")]),
    ("\r", [.enter]), ("\n", [.enter]), ("\u{1B}\r", [.lineBreak]), ("\t", [.complete]),
    (
      "\u{1}\u{5}\u{B}\u{15}\u{17}\u{19}",
      [.start, .end, .deleteToEnd, .deleteToStart, .deleteWordLeft, .yank]
    ),
    ("\u{2}\u{6}\u{10}\u{E}\u{C}\u{1A}", [.left, .right, .up, .down, .clearScreen, .suspend]),
    ("\u{7}\u{12}", [.endSearch, .search]),
    ("\u{3}\u{4}\u{7F}\u{8}", [.interrupt, .deleteRightOrEnd, .deleteLeft, .deleteLeft]),
    ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.up, .down, .right, .left]),
    ("\u{1B}OA\u{1B}OB\u{1B}OC\u{1B}OD", [.up, .down, .right, .left]),
    ("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~", [.start, .end, .start, .end, .start, .end]),
    ("\u{1B}[3~\u{1B}[3;5~", [.deleteRight, .deleteWordRight]),
    ("\u{1B}[1;5C\u{1B}[1;3D\u{1B}b\u{1B}f", [.wordRight, .wordLeft, .wordLeft, .wordRight]),
    ("\u{1B}d\u{1B}\u{7F}", [.deleteWordRight, .deleteWordLeft]),
    // What is not known leaves nothing behind.
    ("\u{1B}[15~\u{1B}[200;3Rx\u{1B}[?1;2cy", [.text("x"), .text("y")]),
    ("\u{1}\u{0}\u{1C}z", [.start, .text("z")]),
    ("\u{1B}[<35;10;20Mq\u{1B}OPr", [.text("q"), .text("r")]), ("\u{1B}[1;\u{1B}[Ds", [.left, .text("s")]),
    ("\u{1B}[200~two\r\nlines\rmore\u{1B}[A\u{1B}[201~x", [.paste("two\nlines\nmore[A"), .text("x")]),
    ("\u{1B}[200~\u{1B}[201~", [.paste("")]), ("\u{85}", []),
  ])
  func sequences(_ input: String, _ keys: [Key]) {
    let bytes = Array(input.utf8)
    var whole = KeyDecoder()
    #expect(whole.decode(bytes) == keys)
    var pieces = KeyDecoder()
    #expect(bytes.flatMap { pieces.decode([$0]) } == keys)
    #expect(!whole.isWaiting)
  }

  @Test(arguments: [
    ([0xFF, 0x61], ["a"]), ([0x80, 0x61], ["a"]), ([0xC3, 0x61], ["a"]), ([0xE2, 0x82, 0x61], ["a"]),
    ([0xC0, 0x80, 0x61], ["a"]), ([0xED, 0xA0, 0x80, 0x61], ["a"]), ([0xF4, 0x90, 0x80, 0x80, 0x61], ["a"]),
    ([0xE2, 0xC3, 0xA9], ["é"]),
  ])
  func bytesThatAreNotUTF8AreNoText(_ bytes: [UInt8], _ texts: [String]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(bytes) == texts.map { .text($0) })
  }

  @Test func escapeAloneIsGivenUp() {
    var decoder = KeyDecoder()
    #expect(decoder.decode([0x1B]).isEmpty && decoder.isWaiting)
    decoder.stopWaiting()
    #expect(decoder.decode(Array("[A".utf8)) == [.text("["), .text("A")])
  }

  @Test func aPasteSurvivesAPause() {
    var decoder = KeyDecoder()
    #expect(decoder.decode(Array("\u{1B}[200~half".utf8)).isEmpty)
    decoder.stopWaiting()
    #expect(decoder.decode(Array(" done\u{1B}[201~".utf8)) == [.paste("half done")])
  }

  @Test func endlessParametersEnd() {
    var decoder = KeyDecoder()
    let keys = decoder.decode(Array("\u{1B}[".utf8) + [UInt8](repeating: 0x31, count: 100_000))
    #expect(keys.count < 100_000 && keys.allSatisfy { $0 == .text("1") })
  }
}
