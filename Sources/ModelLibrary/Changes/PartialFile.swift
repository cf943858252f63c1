package import GPTOSSJSON
import GPTOSSPlatform

/// A file that is being downloaded, under its name with ``suffix`` behind it, and beside it the note of what
/// has arrived.
enum PartialFile {
  static let suffix = ".partial"

  /// Where what has arrived is noted.
  static func note(_ path: String) -> String { path + ".json" }

  /// Bytes that have arrived, as the note says; 0 without a note.
  static func arrivedByteCount(_ path: String) -> Int {
    DownloadNote(jsonFile(note(path)))?.arrivedByteCount ?? 0
  }

  /// Whether a process is downloading it now.
  static func isLocked(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}

/// What is known of a download, and what of it has arrived: pieces of one size, counted from 0.
///
/// After a loss of power the system may have written the note and not the bytes. So the note says in which
/// run of the system it was written, and which pieces the disk is known to have: in another run those alone
/// count.
package struct DownloadNote: Equatable, Sendable {
  /// The commit that the file is read from.
  package var commit: String
  /// The hash of the whole file.
  package var digest: FileDigest
  package var byteCount: Int
  package var pieceByteCount: Int
  /// Pieces that have arrived.
  package var arrived: PieceSet
  /// Those of them that the disk has.
  package var safe: PieceSet
  /// The run of the system; empty where it does not tell.
  package var systemRun: String

  /// Bytes of the pieces that count in this run of the system.
  package var arrivedByteCount: Int { trusted.byteCount(of: byteCount, piece: pieceByteCount) }

  /// The pieces that count in this run of the system.
  package var trusted: PieceSet { !systemRun.isEmpty && systemRun == Self.currentSystemRun ? arrived : safe }

  package static let currentSystemRun =
    systemText("/proc/sys/kernel/random/boot_id")?.split(whereSeparator: \.isWhitespace).first
    .map(String.init) ?? ""

  package init(commit: String, digest: FileDigest, byteCount: Int, pieceByteCount: Int) {
    self.commit = commit
    self.digest = digest
    self.byteCount = byteCount
    self.pieceByteCount = pieceByteCount
    (arrived, safe, systemRun) = (PieceSet(), PieceSet(), Self.currentSystemRun)
  }

  /// Reads a note; nil if it is none, or no sense can be made of it.
  package init?(_ json: JSONValue?) {
    guard let json, let commit = json["commit"]?.stringValue,
      let digest = json["digest"]?.stringValue.flatMap(FileDigest.init),
      let byteCount = json["bytes"]?.intValue, byteCount >= 0,
      let piece = json["pieceBytes"]?.intValue, piece > 0,
      let arrived = PieceSet(json["arrived"]), let safe = PieceSet(json["safe"]),
      let run = json["systemRun"]?.stringValue
    else { return nil }
    (self.commit, self.digest, self.byteCount, pieceByteCount) = (commit, digest, byteCount, piece)
    (self.arrived, self.safe, systemRun) = (arrived, safe, run)
    guard [arrived, safe].allSatisfy({ $0.end <= pieceCount }) else { return nil }
  }

  package var json: JSONValue {
    [
      "commit": .string(commit), "digest": .string(digest.description), "bytes": JSONValue(byteCount),
      "pieceBytes": JSONValue(pieceByteCount), "arrived": arrived.json, "safe": safe.json,
      "systemRun": .string(systemRun),
    ]
  }

  /// How many pieces the file has.
  package var pieceCount: Int { byteCount / pieceByteCount + (byteCount % pieceByteCount == 0 ? 0 : 1) }

  /// The bytes of a piece.
  package func range(_ piece: Int) -> Range<Int> {
    piece * pieceByteCount..<min((piece + 1) * pieceByteCount, byteCount)
  }
}

/// The hash of a file, as the Hub states it.
package enum FileDigest: Hashable, Sendable, CustomStringConvertible {
  /// SHA-256 of the bytes, for files in large-file storage.
  case sha256(String)
  /// Git's hash of the file (SHA-1 of `blob SIZE`, a zero byte, and the bytes), for small files.
  case gitBlob(String)

  /// Reads what ``description`` gives; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[1].allSatisfy(\.isHexDigit) else { return nil }
    switch (parts[0], parts[1].count) {
    case ("sha256", 64): self = .sha256(parts[1].lowercased())
    case ("git", 40): self = .gitBlob(parts[1].lowercased())
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .sha256(let hex): "sha256:\(hex)"
    case .gitBlob(let hex): "git:\(hex)"
    }
  }
}

/// A set of pieces, as ranges.
package struct PieceSet: Equatable, Sendable {
  /// Ascending, none touching the next.
  package private(set) var ranges: [Range<Int>] = []

  package init() {}

  /// Reads `[[0,12],[15,16]]`: the first piece of each range, and the one after its last.
  package init?(_ json: JSONValue?) {
    guard let pairs = json?.arrayValue, pairs.count <= 100_000 else { return nil }
    for pair in pairs {
      guard let bounds = pair.arrayValue, bounds.count == 2, let first = bounds[0].intValue,
        let end = bounds[1].intValue, first >= (ranges.last?.upperBound ?? 0), end > first
      else { return nil }
      ranges.append(first..<end)
    }
  }

  package var json: JSONValue {
    .array(ranges.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] })
  }

  /// One more than the last piece; 0 for none.
  package var end: Int { ranges.last?.upperBound ?? 0 }

  package func contains(_ piece: Int) -> Bool { ranges.contains { $0.contains(piece) } }

  /// How many pieces there are from the first on without a gap.
  package var leading: Int { ranges.first?.lowerBound == 0 ? ranges[0].upperBound : 0 }

  package mutating func insert(_ piece: Int) {
    guard !contains(piece) else { return }
    var new = piece..<piece + 1
    ranges.removeAll { range in
      guard range.upperBound == new.lowerBound || range.lowerBound == new.upperBound else { return false }
      new = min(range.lowerBound, new.lowerBound)..<max(range.upperBound, new.upperBound)
      return true
    }
    ranges.insert(new, at: ranges.firstIndex { $0.lowerBound > new.lowerBound } ?? ranges.count)
  }

  /// Bytes of the pieces of a file.
  package func byteCount(of total: Int, piece: Int) -> Int {
    ranges.reduce(0) { sum, range in
      let (end, overflow) = range.upperBound.multipliedReportingOverflow(by: piece)
      return sum + max(0, (overflow ? total : min(end, total)) - range.lowerBound * piece)
    }
  }
}
