import Foundation
import GPTOSSModelLibrary
import Testing

/// What each program's folder is read as: whole ones and damaged ones.
struct FolderTests {
  struct Case: CustomTestStringConvertible {
    let why: String
    /// Files, and links as `NAME -> TARGET`.
    let entries: [String]
    /// Names that are listed, with what is wrong behind some: `NAME: missingParts`.
    let expected: [String]
    var testDescription: String { why }
  }

  /// Breaks when a name that no text can hold ends the program, or is passed over in silence.
  @Test func namesThatAreNotUTF8AreTold() throws {
    let tree = try ModelTree()
    try tree.write("own/o/r/m.gguf")
    let names = [[UInt8]("\(tree.root)/own/o/r/caf\u{0}.gguf".utf8), [UInt8]("\(tree.root)/own/\u{0}".utf8)]
    for name in names {
      let path = name.map { CChar(bitPattern: $0 == 0 ? 0xE9 : $0) } + [0]
      let descriptor = open(path, O_CREAT | O_WRONLY, 0o644)
      // A file system that takes UTF-8 alone has no such names.
      guard descriptor >= 0 || errno != EILSEQ else { return }
      #expect(descriptor >= 0)
      close(descriptor)
    }
    let (models, problems) = tree.library.contents()
    #expect(models.map(\.name) == ["o/r"])
    #expect(
      problems == [
        .unreadableNames(folder: tree.path("own"), first: #"\xE9"#),
        .unreadableNames(folder: tree.path("own/o/r"), first: #"caf\xE9.gguf"#),
      ])
    #expect(problems.map { "\($0)".contains(#"\xE9"#) } == [true, true])
  }

  static let commit = String(repeating: "a", count: 40)
  static let other = String(repeating: "b", count: 40)
  static let cases = [
    Case(why: "nothing at all", entries: [], expected: []),
    Case(
      why: "our own folder",
      entries: [
        "own/ggml-org/gpt-oss-20b-GGUF/gpt-oss-20b-mxfp4.gguf", "own/README.md", "own/a/b/notes.txt",
        "own/.cache/x/y.gguf", "own/stray.gguf", "own/a/stray.gguf",
      ], expected: ["ggml-org/gpt-oss-20b-GGUF"]),
    Case(
      why: "two formats of a model are told apart by them, and two files that do not say by their names",
      entries: [
        "own/o/r/m-Q4_K_M.gguf", "own/o/r/m-Q8_0.gguf", "own/o/s/first.gguf", "own/o/s/second.gguf",
        "own/o/u/m-UD-Q4_K_XL.gguf",
      ], expected: ["o/r:Q4_K_M", "o/r:Q8_0", "o/s/first.gguf", "o/s/second.gguf", "o/u"]),
    Case(
      why: "a split model is one, whatever the order",
      entries: ["own/o/r/m-00002-of-00002.gguf", "own/o/r/m-00001-of-00002.gguf"], expected: ["o/r"]),
    Case(
      why: "a part is missing", entries: ["own/o/r/m-00001-of-00003.gguf", "own/o/r/m-00003-of-00003.gguf"],
      expected: ["o/r: m-00002-of-00003.gguf is missing"]),
    Case(
      why: "a download that was stopped", entries: ["own/o/r/m.gguf.partial", "own/o/r/m.gguf.partial.json"],
      expected: ["o/r: its download has not ended"]),
    Case(
      why: "LM Studio's folder",
      entries: ["lmstudio/lmstudio-community/gpt-oss-20b-GGUF/gpt-oss-20b-MXFP4.gguf"],
      expected: ["lmstudio-community/gpt-oss-20b-GGUF"]),
    Case(
      why: "LM Studio's folder with a publisher's folder elsewhere",
      entries: ["elsewhere/r/m.gguf", "lmstudio/o -> ../elsewhere"], expected: ["o/r"]),
    Case(
      why: "a publisher's folder that is a link to nowhere, or to itself",
      entries: ["lmstudio/o -> ../gone", "lmstudio/p -> p"], expected: []),
    Case(
      why: "Hugging Face's cache",
      entries: [
        "hub/models--o--r/refs/main=\(commit)", "hub/models--o--r/blobs/1234",
        "hub/models--o--r/snapshots/\(commit)/m.gguf -> ../../blobs/1234",
        "hub/models--o--r/snapshots/\(commit)/README.md", "hub/.locks/models--o--r/1234.lock",
        "hub/version.txt", "hub/datasets--o--d/snapshots/\(commit)/m.gguf",
      ], expected: ["o/r"]),
    Case(
      why: "names with hyphens, and a file in a folder",
      entries: [
        "hub/models--my-org--gpt-oss-20b-GGUF/snapshots/\(commit)/Q4_K_M/m-00001-of-00002.gguf",
        "hub/models--my-org--gpt-oss-20b-GGUF/snapshots/\(commit)/Q4_K_M/m-00002-of-00002.gguf",
      ], expected: ["my-org/gpt-oss-20b-GGUF"]),
    Case(
      why: "of two commits the one that main was comes first",
      entries: [
        "hub/models--o--r/refs/main=\(other)", "hub/models--o--r/snapshots/\(commit)/m.gguf=old",
        "hub/models--o--r/snapshots/\(other)/m.gguf=newer",
      ], expected: ["o/r"]),
    Case(
      why: "a link whose blob is gone",
      entries: ["hub/models--o--r/snapshots/\(commit)/m.gguf -> ../../blobs/gone"],
      expected: ["o/r: it is a link to ../../blobs/gone, which is gone"]),
    Case(
      why: "half a snapshot: one part has come",
      entries: [
        "hub/models--o--r/blobs/1", "hub/models--o--r/blobs/2.incomplete",
        "hub/models--o--r/snapshots/\(commit)/m-00001-of-00002.gguf -> ../../blobs/1",
      ], expected: ["o/r: m-00002-of-00002.gguf is missing"]),
    Case(
      why: "nothing but an incomplete blob", entries: ["hub/models--o--r/blobs/12.incomplete"],
      expected: ["o/r: its download has not ended"]),
    Case(
      why: "a repository without an owner, and a folder that only looks like one",
      entries: ["hub/models--gpt2/snapshots/\(commit)/m.gguf", "hub/models--/x"], expected: []),
    Case(
      why: "llama.cpp's cache, with and without the file's address",
      entries: [
        "llama/ggml-org_gpt-oss-20b-GGUF_gpt-oss-20b-mxfp4.gguf", "llama/a_b_c_d.gguf",
        #"llama/a_b_c_d.gguf.json={"url": "https://huggingface.co/a_b/c/resolve/main/d.gguf"}"#,
        "llama/manifest=o=r=latest.json", "llama/x_y_z.gguf.downloadInProgress", "llama/plain.gguf",
        "llama/o_r_m.gguf", "llama/o_r_m.gguf.json=[not JSON",
      ], expected: ["a_b/c", "ggml-org/gpt-oss-20b-GGUF", "o/r", "plain"]),
    Case(
      why: "Ollama's store",
      entries: [
        "ollama/manifests/registry.ollama.ai/library/gpt-oss/20b=" + manifest("sha256:ab"),
        "ollama/manifests/registry.ollama.ai/me/mine/latest=" + manifest("sha256:ab"),
        "ollama/manifests/hf.co/o/r/Q4=" + manifest("sha256:ab"), "ollama/blobs/sha256-ab",
        "ollama/manifests/registry.ollama.ai/library/llama/broken={}",
        "ollama/manifests/registry.ollama.ai/library/llama/hostile=" + manifest("../../etc/passwd"),
        "ollama/manifests/registry.ollama.ai/library/llama/gone=" + manifest("sha256:cd"),
      ],
      expected: ["gpt-oss:20b", "hf.co/o/r:Q4", "llama:gone: it is a link to", "me/mine:latest"]),
  ]

  private static func manifest(_ digest: String) -> String {
    #"{"layers": [{"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:00"}, "#
      + #"{"mediaType": "application/vnd.ollama.image.model", "digest": "\#(digest)", "size": 4}]}"#
  }

  @Test(arguments: cases)
  func folder(_ testCase: Case) throws {
    let tree = try ModelTree()
    for entry in testCase.entries {
      if let arrow = entry.firstRange(of: " -> ") {
        try tree.link(String(entry[..<arrow.lowerBound]), to: String(entry[arrow.upperBound...]))
      } else {
        let parts = entry.split(separator: "=", maxSplits: 1)
        let isManifest = entry.contains("manifest=")
        try tree.write(isManifest ? entry : String(parts[0]), parts.count == 2 ? String(parts[1]) : "GGUF")
      }
    }
    let (models, problems) = tree.library.contents()
    let found = models.map { model in model.fault.map { "\(model.name): \($0)" } ?? model.name }.sorted()
    #expect(found.count == testCase.expected.count, "\(found)")
    for (found, expected) in zip(found, testCase.expected) {
      #expect(expected.contains(": ") ? found.hasPrefix(expected) : found == expected)
    }
    #expect(problems.isEmpty)
  }

  @Test func ofTwoCommitsMainIsOpened() throws {
    let tree = try ModelTree()
    try tree.write("hub/models--o--r/refs/main", Self.other)
    for commit in [Self.commit, Self.other] {
      try tree.write("hub/models--o--r/snapshots/\(commit)/m.gguf", commit)
    }
    #expect(try tree.library.model(named: "o/r").path.contains(Self.other))
  }

  /// What cannot be read is told, and does not hide what can.
  /// While a newer commit is on its way, the one before it still runs.
  @Test func aWholeSnapshotComesBeforeTheMainOne() throws {
    let tree = try ModelTree()
    try tree.write("hub/models--o--r/refs/main", "def")
    try tree.link("hub/models--o--r/snapshots/def/m.gguf", to: "../../blobs/gone")
    let whole = try tree.write("hub/models--o--r/snapshots/abc/m.gguf")
    #expect(try tree.library.model(named: "o/r").path == whole)
    #expect(tree.library.models.count == 1)
  }

  @Test func foldersThatCannotBeReadAreTold() throws {
    let tree = try ModelTree()
    try tree.write("own/o/r/m.gguf")
    // A file in place of a folder, and a link to itself: unlike missing permissions, root meets these too.
    try tree.write("hub")
    try tree.link("llama", to: "llama")
    let (models, problems) = tree.library.contents()
    #expect(models.map(\.name) == ["o/r"])
    let folders = problems.map { problem -> String in
      guard case .unreadableFolder(let path, _) = problem else { return "\(problem)" }
      return path
    }
    #expect(folders == [tree.path("hub"), tree.path("llama")])
  }

  @Test(.enabled(if: geteuid() != 0)) func foldersWithoutPermissionAreTold() throws {
    let tree = try ModelTree()
    let path = try tree.write("own/o/r/m.gguf")
    chmod(path, 0)
    #expect(tree.library.models.first?.fault != nil)
    chmod(tree.path("own/o"), 0)
    defer { chmod(tree.path("own/o"), 0o700) }
    let (models, problems) = tree.library.contents()
    #expect(models.isEmpty && problems.count == 1)
  }

  /// Two names of one folder, as where LM Studio's settings name its default, list a model once.
  @Test func aFolderOfTwoNamesCountsOnce() throws {
    let tree = try ModelTree()
    try tree.write("own/o/r/m.gguf")
    var folders = tree.folders
    folders.lmStudio = [tree.path("own"), tree.path("own/../own")]
    #expect(ModelLibrary(folders: folders, environment: [:]).models.count == 1)
  }

  @Test func environmentNamesFolders() throws {
    let tree = try ModelTree()
    try tree.write(".lmstudio/settings.json", #"{"downloadsFolder": "/other/models"}"#)
    let plain = ModelFolders(environment: ["HOME": tree.root])
    #expect(plain.own == tree.path(".gptoss/models"))
    #expect(
      plain.lmStudio == [
        "/other/models", tree.path(".lmstudio/models"), tree.path(".cache/lm-studio/models"),
      ])
    #expect(plain.huggingFace == [tree.path(".cache/huggingface/hub")])
    #expect(plain.ollama.first == tree.path(".ollama/models"))
    let named = ModelFolders(environment: [
      "HOME": tree.root, "GPTOSS_MODELS": "/a", "HF_HOME": "/b", "LLAMA_CACHE": "/c", "OLLAMA_MODELS": "/d",
    ])
    #expect(named.own == "/a" && named.huggingFace == ["/b/hub"] && named.llamaCpp == ["/c"])
    #expect(named.ollama.first == "/d")
    #expect(ModelFolders(environment: ["HF_HUB_CACHE": "/e", "HF_HOME": "/b"]).huggingFace == ["/e"])
    #expect(ModelFolders(environment: ["HOME": tree.root, "GPTOSS_MODELS": ""]).own == plain.own)
  }
}
