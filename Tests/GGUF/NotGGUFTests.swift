import Foundation
import GGUF
import Testing

/// What people open by mistake.
@Suite struct NotGGUFTests {
  @Test(arguments: [
    ("", "an empty file"),
    ("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer; the model itself was not fetched"),
    ("PK\u{3}\u{4}…", "a zip archive or a PyTorch checkpoint"),
    ("lmgg\u{1}", "a GGML file, the format before GGUF"),
    ("tjgg\u{1}", "a GGJT file, the format before GGUF"),
    ("\u{40}\0\0\0\0\0\0\0{\"__metadata__\":{}}", "a safetensors file"),
    ("<!DOCTYPE html>", "a web page"),
    ("{\"model\": 1}", "JSON"),
    ("GGU", nil),
    ("something else entirely", nil),
  ])
  func whatItIsIsSaid(start: String, kind: String?) throws {
    #expect(try refusal(of: Array(start.utf8))?.reason == .notGGUF(found: kind))
  }

  @Test func aMissingFileIsNamed() throws {
    let path = try TemporaryFolder().path("model.gguf")
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
    #expect(error?.reason == .system(operation: "open", code: ENOENT))
    #expect(error?.path == path)
  }

  @Test func onlyRegularFilesAreOpened() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path("pipe.gguf")
    try #require(mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [(folder.path, "a folder"), (pipe, "a pipe"), ("/dev/null", "a device")] {
      let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
      #expect(error?.reason == .notARegularFile(kind: kind), "\(path)")
    }
  }
}
