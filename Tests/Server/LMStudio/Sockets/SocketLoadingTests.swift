import GPTOSS
import GPTOSSHosting
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Models by name over a session, from a library of small random models.
///
/// Breaks when an SDK cannot load, name, count or unload what is there.
struct SocketLoadingTests {
  @Test func aModelIsLoadedOnFirstUse() async throws {
    let folder = try Models(["me/mine/mine"])
    let client = TestClient(.llm, folder.sockets)
    client.open("getOrLoad", ["identifier": "me/mine", "loadTtlMs": 60000], id: 1)
    var messages = await client.messages(on: 1)
    try SDKShape.check(client.frames)
    #expect(messages.first?["type"] == "startLoading" && messages.last?["type"] == "loadSuccess")
    let progress = messages.filter { $0["type"] == "loadProgress" }.map { $0["progress"] }
    #expect(progress.first == 0.0 && progress.last == 1.0)
    let info = try #require(messages.last?["info"])
    #expect(info["identifier"] == "me/mine" && info["contextLength"] == 256 && info["ttlMs"] == 60000)
    client.open("getOrLoad", ["identifier": "mine"], id: 2)
    messages = await client.messages(on: 2)
    #expect(messages.map { $0["type"] } == ["alreadyLoaded"])
    client.open("getOrLoad", ["identifier": "no/such"], id: 3)
    messages = await client.messages(on: 3)
    #expect(messages.last?["displayData"]?["code"] == "generic.pathNotFound")
    #expect(messages.last?["title"]?.stringValue?.contains("no/such") == true)
    #expect(folder.host.instances.count == 1)
  }

  @Test func instancesAreNamedAndUnloaded() async throws {
    let folder = try Models(["me/mine/mine"])
    let client = TestClient(.llm, folder.sockets)
    let configuration = JSONValue.stack([("llm.load.contextLength", 128), ("llm.load.seed", 1)])
    let load: JSONValue = ["modelKey": "me/mine", "identifier": "a", "loadConfigStack": configuration]
    client.open("loadModel", load, id: 1)
    let info = try #require(await client.messages(on: 1).last?["info"])
    #expect(info["identifier"] == "a" && info["contextLength"] == 128 && info["ttlMs"] == .null)
    client.open("loadModel", load, id: 2)
    #expect(await client.messages(on: 2).last?["title"] != nil, "the identifier is taken")
    client.open("loadModel", ["modelKey": "mine"], id: 3)
    #expect(await client.messages(on: 3).last?["info"]?["identifier"] == "me/mine")
    #expect(await client.call("listLoaded", id: 1)["result"]?.arrayValue?.count == 2)
    let reference = try #require(info["instanceReference"])
    let specifier: JSONValue = ["type": "instanceReference", "instanceReference": reference]
    let fields = await client.call("getLoadConfig", ["specifier": specifier], id: 2)["result"]?["fields"]
    #expect(fields == [["key": "llm.load.contextLength", "value": 128]])
    let missing: JSONValue = [
      "specifier": ["type": "query", "query": ["identifier": "ghost"]], "throwIfNotFound": false,
    ]
    #expect(await client.call("getModelInfo", missing, id: 3) == ["type": "rpcResult", "callId": 3])
    let any: JSONValue = ["specifier": ["type": "query", "query": [:]], "throwIfNotFound": true]
    #expect(await client.call("getModelInfo", any, id: 4)["result"]?["identifier"] == "a")
    #expect(
      await client.call("unloadModel", ["identifier": "a"], id: 5) == ["type": "rpcResult", "callId": 5])
    let gone = await client.call("unloadModel", ["identifier": "a"], id: 6)["error"]
    #expect(gone?["displayData"]?["code"] == "generic.identifierNotFound")
    let unloaded = await client.call("getLoadConfig", ["specifier": specifier], id: 7)["error"]
    #expect(unloaded?["displayData"]?["code"] == "generic.specificModelUnloaded")
    try SDKShape.check(client.frames)
  }

  /// A program that outlives a restart of the server keeps its handle.
  @Test func aHandleOfAnEarlierServerLoadsAgain() async throws {
    let folder = try Models(["me/mine/mine"])
    let first = TestClient(.llm, folder.sockets)
    first.open("getOrLoad", ["identifier": "me/mine"], id: 1)
    let reference = try #require(await first.messages(on: 1).last?["info"]?["instanceReference"])
    let other = try Models(["me/mine/mine"])
    let second = TestClient(.llm, other.sockets)
    let specifier: JSONValue = ["type": "instanceReference", "instanceReference": reference]
    let tokens = await second.call("tokenize", ["specifier": specifier, "inputString": "Hello"], id: 9)
    #expect(tokens["result"]?["tokens"]?.arrayValue?.isEmpty == false, "\(tokens.text)")
    #expect(other.host.instances.map(\.identifier) == ["me/mine"])
  }

  @Test func textIsCounted() async throws {
    let folder = try Models(["me/mine/mine"])
    let client = TestClient(.llm, folder.sockets)
    client.open("getOrLoad", ["identifier": "me/mine"], id: 1)
    _ = await client.messages(on: 1)
    let specifier: JSONValue = ["type": "query", "query": ["identifier": "me/mine"]]
    let parameter: JSONValue = ["specifier": specifier, "inputString": "Hello, world"]
    let tokens = await client.call("tokenize", parameter, id: 1)["result"]?["tokens"]?.arrayValue
    let count = await client.call("countTokens", parameter, id: 2)["result"]?["tokenCount"]?.intValue
    #expect(count == tokens?.count && count ?? 0 > 0)
    let template: JSONValue = [
      "specifier": specifier, "predictionConfigStack": ["layers": []], "opts": [:],
      "history": ["messages": [["role": "user", "content": [["type": "text", "text": "Hi"]]]]],
    ]
    let formatted = await client.call("applyPromptTemplate", template, id: 3)["result"]?["formatted"]
    let text = formatted?.stringValue ?? ""
    #expect(text.hasPrefix("<|start|>system") && text.hasSuffix("<|message|>Hi<|end|><|start|>assistant"))
    for endpoint in ["getBasePredictionConfig", "getInstanceProcessingState"] {
      #expect(await client.call(endpoint, ["specifier": specifier], id: endpoint.count)["result"] != nil)
    }
  }

  /// A question without an answer leaves the TypeScript SDK waiting for ever.
  @Test func whatThereIsNotIsRefused() async throws {
    let folder = try Models([])
    for namespace in SocketNamespace.allCases {
      let client = TestClient(namespace, folder.sockets)
      #expect(await client.call("nothing", id: 1)["error"]?["title"] != nil, "\(namespace)")
      client.open("nothing", [:], id: 2)
      #expect(await client.messages(on: 2).last?["title"] != nil, "\(namespace)")
    }
    let embedding = TestClient(.embedding, folder.sockets)
    #expect(await embedding.call("listLoaded", id: 1)["result"] == [])
    embedding.open("getOrLoad", ["identifier": "nomic"], id: 1)
    #expect(await embedding.messages(on: 1).last?["displayData"]?["code"] == "generic.pathNotFound")
    let system = TestClient(.system, folder.sockets)
    #expect(await system.call("listDownloadedModels", id: 1)["result"]?.arrayValue?.count == 1)
    #expect(await system.call("version", id: 2)["result"]?["version"]?.stringValue?.isEmpty == false)
  }
}

extension Models {
  /// The service for sockets over these models.
  var sockets: SocketService { SocketService(service, apiKey: nil) }
}
