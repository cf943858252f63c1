import GPTOSSMCP
import Testing

/// Lines from a stream that comes in any pieces.
struct LineSplitterTests {
  private func lines(_ text: String, limit: Int = 100, pieceLength: Int) -> [String?] {
    var splitter = LineSplitter(limit: limit)
    let bytes = Array(text.utf8)
    var pieces: [LineSplitter.Piece] = []
    for start in stride(from: 0, to: bytes.count, by: pieceLength) {
      pieces += splitter.take(bytes[start..<min(start + pieceLength, bytes.count)])
    }
    return (pieces + splitter.finish()).map { piece in
      if case .line(let line) = piece { String(decoding: line, as: UTF8.self) } else { nil }
    }
  }

  @Test(arguments: [1, 2, 3, 100])
  func anyPieces(_ length: Int) {
    #expect(lines("one\ntwo\r\n\n\r\nthree", pieceLength: length) == ["one", "two", "three"])
    #expect(lines("", pieceLength: length).isEmpty)
  }

  /// A line that is too long is told of once, when that shows, and the next one is read.
  @Test(arguments: [1, 7, 1_000])
  func tooLong(_ length: Int) {
    let text = "ok\n" + String(repeating: "x", count: 500) + "\nnext\n"
    #expect(lines(text, pieceLength: length) == ["ok", nil, "next"])
  }

  @Test func theLimitItself() {
    let line = String(repeating: "x", count: 100)
    #expect(lines(line + "\n", pieceLength: 1) == [line])
  }
}
