import Foundation
import GGUF
import GPTOSSModelLibrary
import Testing

/// Which model a name means.
struct ResolutionTests {
  private static let ggmlOrg = "gpt-oss-20b-GGUF/gpt-oss-20b-mxfp4.gguf"

  @Test func eachWayOfNaming() throws {
    let tree = try ModelTree()
    let path = try tree.write("own/ggml-org/\(Self.ggmlOrg)")
    let other = try tree.write("own/unsloth/gpt-oss-20b-GGUF/gpt-oss-20b-Q4_K_M.gguf")
    for name in [
      "openai/gpt-oss-20b", "gpt-oss-20b", "OpenAI/GPT-OSS-20b", "ggml-org/gpt-oss-20b-GGUF",
      "GGML-ORG/gpt-oss-20b-gguf", "ggml-org/gpt-oss-20b-GGUF:MXFP4", "ggml-org/gpt-oss-20b-GGUF:mxfp4",
      "ggml-org/gpt-oss-20b-GGUF/gpt-oss-20b-mxfp4.gguf", "gpt-oss-20b-mxfp4.gguf", "gpt-oss-20b-mxfp4", path,
    ] { #expect(try tree.library.model(named: name).path == path, "\(name)") }
    for name in ["unsloth/gpt-oss-20b-GGUF", "unsloth/gpt-oss-20b-GGUF:q4_k_m", "gpt-oss-20b-Q4_K_M"] {
      #expect(try tree.library.model(named: name).path == other, "\(name)")
    }
    for model in tree.library.models {
      #expect(try tree.library.model(named: model.name) == model, "every listed name finds its model")
    }
  }

  /// ggml-org's and LM Studio's file both stand for the alias: the first in the order of folders.
  @Test func aliasesTakeTheFirstFolder() throws {
    let tree = try ModelTree()
    let places = [
      "llama/ggml-org_gpt-oss-20b-GGUF_gpt-oss-20b-mxfp4.gguf",
      "hub/models--ggml-org--gpt-oss-20b-GGUF/snapshots/a/gpt-oss-20b-mxfp4.gguf",
      "lmstudio/lmstudio-community/gpt-oss-20b-GGUF/gpt-oss-20b-MXFP4.gguf", "own/ggml-org/\(Self.ggmlOrg)",
    ]
    for (index, place) in places.enumerated() {
      // All of the same name and of different sizes.
      let path = try tree.write(place, String(repeating: "G", count: index + 1))
      #expect(try tree.library.model(named: "openai/gpt-oss-20b").path == path)
      #expect(tree.library.models.filter { !$0.aliases.isEmpty }.map(\.path) == [path])
    }
    try tree.write("own/openai/gpt-oss-20b/mine.gguf")
    #expect(
      try tree.library.model(named: "openai/gpt-oss-20b").path
        == tree.path("own/openai/gpt-oss-20b/mine.gguf"))
  }

