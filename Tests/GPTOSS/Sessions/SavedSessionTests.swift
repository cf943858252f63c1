import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSSynthesis
import GPTOSSTokenizer
import Testing

struct SavedSessionTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "gptoss-sessions-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  @Test func aSavedSessionGoesOnToTheSameTokens() async throws {
    defer { cleanUp() }
    let options = ActOptions(temperature: 0, maximumTokens: 40, logProbabilities: 2)
    let (model, _) = try await ScriptedModel.load([
      Output.call("echo", #"{"text":"a"}"#, analysis: "Hm."), Output.answer("A."),
    ])
    let session = ChatSession(
      model: model, instructions: "Be brief.", tools: [Echo()], reasoningEffort: .high,
      overflow: .truncateMiddle)
    _ = try await session.respond(to: "Echo a")
    try session.save(to: path("session"))
    let expected = try await session.respond(to: "And now?", options: options)

    let other = try await RandomModel.load()
    let resumed = try ChatSession.load(from: path("session"), model: other, tools: [Echo()])
    #expect(
      resumed.reasoningEffort == .high && resumed.instructions == "Be brief."
        && resumed.overflow == .truncateMiddle)
    let actual = try await resumed.respond(to: "And now?", options: options)
    #expect(actual.tokens == expected.tokens)
    #expect(resumed.transcript == session.transcript)
  }

  @Test func urlsAreTakenLikePaths() async throws {
    defer { cleanUp() }
    let file = folder.appending(path: "model.gguf")
    try SyntheticModel(shape: .tiny, vocabulary: .builtIn, seed: 11).write(to: file)
    let model = try await LanguageModel.load(contentsOf: file, options: LoadOptions(threads: 2))
    let session = ChatSession(model: model, transcript: Transcript([Message(.user, "Hi")]))
    let saved = folder.appending(path: "a session with spaces")
    try session.save(to: saved)
    #expect(try ChatSession.load(from: saved, model: model).transcript.messages.map(\.text) == ["Hi"])
    #expect(FileManager.default.fileExists(atPath: saved.path))

    let page = try #require(URL(string: "https://example.org/model.gguf"))
    let loading = await #expect(throws: GPTOSSError.self) { try await LanguageModel.load(contentsOf: page) }
    guard case .file(let error)? = loading, error.reason == .notAFileURL else {
      Issue.record("\(String(describing: loading))")
      return
    }
    #expect("\(error)".contains("https://example.org/model.gguf"))
    #expect(throws: GPTOSSError.self) { try session.save(to: page) }
    #expect(throws: GPTOSSError.self) { try ChatSession.load(from: page, model: model) }
    #expect(throws: SynthesisError.self) { try SyntheticModel(shape: .tiny).write(to: page) }
  }

  @Test func whatCannotBeWrittenIsSaidInWords() async throws {
    defer { cleanUp() }
    let session = ChatSession(model: try await RandomModel.load())
    let error = #expect(throws: GPTOSSError.self) { try session.save(to: path("no/such/folder/session")) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("No such file or directory") && !text.contains("system("), "\(text)")
  }

  @Test func whatIsOnDiskIsChecked() async throws {
    defer { cleanUp() }
    let (model, _) = try await ScriptedModel.load([Output.answer("Hi.")])
    let session = ChatSession(model: model)
    _ = try await session.respond(to: "Hello")
    try session.save(to: path("session"))
    let data = try Data(contentsOf: URL(filePath: path("session")))
    for offset in stride(from: 0, to: data.count, by: 7) {
      var damaged = data
      damaged[offset] ^= 4
      try damaged.write(to: URL(filePath: path("damaged")))
      #expect(throws: GPTOSSError.self, "byte \(offset)") {
        try ChatSession.load(from: path("damaged"), model: model)
      }
    }
    for length in [0, 1, 20, data.count - 1] {
      try data.prefix(length).write(to: URL(filePath: path("short")))
      #expect(throws: GPTOSSError.self) { try ChatSession.load(from: path("short"), model: model) }
    }
    #expect(throws: GPTOSSError.self) { try ChatSession.load(from: path("missing"), model: model) }
    #expect(throws: GPTOSSError.self) { try session.save(to: path("no/such/folder")) }
    // A device or a pipe of that name is not replaced by a file.
    try #require(mkfifo(path("pipe"), 0o600) == 0)
    #expect(throws: GPTOSSError.self) { try session.save(to: path("pipe")) }
    #expect(
      try FileManager.default.attributesOfItem(atPath: path("pipe"))[.type] as? FileAttributeType
        != .typeRegular)
  }

  @Test func aFileIsReplacedOnlyIfItMayBe() async throws {
    defer { cleanUp() }
    let (model, _) = try await ScriptedModel.load([])
    let session = ChatSession(model: model)
    try session.save(to: path("session"), isOverwriting: false)
    try session.save(to: path("session"))
    let data = Data("kept".utf8)
    try data.write(to: URL(filePath: path("other")))
    #expect(throws: GPTOSSError.self) { try session.save(to: path("other"), isOverwriting: false) }
    #expect(try Data(contentsOf: URL(filePath: path("other"))) == data)
  }

  /// What is wrong is said in the system's words, and a device is not read at all.
  @Test(arguments: [
    ("missing", "No such file or directory"), (".", "it is a folder, not a file"),
    ("zero", "it is a device, not a file"),
  ])
  func whatCannotBeReadIsSaid(_ name: String, _ words: String) async throws {
    defer { cleanUp() }
    let (model, _) = try await ScriptedModel.load([])
    try FileManager.default.createSymbolicLink(atPath: path("zero"), withDestinationPath: "/dev/zero")
    do {
      _ = try ChatSession.load(from: path(name), model: model)
      Issue.record("\(name) was loaded")
    } catch {
      guard case .savedSession(_, .unreadable(let reason)) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(reason == words)
    }
  }

  /// What is said is nobody else's business, whatever the file that it replaces was.
  @Test func aSessionIsForItsOwnerAlone() async throws {
    defer { cleanUp() }
    let (model, _) = try await ScriptedModel.load([])
    try Data("old".utf8).write(to: URL(filePath: path("session")))
    try #require(chmod(path("session"), 0o644) == 0)
    try ChatSession(model: model).save(to: path("session"))
    let attributes = try FileManager.default.attributesOfItem(atPath: path("session"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  /// A file with a right checksum may still say what cannot be.
  @Test(
    arguments: [
      ("\"omittedTurns\":0", "\"omittedTurns\":-1", "it leaves out -1 of 1 turns"),
      (
        "\"omittedTurns\":0", "\"omittedTurns\":9223372036854775807",
        "it leaves out 9223372036854775807 of 1 turns"
      ),
      ("\"omittedTurns\":0", "\"omittedTurns\":2", "it leaves out 2 of 1 turns"),
      ("\"medium\"", "\"much\"", "it has the unknown reasoning effort \"much\""),
    ])
  func whatCannotBeIsRefused(_ old: String, _ new: String, _ words: String) async throws {
    defer { cleanUp() }
    let (model, _) = try await ScriptedModel.load([Output.answer("Hi.")])
    let session = ChatSession(model: model)
    _ = try await session.respond(to: "Hello")
    try session.save(to: path("session"))
    let text = try String(contentsOfFile: path("session"), encoding: .utf8)
    let body = text.split(separator: "\n", maxSplits: 1)[1].replacing(old, with: new)
    try #require(body.contains(new))
    for (version, isKnown) in [("1", true), ("0", false), ("-1", false), ("2", false)] {
      let file = "gptoss-session \(version) \(Self.checksum(body.utf8))\n\(body)"
      try Data(file.utf8).write(to: URL(filePath: path("changed")))
      do {
        _ = try ChatSession.load(from: path("changed"), model: model)
        Issue.record("version \(version) with \(new) was loaded")
      } catch {
        guard case .savedSession(_, let fault) = error else {
          Issue.record("\(error)")
          continue
        }
        let expected: SavedSessionFault =
          isKnown ? .damaged(reason: words) : version == "2" ? .laterVersion(2) : .notASession
        #expect(fault == expected)
      }
    }
  }

  /// FNV-1a of 64 bits, as the file has it.
  private static func checksum(_ bytes: some Sequence<UInt8>) -> String {
    let value = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  @Test func aSessionOfAnotherModelIsRefused() async throws {
    defer { cleanUp() }
    let (model, _) = try await ScriptedModel.load([Output.answer("Hi.")])
    let session = ChatSession(model: model)
    _ = try await session.respond(to: "Hello")
    try session.save(to: path("session"))
    try SyntheticModel(shape: .tiny, vocabulary: .builtIn, seed: 12).write(to: path("other.gguf"))
    let other = try await LanguageModel.load(contentsOf: path("other.gguf"))
    do {
      _ = try ChatSession.load(from: path("session"), model: other)
      Issue.record("a session of other weights was loaded")
    } catch {
      guard case .savedSession(_, .otherModel) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  /// Breaks when a conversation cannot move between a server and this machine, or does so to a model to which
  /// its tokens are other texts.
  @Test func aRemoteModelNeedsTheSameVocabularyOnly() async throws {
    defer { cleanUp() }
    let (model, _) = try await ScriptedModel.load([Output.answer("Hi.")])
    let local = ChatSession(model: model)
    _ = try await local.respond(to: "Hello")
    try local.save(to: path("local"))
    let server = Elsewhere(model.tokenizer)
    let remote = try ChatSession.load(from: path("local"), model: server)
    #expect(remote.transcript == local.transcript)
    try remote.save(to: path("remote"))
    let back = try ChatSession.load(from: path("remote"), model: model)
    #expect(back.transcript == local.transcript)
    let elsewhere = try ChatSession.load(from: path("remote"), model: Elsewhere(model.tokenizer))
    #expect(elsewhere.transcript == local.transcript)

    // As many tokens, and each of them another byte.
    let bytes = (UInt8.min...UInt8.max).map { ByteAlphabet.spell([255 - $0]) }
    let padding = (bytes.count..<model.tokenizer.vocabulary.count).map { "<|\($0)|>" }
    let types = [Int32](repeating: 1, count: bytes.count) + [Int32](repeating: 3, count: padding.count)
    let vocabulary = try Vocabulary(tokens: bytes + padding, tokenTypes: types, merges: [])
    do {
      _ = try ChatSession.load(from: path("local"), model: Elsewhere(Tokenizer(vocabulary: vocabulary)))
      Issue.record("a session of other tokens was loaded")
    } catch {
      let fault = SavedSessionFault.otherVocabulary(saved: model.profile.name, current: "there (remote)")
      guard case .savedSession(_, fault) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func aTranscriptIsCodable() async throws {
    let (model, _) = try await ScriptedModel.load([
      Output.call("echo", #"{"text":"ü"}"#, analysis: "Hm."), Output.answer("Ü."),
    ])
    let session = ChatSession(model: model, tools: [Echo()])
    _ = try await session.respond(to: "Echo ü")
    let data = try JSONEncoder().encode(session.transcript)
    #expect(try JSONDecoder().decode(Transcript.self, from: data) == session.transcript)
  }

  /// Breaks when a transcript that begins with its own instructions loses them, or the order of a schema's
  /// keys.
  @Test func aTranscriptKeepsWhatIsNoText() throws {
    let tool = ToolDescription(name: "now", description: "", parameters: ["type": "object", "b": 1, "a": 2])
    let transcript = Transcript([
      .system(SystemContent(reasoningEffort: .high)),
      .developer(DeveloperContent(instructions: "Be brief.", functions: [tool])), Message(.user, "Hi"),
    ])
    let data = try JSONEncoder().encode(transcript)
    #expect(try JSONDecoder().decode(Transcript.self, from: data) == transcript)
  }

  private func cleanUp() { try? FileManager.default.removeItem(at: folder) }
}

/// A model that a server runs, as far as saved sessions can tell.
private final class Elsewhere: TokenModel {
  let tokenizer: Tokenizer
  let profile: ModelProfile

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    profile = ModelProfile(
      name: "there", fingerprint: "\(UUID())", contextLength: 1000,
      vocabularyCount: tokenizer.vocabulary.count, isRemote: true)
  }

  func measure(_ entries: inout [Transcript.Entry]) {
    for index in entries.indices { entries[index].tokenCount = entries[index].message.text.count }
  }

  func write(_ request: ModelRequest, to channel: ModelChannel) throws { throw CancellationError() }

  func generate(from prompt: [TokenID], options: GenerationOptions) -> EventStream<GenerationEvent> {
    EventStream { _ in throw CancellationError() }
  }

  func generate(
    from prompt: [TokenID], answering request: ModelRequest
  ) -> EventStream<GenerationEvent> {
    EventStream { _ in throw CancellationError() }
  }
}
