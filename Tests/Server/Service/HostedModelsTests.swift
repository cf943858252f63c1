import Foundation
import GPTOSS
import GPTOSSHosting
import GPTOSSJSON
import GPTOSSModelLibrary
import GPTOSSServer
import GPTOSSSynthesis
import Testing

/// The service over a library of small random models.
///
/// Breaks when a name that is listed cannot be used, when one that cannot be used is no 404 with a remedy, or
/// when LM Studio's clients get another shape.
struct HostedModelsTests {
  @Test func everyListedNameIsAnswered() async throws {
    let folder = try Models(["ggml-org/gpt-oss-20b-GGUF/gpt-oss-20b-mxfp4", "me/mine/mine"])
    let service = folder.service
    let names = (service.modelList["data"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
    #expect(
      Set(names) == [
        "openai/gpt-oss-20b", "gpt-oss-20b", "ggml-org/gpt-oss-20b-GGUF", "gpt-oss-20b-mxfp4",
        "gpt-oss-20b-mxfp4.gguf", "me/mine", "mine", "mine.gguf", "assistant",
      ])
    #expect(names.count == Set(names).count)
    for name in names {
      #expect(try service.modelDescription(name)["id"]?.stringValue == name)
      #expect(try await tokens(service, name) > 0, "\(name)")
    }
    #expect(folder.host.instances.map(\.identifier) == ["openai/gpt-oss-20b", "me/mine", "assistant"])
    #expect(try await tokens(service, "claude-haiku-4-5") > 0, "Anthropic's names mean any model")
    #expect(folder.models.warning == nil)
  }

  @Test func otherNamesAre404WithTheCommandThatGetsThem() async throws {
    let service = try Models(["me/mine/mine"]).service
    for (name, command) in [
      ("openai/gpt-oss-120b", "gptoss get openai/gpt-oss-120b"), ("a/b", "gptoss get a/b"),
      ("gpt-17", "gptoss get OWNER/REPO"), ("/etc/passwd", "gptoss get OWNER/REPO"),
      ("../x.gguf", "gptoss get"),
    ] {
      let error = await #expect(throws: ServerError.self) { try await tokens(service, name) }
      #expect(error?.status == 404 && error?.code == "model_not_found" && error?.parameter == "model")
      #expect("\(try #require(error))".contains(command), "\(name)")
      #expect(throws: ServerError.self) { try service.modelDescription(name) }
    }
  }

  /// The small model answers to OpenAI's names as long as there is nothing better, and says so once per name.
  @Test func theSmallModelStandsIn() async throws {
    let folder = try Models([])
    #expect(folder.models.warning?.contains("gptoss get openai/gpt-oss-20b") == true)
    #expect(Set(folder.models.names) == ["assistant", "gpt-oss-20b", "openai/gpt-oss-20b"])
    var warnings: [String?] = []
    for name in ["openai/gpt-oss-20b", "openai/gpt-oss-20b", "gpt-oss-20b", "assistant"] {
      let exchange = Exchange(client: "a")
      _ = try await folder.service.countTokens(body(name), exchange)
      warnings.append(exchange.record.warning)
    }
    #expect(warnings.map { $0 == nil } == [false, true, false, true])
    #expect(folder.host.instances.map(\.identifier) == ["assistant"], "one model under all names")
    let estimate = Array(#"{"model": "openai/gpt-oss-20b", "estimate_only": true}"#.utf8)
    #expect(try await folder.service.loadModel(estimate)["status"] == "estimated")
    let loaded = try await folder.service.loadModel(Array(#"{"model": "openai/gpt-oss-20b"}"#.utf8))
    #expect(loaded["instance_id"] == "assistant:2")
    let error = await #expect(throws: ServerError.self) {
      try await tokens(folder.service, "openai/gpt-oss-120b")
    }
    #expect(error?.status == 404)
  }

  @Test func modelsAreLoadedAndUnloadedOverREST() async throws {
    let folder = try Models(["me/mine/mine"])
    let service = folder.service
    let loaded = try await service.loadModel(
      Array(#"{"model": "me/mine", "context_length": 64, "ttl": 60, "echo_load_config": true}"#.utf8))
    #expect(loaded["type"] == "llm" && loaded["status"] == "loaded" && loaded["instance_id"] == "me/mine")
    #expect(loaded["load_config"]?["context_length"] == 64)
    let second = try await service.loadModel(
      Array(#"{"model": "mine", "identifier": "other"}"#.utf8))
    #expect(second["instance_id"] == "other")
    let model = try #require(
      service.lmStudioModels["models"]?.arrayValue?.first { $0["key"] == "me/mine" })
    #expect(model["type"] == "llm" && model["format"] == "gguf" && model["architecture"] == "gpt-oss")
    #expect(model["publisher"] == "me" && model["max_context_length"]?.intValue ?? 0 > 64)
    let instances = model["loaded_instances"]?.arrayValue ?? []
    #expect(instances.map { $0["id"] } == ["me/mine", "other"])
    #expect(instances[0]["config"] == ["context_length": 64] && instances[0]["ttl"] == 60)
    #expect(try service.lmStudioModelV0("me/mine")["state"] == "loaded")
    #expect(try await tokens(service, "other") > 0, "an identifier is a name")
    #expect(
      try await service.unloadModel(Array(#"{"instance_id": "other"}"#.utf8)) == ["instance_id": "other"])
    let error = await #expect(throws: ServerError.self) {
      try await service.unloadModel(Array(#"{"instance_id": "other"}"#.utf8))
    }
    #expect(error?.status == 404 && error?.code == "model_not_loaded")
    _ = try await service.unloadModel(Array(#"{"all": true}"#.utf8))
    #expect(folder.host.instances.isEmpty)
    #expect(try service.lmStudioModelV0("me/mine")["state"] == "not-loaded")
  }

  @Test func estimatesLoadNothing() async throws {
    let folder = try Models(["me/mine/mine"])
    func total(_ length: Int) async throws -> Int {
      let body = #"{"model": "me/mine", "context_length": \#(length), "estimate_only": true}"#
      let reply = try await folder.service.loadModel(Array(body.utf8))
      #expect(reply["status"] == "estimated" && reply["load_config"]?["context_length"]?.intValue == length)
      let memory = try #require(reply["memory"])
      let parts = ["weights_bytes", "cache_bytes", "workspace_bytes"].compactMap { memory[$0]?.intValue }
      let total = try #require(memory["total_bytes"]?.intValue)
      #expect(parts.count == 3 && parts.reduce(0, +) == total)
      #expect(memory["limit_bytes"]?.intValue == folder.host.memoryLimit)
      return total
    }
    #expect(try await total(16) < total(4096))
    #expect(folder.host.instances.isEmpty)
    let error = await #expect(throws: ServerError.self) {
      try await folder.service.loadModel(Array(#"{"model": "a/b", "estimate_only": true}"#.utf8))
    }
    #expect(error?.status == 404)
  }

  @Test func malformedRequestsChangeNothing() async throws {
    let folder = try Models(["me/mine/mine"])
    for body in [
      "", "[]", "{}", #"{"model": 1}"#, #"{"model": "me/mine", "context_length": 0}"#,
      #"{"model": "me/mine", "ttl": -1}"#, #"{"model": "me/mine", "identifier": "/x"}"#,
      #"{"model": "me/mine", "identifier": 7}"#,
    ] {
      await #expect(throws: (any Error).self, "\(body)") {
        try await folder.service.loadModel(Array(body.utf8))
      }
    }
    #expect(folder.host.instances.isEmpty)
    #expect(throws: ServerError.unknownJob("job_x")) { try folder.service.downloadState("job_x") }
    await #expect(throws: ServerError.unknownJob("job_x")) { try await folder.service.stopDownload("job_x") }
  }

  private func tokens(_ service: APIService, _ name: String) async throws -> Int {
    guard case .json(let json) = try await service.countTokens(body(name), Exchange(client: "a")) else {
      Issue.record("a stream that was not asked for")
      return 0
    }
    return json["input_tokens"]?.intValue ?? 0
  }

  private func body(_ name: String) -> [UInt8] {
    let body: JSONValue = ["model": .string(name), "messages": [["role": "user", "content": "x"]]]
    return Array(body.text.utf8)
  }
}

/// A library in a folder of its own, removed with the object.
final class Models {
  let root: String
  let host: ModelHost
  let models: HostedModels
  let service: APIService

  /// - Parameter files: `PUBLISHER/NAME/FILE` of each model, beside the small one.
  init(_ files: [String]) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "served-\(UUID().uuidString)").path
    for (index, file) in (files + ["../assistant"]).enumerated() {
      let path = URL(filePath: "\(root)/own/\(file).gguf").standardizedFileURL
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try SyntheticModel(shape: .tiny, vocabulary: .builtIn, seed: UInt64(index)).write(to: path.path)
    }
    let library = ModelLibrary(
      folders: ModelFolders(own: "\(root)/own"), packaged: ["assistant": "\(root)/assistant.gguf"],
      environment: [:])
    var options = HostingOptions()
    options.load = LoadOptions(weights: .mapped, threads: 2, contextLength: 256)
    options.acceptsPaths = false
    host = ModelHost(library: library, options: options)
    models = HostedModels(host)
    service = APIService(
      models: models, admission: Admission(parallel: 2, queueLimit: 2), store: ResponseStore(),
      metrics: Metrics())
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }
}
