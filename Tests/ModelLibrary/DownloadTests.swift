#if Downloads
  import GGUF
  import GPTOSS
  import GPTOSSJSON
  import GPTOSSModelLibrary
  import Testing

  /// What of a download needs no server; Tests/Conformance/hub.py has the rest.
  struct DownloadTests {
    @Test func offlineMeansNoRequest() async throws {
      let tree = try ModelTree()
      let library = ModelLibrary(folders: tree.folders, environment: ["HF_HUB_OFFLINE": "1"])
      let name = "ggml-org/gpt-oss-20b-GGUF:MXFP4"
      await #expect(throws: ModelLibraryError.download(name: name, .offline)) {
        for try await event in library.download("openai/gpt-oss-20b") {
          switch event {
          case .progress(let progress): print(progress.share, progress.timeLeft ?? .zero)
          case .finished(let model): print(model.path)
          }
        }
      }
    }

    @Test func whatIsHereIsNotDownloaded() async throws {
      let tree = try ModelTree()
      let path = try tree.write("lmstudio/lmstudio-community/gpt-oss-20b-GGUF/gpt-oss-20b-MXFP4.gguf")
      let library = ModelLibrary(folders: tree.folders, environment: ["HF_ENDPOINT": "http://127.0.0.1:1"])
      var paths: [String] = []
      for try await event in library.download("gpt-oss-20b") {
        if case .finished(let model) = event { paths.append(model.path) }
      }
      #expect(paths == [path])
    }

    @Test(arguments: ["", "nothing", "../../x", "/etc/passwd", "https://example.org/o/r"])
    func otherNamesAreRefused(_ name: String) async throws {
      let tree = try ModelTree()
      await #expect(throws: ModelLibraryError.invalidName(name)) {
        for try await _ in tree.library.download(name) {}
      }
    }

    /// Breaks when a request that contradicts itself is taken, and one of its halves is ignored.
    @Test(arguments: [
      ("a/b", "Q8_0", true), ("a/b", "../x", false), ("a/b", "", false), ("a/b", "Q8/0", false),
      ("a/b:Q4_0", "q4_0", true), ("a/b:Q4_0", "Q8_0", false), ("a/b/m-Q8_0.gguf", "Q8_0", true),
      ("a/b/m-Q8_0-00001-of-00002.gguf", "Q8_0", true), ("a/b/m-Q8_0.gguf", "MXFP4", false),
      ("gpt-oss-20b", "MXFP4", true), ("openai/gpt-oss-20b", "Q8_0", false),
      ("https://huggingface.co/a/b/tree/main", "Q8_0", true), ("no name", "Q8_0", true),
    ])
    func quantizations(_ text: String, _ quantization: String, _ allows: Bool) throws {
      #expect(try ModelTree().library.allows(quantization: quantization, of: text) == allows)
    }

    /// FIPS 180-4's example, an empty file, and more bytes than are read at once.
    @Test(arguments: [
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("a", 2_000_000, "bcf7f9d1b4311c3352e60502255ce09a6744df84e8f2c89f79c4b5d74933a95a"),
    ])
    func digests(_ text: String, _ count: Int, _ hash: String) async throws {
      let tree = try ModelTree()
      let path = try tree.write("x", String(repeating: text, count: count))
      var read: [Int] = []
      let digest = try await FileDigest.sha256(ofFile: path) { read.append($0) }
      #expect(digest == .sha256(hash))
      #expect(read.last ?? 0 == text.utf8.count * count && read == read.sorted())
    }

    @Test func aFileThatIsMissingHasNoDigest() async throws {
      let tree = try ModelTree()
      await #expect(throws: GGUFError.self) { try await FileDigest.sha256(ofFile: tree.path("x")) }
    }
  }
#endif
