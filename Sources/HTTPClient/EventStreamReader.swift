/// Reads server-sent events from a stream of bytes (the HTML standard, section 9.2.6).
package struct EventStreamReader: Sendable {
  package struct Event: Equatable {
    package var data: [UInt8]
    package var id: String?
  }

  package enum Piece: Equatable {
    case event(Event)
    /// An event that was too long; its data are gone.
    case tooLong
  }

  private let limit: Int
  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var isTooLong = false
  private var endedWithReturn = false
  /// The id of the last event that had one: where a broken stream can go on.
  package private(set) var lastID: String?
  /// How long the server wants to be left alone before that.
  package private(set) var retryMilliseconds: Int?

  package init(limit: Int) { self.limit = limit }

  /// Takes what came, and gives the events that end in it.
  package mutating func take(_ bytes: some Sequence<UInt8>) -> [Piece] {
    var pieces: [Piece] = []
    for byte in bytes {
      defer { endedWithReturn = byte == 0x0D }
      switch byte {
      case 0x0A where endedWithReturn: break
      case 0x0A, 0x0D: endLine(&pieces)
      default:
        if line.count < limit {
          line.append(byte)
        } else {
          overflow(&pieces)
        }
      }
    }
    return pieces
  }

  /// Tells at once, and once per event, that it is too long: its end may never come.
  private mutating func overflow(_ pieces: inout [Piece]) {
    if !isTooLong { pieces.append(.tooLong) }
    isTooLong = true
  }

  private mutating func endLine(_ pieces: inout [Piece]) {
    defer { line.removeAll(keepingCapacity: true) }
    guard !line.isEmpty else {
      if hasData, !isTooLong { pieces.append(.event(Event(data: data, id: lastID))) }
      (data, hasData, isTooLong) = ([], false, false)
      return
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == 0x20 { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "data":
      guard data.count + value.count < limit else {
        data = []
        return overflow(&pieces)
      }
      if hasData { data.append(0x0A) }
      data += value
      hasData = true
    case "id":
      let text = String(decoding: value, as: UTF8.self)
      let isFieldValue = value.allSatisfy { 0x20...0x7E ~= $0 || $0 == 0x09 }
      if isFieldValue, value.count <= 1_024 { lastID = text }
    case "retry":
      if let milliseconds = Int(String(decoding: value, as: UTF8.self)) {
        retryMilliseconds = max(0, milliseconds)
      }
    // Comments, names of events, and fields that nobody knows.
    default: break
    }
  }
}
