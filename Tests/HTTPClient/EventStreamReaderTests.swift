import GPTOSSHTTPClient
import Testing

/// Server-sent events from a stream that comes in any pieces.
struct EventStreamReaderTests {
  private func events(_ text: String, limit: Int = 1_000, pieceLength: Int) -> [String?] {
    var reader = EventStreamReader(limit: limit)
    let bytes = Array(text.utf8)
    var pieces: [EventStreamReader.Piece] = []
    for start in stride(from: 0, to: bytes.count, by: pieceLength) {
      pieces += reader.take(bytes[start..<min(start + pieceLength, bytes.count)])
    }
    return pieces.map { piece in
      if case .event(let event) = piece { String(decoding: event.data, as: UTF8.self) } else { nil }
    }
  }

  @Test(arguments: [1, 2, 3, 1_000])
  func anyPieces(_ length: Int) {
    let text =
      ": hello\r\nevent: message\r\ndata: one\r\n\r\n\r\ndata:two\rdata: lines\r\rid: 7\ndata\n\ndata: end\n"
    #expect(events(text, pieceLength: length) == ["one", "two\nlines", ""])
  }

  @Test func placesAndPauses() {
    var reader = EventStreamReader(limit: 100)
    _ = reader.take("id: a\nretry: 1500\ndata: x\n\nid: b\u{1}\nretry: soon\n\n".utf8)
    #expect(reader.lastID == "a")
    #expect(reader.retryMilliseconds == 1_500)
  }

  @Test(arguments: [1, 64, 10_000])
  func tooLong(_ length: Int) {
    let long = String(repeating: "x", count: 5_000)
    let manyLines = String(repeating: "data: 0123456789\n", count: 200)
    let text = "data: \(long)\n\n\(manyLines)\n\ndata: ok\n\n"
    #expect(events(text, pieceLength: length) == [nil, nil, "ok"])
  }
}
