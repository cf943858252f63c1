import Foundation
import GPTOSSJSON
import GPTOSSModelLibrary
import Testing

/// Importing and removing, and the note of a download.
struct ChangesTests {
  @Test(arguments: ModelLibrary.ImportMethod.allCases)
  func importedModelsHaveAName(_ method: ModelLibrary.ImportMethod) throws {
    let tree = try ModelTree()
    let file = try tree.copyTinyModel("My model (1).gguf")
    let model = try tree.library.importFile(file, method: method)
    #expect(model.name == "local/My-model--1-" && model.source == .own)
    #expect(
      try tree.library.importFile(file, as: "openai/gpt-oss-20b", method: method).name == "openai/gpt-oss-20b"
    )
    #expect(try tree.library.model(named: "openai/gpt-oss-20b").path.hasPrefix(tree.path("own/openai")))
    #expect(throws: ModelLibraryError.exists(path: model.path)) {
      try tree.library.importFile(file, method: method)
    }
    let files = try tree.library.remove(named: "local/My-model--1-")
    #expect(files == [model.path])
    #expect(FileManager.default.fileExists(atPath: file), "removing a link leaves the file")
    #expect(!FileManager.default.fileExists(atPath: tree.path("own/local")), "empty folders go")
  }

  @Test func fileNamesThatNoListShowsAreReplaced() throws {
    let tree = try ModelTree()
    for (index, name) in [".gguf", "....gguf", ".hidden.gguf"].enumerated() {
      let file = try tree.copyTinyModel("\(index)/\(name)")
      let model = try tree.library.importFile(file, as: "o/r\(index)")
      #expect(model.name == "o/r\(index)" && !model.path.contains("/."), "\(name): \(model)")
    }
  }

  @Test func whatWillNotRunIsNotImported() throws {
    let tree = try ModelTree()
    let file = try tree.write("text.gguf", "text")
    #expect(throws: ModelLibraryError.self) { try tree.library.importFile(file) }
    #expect(throws: ModelLibraryError.self) { try tree.library.importFile(ModelTree.tinyModel, as: "../x/y") }
    #expect(!FileManager.default.fileExists(atPath: tree.path("own")))
  }

  @Test func onlyOwnModelsAreRemoved() throws {
    let tree = try ModelTree()
    let theirs = try tree.write("lmstudio/o/r/m.gguf")
    #expect(throws: ModelLibraryError.notOwn(name: "o/r", path: theirs, .lmStudio)) {
      try tree.library.remove(named: "o/r")
    }
    #expect(throws: ModelLibraryError.notFound(name: "x/y", download: "x/y")) {
      try tree.library.remove(named: "x/y")
    }
    try tree.write("own/o/r/m-Q8_0.gguf")
    try tree.write("own/o/r/m-F16.gguf")
    #expect(throws: ModelLibraryError.self) { try tree.library.remove(named: "o/r") }
    try tree.library.remove(named: "o/r:Q8_0")
    #expect(try tree.library.remove(named: "o/r") == [tree.path("own/o/r/m-F16.gguf")])
    #expect(FileManager.default.fileExists(atPath: theirs))
  }

  @Test func unfinishedDownloadsAreRemoved() throws {
    let tree = try ModelTree()
    let path = try tree.write("own/o/r/m.gguf.partial")
    try tree.write("own/o/r/m.gguf.partial.json")
    let descriptor = open(path, O_RDWR)
    #expect(flock(descriptor, LOCK_EX) == 0)
    #expect(throws: ModelLibraryError.busy(path: path)) { try tree.library.remove(named: "o/r") }
    close(descriptor)
    #expect(try tree.library.remove(named: "o/r") == [path])
    #expect(!FileManager.default.fileExists(atPath: tree.path("own/o")))
  }

  @Test func piecesFormRanges() {
    var set = PieceSet()
    for piece in [3, 1, 2, 7, 0, 7] { set.insert(piece) }
    #expect(set.ranges == [0..<4, 7..<8] && set.leading == 4 && set.end == 8)
    #expect(PieceSet(set.json) == set)
    #expect(set.byteCount(of: 70, piece: 10) == 40, "a piece that the file does not have counts nothing")
    #expect(set.byteCount(of: 75, piece: 10) == 45, "the last piece is shorter")
    for hostile in ["[[2,1]]", "[[-1,1]]", "[[0,2],[1,3]]", "[[0]]", "[0,1]", "{}", #"[["0","1"]]"#] {
      #expect(PieceSet(try? JSONValue(parsing: hostile)) == nil, "\(hostile)")
    }
  }

  /// After a loss of power, only what the disk is known to have counts.
  @Test func notesCountWhatCanBeTrusted() throws {
    let digest = try #require(FileDigest("sha256:" + String(repeating: "0a", count: 32)))
    var note = DownloadNote(commit: "c", digest: digest, byteCount: 25, pieceByteCount: 10)
    note.arrived.insert(0)
    note.arrived.insert(2)
    note.safe.insert(0)
    #expect(note.pieceCount == 3 && note.range(2) == 20..<25)
    #expect(DownloadNote(note.json) == note)
    #expect(DownloadNote.currentSystemRun.isEmpty || note.arrivedByteCount == 15)
    note.systemRun = "another"
    #expect(note.arrivedByteCount == 10)
    note.arrived.insert(3)
    #expect(DownloadNote(note.json) == nil, "a piece that the file does not have")
    #expect(DownloadNote(["commit": "c"]) == nil)
  }
}
