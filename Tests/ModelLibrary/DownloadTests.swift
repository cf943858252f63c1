#if Downloads
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
  }
#endif
