#if Downloads
  import Foundation
  import GPTOSSHTTPClient
  import GPTOSSPlatform
  import Synchronization

  /// The bytes of one file on their way: pieces in ranged requests, several at a time.
  struct FileTransfer: Sendable {
    let store: PartialStore
    let source: FileSource
    let hasher: FileHasher
    /// Told of the bytes that arrive.
    let meter: DownloadMeter

    init(_ store: PartialStore, hub: Hub, name: ModelName, commit: String, meter: DownloadMeter) {
      self.store = store
      self.meter = meter
      source = FileSource(hub: hub, name: name, commit: commit, file: store.file)
      hasher = FileHasher(store)
    }

    /// Brings those of some pieces that have not arrived.
    func fetch(_ pieces: Range<Int>, connections: Int) async throws {
      let arrived = store.note.arrived
      let missing = Backlog(pieces.filter { !arrived.contains($0) })
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<min(connections, pieces.count) {
          group.addTask {
            while let piece = missing.next() { try await fetch(piece) }
          }
        }
        try await group.waitForAll()
      }
    }

    /// Brings the rest of the file, checks it, and gives it its name.
    func finish(connections: Int) async throws {
      advanceHash()
      try await fetch(0..<store.note.pieceCount, connections: connections)
      meter.verify(store.file.name)
      guard try await hasher.matches(byteCount: store.file.byteCount) else {
        store.discard()
        throw DownloadFault.wrongHash(file: store.file.name)
      }
      try await store.finish()
    }

    private func advanceHash() {
      let note = store.note
      hasher.advance(to: min(note.arrived.leading * note.pieceByteCount, note.byteCount))
    }

    /// Brings a piece, however often its connection breaks: what came before is not asked for again.
    private func fetch(_ piece: Int) async throws {
      let range = store.note.range(piece)
      let writer = PieceWriter(store, at: range.lowerBound)
      var patience = Patience()
      while true {
        let start = try writer.flush()
        if start == range.upperBound { break }
        do {
          try await source.read(start..<range.upperBound) { data in
            try writer.add(data)
            meter.add(data.count)
          }
          guard try writer.flush() == range.upperBound else {
            throw Hindrance(fault: .connection("the server sent less than it announced"))
          }
        } catch {
          if try writer.flush() > start { patience.renew() }
          try await patience.wait(after: error)
        }
      }
      try await store.complete(piece)
      advanceHash()
    }
  }

  /// The bytes of a piece on their way to the disk. `URLSession` on Linux hands out 16 KB at a time; to write each
  /// of these would take a fifth of the processor time that a download takes.
  private final class PieceWriter: Sendable {
    private struct State {
      /// Where the first of the bytes that wait belongs.
      var position: Int
      var waiting = Data()
    }
    private let store: PartialStore
    private let state: Mutex<State>
    private static let batchByteCount = 256 << 10

    init(_ store: PartialStore, at position: Int) {
      self.store = store
      state = Mutex(State(position: position))
    }

    /// Takes the next bytes.
    func add(_ data: Data) throws(ModelLibraryError) {
      try state.withLock { (state) throws(ModelLibraryError) in
        state.waiting.append(data)
        if state.waiting.count >= Self.batchByteCount { try write(&state) }
      }
    }

    /// Writes what waits; returns where the next byte belongs.
    func flush() throws(ModelLibraryError) -> Int {
      try state.withLock { (state) throws(ModelLibraryError) in
        try write(&state)
        return state.position
      }
    }

    private func write(_ state: inout State) throws(ModelLibraryError) {
      guard !state.waiting.isEmpty else { return }
      try store.write(state.waiting, at: state.position)
      state.position += state.waiting.count
      state.waiting.removeAll(keepingCapacity: true)
    }
  }

  /// Pieces that wait for a connection.
  private final class Backlog: Sendable {
    private let pieces: Mutex<ArraySlice<Int>>

    init(_ pieces: [Int]) { self.pieces = Mutex(pieces[...]) }

    func next() -> Int? { pieces.withLock { $0.popFirst() } }
  }

  /// Where a file's bytes come from: an address that may end, and is then asked for anew.
  actor FileSource {
    private let hub: Hub
    private let name: ModelName
    private let commit: String
    private let file: HubFile
    private var location: URL?
    /// What the server calls the version that it sends.
    private var entityTag: String?

    init(hub: Hub, name: ModelName, commit: String, file: HubFile) {
      (self.hub, self.name, self.commit, self.file) = (hub, name, commit, file)
    }

    /// Reads some of the file.
    ///
    /// - Parameter receive: gets the bytes in order, never more than asked for.
    /// - Throws: `Hindrance` and `HTTPClientError` for what another try may change, `DownloadFault` for what
    ///   it will not; what `receive` throws.
    nonisolated func read(_ range: Range<Int>, receive: @escaping @Sendable (Data) throws -> Void)
      async throws
    {
      var url = try await address()
      for _ in 0..<5 {
        let answer = RangeAnswer(range: range, total: file.byteCount, host: url.host() ?? "", file: file.path)
        let request = hub.request("GET", url, ["Range": "bytes=\(range.lowerBound)-\(range.upperBound - 1)"])
        let head: HTTPResponse
        do {
          head = try await hub.client.send(
            request, byteLimit: range.count, accept: answer.check,
            receive: { data in
              // What a refusal says is not the file's.
              if answer.isFile { try receive(data) }
            })
        } catch HTTPClientError.tooLong where !answer.isFile {
          // The text of a refusal, cut off.
          throw Hindrance(fault: .refused(host: url.host() ?? "", status: answer.status))
        }
        if let next = hub.redirection(head, from: url) {
          url = next
          continue
        }
        try hub.refuseForNow(head, url)
        guard answer.isFile else {
          // Signed addresses end; another one is had for the asking.
          await forget(url)
          throw Hindrance(fault: .refused(host: url.host() ?? "", status: head.status))
        }
        return try await confirm(head["ETag"])
      }
      throw DownloadFault.malformedAnswer(host: url.host() ?? "", problem: "\(file.path) leads nowhere")
    }

    private func address() async throws -> URL {
      if let location { return location }
      let new = try await hub.location(of: file, in: name, commit: commit)
      location = new
      return new
    }

    private func forget(_ url: URL) { location = nil }

    /// Asks the Hub again if another version seems to have come: what counts is its hash, not what a server
    /// between calls it.
    private func confirm(_ tag: String?) async throws {
      guard let tag else { return }
      if let entityTag, entityTag != tag {
        location = nil
        _ = try await address()
      }
      entityTag = tag
    }
  }

  /// Whether an answer to a ranged request is the bytes that were asked for.
  private final class RangeAnswer: Sendable {
    private let range: Range<Int>
    private let total: Int
    private let host: String
    private let file: String
    private let state = Mutex((status: 0, isFile: false))

    init(range: Range<Int>, total: Int, host: String, file: String) {
      (self.range, self.total, self.host, self.file) = (range, total, host, file)
    }

    /// Whether the body is the file's.
    var isFile: Bool { state.withLock(\.isFile) }
    var status: Int { state.withLock(\.status) }

    /// - Throws: `DownloadFault` for an answer that gives other bytes.
    @Sendable func check(_ head: HTTPResponse) throws {
      var isFile = false
      switch head.status {
      case 206:
        let expected = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(total)"
        guard let actual = head["Content-Range"], actual == expected else {
          let problem =
            "it sends \((head["Content-Range"] ?? "no range").quoted) where \"\(expected)\" was asked for"
          throw Hindrance(fault: .malformedAnswer(host: host, problem: problem))
        }
        isFile = true
      case 200:
        // A whole file is right where all of it was asked for.
        guard range == 0..<total else { throw DownloadFault.noRanges(host: host) }
        isFile = true
      case 416: throw DownloadFault.changed(file: file)
      default: break
      }
      state.withLock { [isFile] in $0 = (head.status, isFile) }
    }
  }
#endif