  /// Sizes are not mixed up, and other files of a publisher's do not count.
  @Test func aliasesMeanOneSizeInMXFP4() throws {
    let tree = try ModelTree()
    try tree.write("own/ggml-org/gpt-oss-20b-GGUF/gpt-oss-20b-Q8_0.gguf")
    try tree.write("own/unsloth/gpt-oss-120b-GGUF/gpt-oss-120b-mxfp4.gguf")
    #expect(throws: ModelLibraryError.notFound(name: "openai/gpt-oss-20b", download: "openai/gpt-oss-20b")) {
      try tree.library.model(named: "openai/gpt-oss-20b")
    }
    #expect(throws: ModelLibraryError.notFound(name: "gpt-oss-120b", download: "openai/gpt-oss-120b")) {
      try tree.library.model(named: "gpt-oss-120b")
    }
  }

  @Test func damagedCopiesCountOnlyAlone() throws {
    let tree = try ModelTree()
    try tree.write("own/ggml-org/gpt-oss-120b-GGUF/gpt-oss-120b-mxfp4-00001-of-00002.gguf")
    #expect(throws: ModelLibraryError.self) { try tree.library.model(named: "gpt-oss-120b") }
    for part in 1...2 {
      try tree.write(
        "lmstudio/lmstudio-community/gpt-oss-120b-GGUF/gpt-oss-120b-MXFP4-0000\(part)-of-00002.gguf")
    }
    let model = try tree.library.model(named: "gpt-oss-120b")
    #expect(model.source == .lmStudio && model.paths.count == 2 && model.byteCount == 8)
    #expect(tree.library.models.first { !$0.aliases.isEmpty }?.source == .lmStudio)
  }

  @Test func shortNamesOfDifferentModelsAreRefused() throws {
    let tree = try ModelTree()
    try tree.write("own/a/r/m.gguf", "one")
    try tree.write("own/b/r/m.gguf", "another")
    #expect(throws: ModelLibraryError.ambiguous(name: "m.gguf", candidates: ["a/r", "b/r"])) {
      try tree.library.model(named: "m.gguf")
    }
    // A damaged one is no reason to ask, nor listed, and a name comes once.
    try tree.link("hub/models--c--r/snapshots/abc/m.gguf", to: "../../blobs/gone")
    try tree.write("lmstudio/b/r/m.gguf", "a third")
    #expect(throws: ModelLibraryError.ambiguous(name: "m.gguf", candidates: ["a/r", "b/r"])) {
      try tree.library.model(named: "m.gguf")
    }
    try FileManager.default.removeItem(atPath: tree.path("lmstudio"))
    // Copies of one model are no reason to ask.
    try tree.write("own/b/r/m.gguf", "one")
    #expect(try tree.library.model(named: "m").name == "a/r")
    #expect(try tree.library.model(named: "b/r").path == tree.path("own/b/r/m.gguf"))
    // What removes files does not choose among copies either.
    #expect(throws: ModelLibraryError.ambiguous(name: "m.gguf", candidates: ["a/r", "b/r"])) {
      try tree.library.remove(named: "m.gguf")
    }
    #expect(tree.library.models.filter { $0.source == .own }.map(\.name) == ["a/r", "b/r"])
  }

  @Test func pathsLoadedModelsAndPackagedOnes() throws {
    let tree = try ModelTree()
    var library = tree.library
    library.packaged = ["assistant": ModelTree.tinyModel]
    #expect(try library.model(named: "assistant").path == ModelTree.tinyModel)
    #expect(try library.model(named: "/nowhere/x.gguf").path == "/nowhere/x.gguf")
    #expect(try library.model(named: ModelTree.tinyModel).source == .file)
    #expect(try library.model(named: "folder/x.gguf").source == .file)
    let loaded = try library.model(named: ModelTree.tinyModel)
    #expect(try library.model(named: "mine:2") { $0 == "mine:2" ? loaded : nil } == loaded)
    #expect(throws: ModelLibraryError.notFound(name: "mine:2", download: nil)) {
      try library.model(named: "mine:2")
    }
    #expect(throws: ModelLibraryError.notFound(name: "o/r:Q4", download: "o/r:Q4")) {
      try library.model(named: "o/r:Q4")
    }
  }

  @Test func modelsAreJudgedByTheirHeader() throws {
    let tree = try ModelTree()
    try tree.copyTinyModel("own/o/sound/m.gguf")
    try tree.write("own/o/text/m.gguf", "not a model")
    let faults = Dictionary(
      uniqueKeysWithValues: tree.library.models.map { ($0.name, tree.library.fault(of: $0)) })
    #expect(faults["o/sound"] == .some(nil))
    guard case .file(let error)? = faults["o/text"] ?? nil else {
      Issue.record("\(faults)")
      return
    }
    #expect(error.reason == .notGGUF(found: nil))
  }
}
