import Foundation
import GPTOSS
import GPTOSSKernels
import GPTOSSTokenizer
import Testing

/// What outlives the process: a model that is loaded anew with the same cache folder stands for another process.
///
/// Breaks when another token comes than without the folder, when something is read again that was kept, or when
/// a folder that cannot be used costs an answer.
struct PrefixCacheTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "gptoss-prefixes-\(UUID())")

  private static let options = GenerationOptions(
    temperature: 0, maximumTokens: 40, stopTokens: [], loopGuard: nil, logProbabilities: 3)

  private struct Result: Equatable {
    var tokens: [GeneratedToken] = []
    var statistics = GenerationStatistics(stopReason: .maximumTokens, seed: 0)
  }

  private func load(
    kernels: KernelSetName? = nil, precision: Precision = .fast, element: CacheElement? = nil,
    memory: Int? = nil, limit: Int = 1 << 30, in subfolder: String = "",
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> LanguageModel {
    var options = LoadOptions(
      kernels: kernels, precision: precision, threads: 2, cacheElement: element, cacheByteLimit: memory,
      cacheDirectory: folder.path + subfolder, cacheDirectoryByteLimit: limit)
    options.log = log
    return try await RandomModel.load(options)
  }

  private static func generate(_ model: LanguageModel, _ prompt: TokenizedPrompt) async throws -> Result {
    let result = Box(Result())
    try await model.generate(
      GenerationRequest(prompt: prompt, options: options) { event in
        switch event {
        case .token(let token): result.change { $0.tokens.append(token) }
        case .finished(_, let statistics): result.change { $0.statistics = statistics }
        case .prompt: break
        }
        return nil
      })
    await model.finishKeeping()
    return result.value
  }

  private static func prompt(_ pieces: [Int]...) -> TokenizedPrompt {
    var prompt = TokenizedPrompt()
    for piece in pieces {
      prompt.append(piece)
      prompt.markCheckpoint()
    }
    return prompt
  }

  private static func tokens(_ count: Int, _ seed: Int) -> [Int] {
    (0..<count).map { ($0 * 7 + seed * 31) % 250 }
  }

  private func files() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey])
      .sorted { $0.path < $1.path }
  }

  private func byteCount() throws -> Int {
    try files().reduce(0) { $0 + (try $1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
  }

  private func cleanUp() { try? FileManager.default.removeItem(at: folder) }

  private static let (head, first, second) = (tokens(500, 1), tokens(90, 2), tokens(70, 3))

  @Test(arguments: Precision.allCases, [KernelSetName.reference, .portable])
  func anotherProcessGoesOnWhereThisOneWas(precision: Precision, kernels: KernelSetName) async throws {
    defer { cleanUp() }
    let fresh = try await RandomModel.load(
      LoadOptions(kernels: kernels, precision: precision, threads: 2, cacheByteLimit: 0))
    let written = try await Self.generate(
      load(kernels: kernels, precision: precision), Self.prompt(Self.head, Self.first))
    #expect(written.statistics.recalledTokens == 0)
    var conversation = Self.prompt(Self.head, Self.first)
    conversation.append(written.tokens.map(\.id), isGenerated: true)
    conversation.append(Self.second)
    let cases: [(TokenizedPrompt, recalled: Int, String)] = [
      (Self.prompt(Self.head, Self.second), 500, "the beginning"),
      (Self.prompt(Self.head, Self.first, Self.second), 590, "a whole prompt"),
      (conversation, 590 + 39, "the answer, but for the token that ended it"),
      (Self.prompt(Self.head, Self.first), 500, "the last token's logits are wanted"),
      (Self.prompt(Array(Self.head[..<400]), Self.second), 0, "no message ends there"),
    ]
    for (prompt, recalled, reason) in cases {
      let result = try await Self.generate(load(kernels: kernels, precision: precision), prompt)
      #expect(result.statistics.recalledTokens == recalled, "\(reason)")
      #expect(result.statistics.cachedTokens == recalled, "\(reason)")
      #expect(try await Self.generate(fresh, prompt).tokens == result.tokens, "to the bit: \(reason)")
    }
  }

  @Test func aSavedSessionNeedNotBeReadAgain() async throws {
    defer { cleanUp() }
    let model = try await load()
    let session = ChatSession(model: model, instructions: "Be brief.")
    let options = ActOptions(temperature: 0, maximumTokens: 30)
    _ = try await session.respond(
      to: String(repeating: "It was a dark night. ", count: 160), options: options)
    await model.finishKeeping()
    let path = folder.path + "-session"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try session.save(to: path)
    let expected = try await session.respond(to: "And now?", options: options)
    let resumed = try ChatSession.load(from: path, model: try await load())
    let actual = try await resumed.respond(to: "And now?", options: options)
    #expect(actual.tokens == expected.tokens)
    #expect(actual.statistics.recalledTokens > 1000, "\(actual.statistics)")
  }

  @Test func otherNumbersAreNotTaken() async throws {
    defer { cleanUp() }
    let prompt = Self.prompt(Self.head, Self.first)
    _ = try await Self.generate(load(kernels: .portable, element: .int16), prompt)
    for (kernels, element) in [(KernelSetName.reference, CacheElement.int16), (.portable, .float16)] {
      let other = try await Self.generate(load(kernels: kernels, element: element), prompt)
      #expect(other.statistics.recalledTokens == 0, "\(kernels) \(element)")
    }
    // A prompt is read otherwise, but not what was generated.
    let fine = try await Self.generate(
      load(kernels: .portable, precision: .precise, element: .int16), prompt)
    #expect(fine.statistics.recalledTokens == 0)
    #expect(fine.statistics.difference == nil, "nothing is shared")
  }

  @Test func aDamagedFileIsNeverBelieved() async throws {
    defer { cleanUp() }
    let prompt = Self.prompt(Self.head, Self.first)
    _ = try await Self.generate(load(), prompt)
    let expected = try await Self.generate(
      RandomModel.load(LoadOptions(threads: 2, cacheByteLimit: 0)), prompt
    ).tokens
    // Remembers nothing itself, and so writes nothing.
    let model = try await load(memory: 0)
    for file in try files() {
      let whole = try Data(contentsOf: file)
      let damages: [Data] =
        stride(from: 0, to: whole.count, by: whole.count / 12).map { offset in
          var damaged = whole
          damaged[offset] ^= 4
          return damaged
        } + [Data(), whole.prefix(15), whole.prefix(whole.count / 2), whole.dropLast(1), whole + [0]]
      for (number, damaged) in damages.enumerated() {
        try damaged.write(to: file)
        let result = try await Self.generate(model, prompt)
        #expect(result.tokens == expected, "damage \(number) of \(file.lastPathComponent)")
        try whole.write(to: file)
      }
    }
    #expect(try await Self.generate(model, prompt).statistics.recalledTokens == 500, "and whole it is read")
  }

  @Test func filesOfOthersAreLeftAlone() async throws {
    defer { cleanUp() }
    _ = try await Self.generate(load(), Self.prompt(Self.head))
    let own = try #require(try files().first).lastPathComponent
    let names = [
      "notes.txt", "\(own).1f00ba5e.partial", "\(own).partial", "x-y.prefix", String(own.dropFirst()),
    ]
    for name in names { try Data("text".utf8).write(to: folder.appending(path: name)) }
    mkfifo(folder.appending(path: "\(own.prefix(17))0123456789abcdef.prefix").path, 0o600)
    symlink("/dev/zero", folder.appending(path: "\(own.prefix(17))0123456789abcde0.prefix").path)
    let result = try await Self.generate(load(), Self.prompt(Self.head, Self.first))
    #expect(result.statistics.recalledTokens == 500)
    let left = Set(try files().map(\.lastPathComponent))
    #expect(left.isSuperset(of: ["notes.txt", "\(own).partial", "x-y.prefix", String(own.dropFirst())]))
    #expect(!left.contains("\(own).1f00ba5e.partial"), "what a killed writer has left")
  }

  @Test func theFolderIsForItsOwnerAlone() async throws {
    defer { cleanUp() }
    _ = try await Self.generate(load(), Self.prompt(Self.head))
    func mode(_ path: String) throws -> Int {
      try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
    #expect(try mode(folder.path) == 0o700)
    for file in try files() { #expect(try mode(file.path) == 0o600) }
  }

  @Test func theFolderIsBounded() async throws {
    defer { cleanUp() }
    _ = try await Self.generate(load(), Self.prompt(Self.head))
    // Two such prompts have room, not three.
    let limit = try byteCount() * 5 / 2
    for seed in 2...6 {
      _ = try await Self.generate(load(limit: limit), Self.prompt(Self.tokens(500, seed)))
      #expect(try byteCount() <= limit)
    }
    let last = try await Self.generate(load(limit: limit), Self.prompt(Self.tokens(500, 6), Self.first))
    #expect(last.statistics.recalledTokens == 500, "what was used last is kept")
    let none = try await Self.generate(load(limit: limit), Self.prompt(Self.tokens(500, 2), Self.first))
    #expect(none.statistics.recalledTokens == 0)
    let tooLittle = try await Self.generate(load(limit: 1), Self.prompt(Self.tokens(500, 9)))
    #expect(tooLittle.tokens.count == 40)
  }

  @Test func aFolderThatCannotBeUsedCostsALine() async throws {
    defer { cleanUp() }
    let expected = try await Self.generate(
      RandomModel.load(LoadOptions(threads: 2, cacheByteLimit: 0)), Self.prompt(Self.head)
    ).tokens
    func lines() async throws -> [String] {
      let lines = Box<[String]>([])
      let model = try await load { line in lines.change { $0.append(line) } }
      for _ in 0..<3 { #expect(try await Self.generate(model, Self.prompt(Self.head)).tokens == expected) }
      return lines.value.filter { !$0.contains("debug build") }
    }
    try Data().write(to: folder)
    #expect(try await lines().count == 1, "a file")
    try FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o777])
    chmod(folder.path, 0o777)
    let told = try await lines()
    #expect(told.count == 1 && told[0].contains("chmod 700"), "\(told)")
    #expect(try files().isEmpty)
  }

  /// Breaks when the line about a folder of somebody else sends people to `chmod`. Root alone can make one.
  @Test(.enabled(if: geteuid() == 0)) func aFolderOfAnotherUserIsNamedSo() async throws {
    defer { cleanUp() }
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try #require(chown(folder.path, 54_321, 54_321) == 0)
    let told = Box<[String]>([])
    let model = try await load { line in told.change { $0.append(line) } }
    _ = try await Self.generate(model, Self.prompt(Self.head))
    #expect(told.value.contains { $0.contains("belongs to the user 54321") && !$0.contains("chmod") })
  }

  /// Breaks when a folder or a pipe under a file's name is taken for a disk that cannot be written, or ends
  /// all keeping.
  @Test func whatHasAFilesNameCostsThatFileAlone() async throws {
    defer { cleanUp() }
    _ = try await Self.generate(load(), Self.prompt(Self.head))
    let own = try #require(try files().first)
    try FileManager.default.removeItem(at: own)
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: false)
    let lines = Box<[String]>([])
    let model = try await load { line in lines.change { $0.append(line) } }
    _ = try await Self.generate(model, Self.prompt(Self.head))
    _ = try await Self.generate(model, Self.prompt(Self.head, Self.first))
    let told = lines.value.filter { !$0.contains("debug build") }
    #expect(told.count == 1 && told[0].contains("\(own.lastPathComponent) is a folder"), "\(told)")
    let result = try await Self.generate(load(), Self.prompt(Self.head, Self.first, Self.second))
    #expect(result.statistics.recalledTokens == 590, "what comes after is kept, with what came before")
  }

  @Test func aFolderThatGoesAwayIsMadeAgain() async throws {
    defer { cleanUp() }
    let lines = Box<[String]>([])
    let model = try await load { line in lines.change { $0.append(line) } }
    _ = try await Self.generate(model, Self.prompt(Self.head))
    cleanUp()
    _ = try await Self.generate(model, Self.prompt(Self.tokens(300, 2)))
    #expect(lines.value.filter { !$0.contains("debug build") }.isEmpty, "\(lines.value)")
    let result = try await Self.generate(load(), Self.prompt(Self.tokens(300, 2), Self.second))
    #expect(result.statistics.recalledTokens == 300)
  }

  @Test func aFolderThatGoesAwayWithItsParentCostsALine() async throws {
    defer { cleanUp() }
    let lines = Box<[String]>([])
    let model = try await load(in: "/cache") { line in lines.change { $0.append(line) } }
    _ = try await Self.generate(model, Self.prompt(Self.head))
    cleanUp()
    for seed in 2...4 {
      let result = try await Self.generate(model, Self.prompt(Self.tokens(300, seed)))
      #expect(result.tokens.count == 40)
    }
    let told = lines.value.filter { !$0.contains("debug build") }
    #expect(told.count == 1 && told[0].contains("No such file"), "\(told)")
  }

  @Test func processesShareAFolder() async throws {
    defer { cleanUp() }
    let fresh = try await RandomModel.load(LoadOptions(threads: 2, cacheByteLimit: 0))
    let prompts = (0..<6).map { Self.prompt(Self.head, Self.tokens(30 + 40 * $0, 8 + $0)) }
    let models = [try await load(), try await load(limit: 400_000), try await load()]
    let results = try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      for (index, prompt) in prompts.enumerated() {
        for model in models { group.addTask { (index, try await Self.generate(model, prompt)) } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for (index, result) in results {
      #expect(
        try await Self.generate(fresh, prompts[index]).tokens == result.tokens, "prompt \(index), to the bit")
    }
  }

  @Test func aMissSaysWhereThePromptDiffers() async throws {
    defer { cleanUp() }
    func ask(_ date: String, _ instructions: String, _ text: String) async throws -> String? {
      let system = Message.system(SystemContent(conversationStartDate: date))
      let developer = Message.developer(DeveloperContent(instructions: instructions))
      let transcript = Transcript([system, developer, Message(.user, text)])
      let model = try await load()
      let session = ChatSession(model: model, transcript: transcript)
      let answer = try await model.act(on: session, tools: [], options: ActOptions(maximumTokens: 2)).last()
      guard case .finished(let response) = answer else { return nil }
      await model.finishKeeping()
      return response.statistics.cacheMiss
    }
    #expect(try await ask("2026-11-29", "Be brief.", "Hello") == nil, "nothing is there yet")
    let cases = [
      ("2026-11-30", "Be brief.", "Hello", "differs: the date in the system message"),
      ("2026-11-29", "Be long.", "Hello", "differs: the instructions in the developer message"),
      ("2026-11-29", "Be brief.", "Good bye", "differs: message 3, role user"),
    ]
    for (date, instructions, text, words) in cases {
      let miss = try #require(try await ask(date, instructions, text))
      #expect(miss.hasSuffix(words) && miss.contains(" tokens reused; token "), "\(miss)")
    }
  }
}
