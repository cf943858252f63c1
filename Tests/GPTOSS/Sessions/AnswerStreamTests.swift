import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import Testing

/// Typed answers while they are written.
struct AnswerStreamTests {
  private struct Recipe: Decodable, Equatable {
    enum Level: String, Decodable, CaseIterable { case easy, hard }
    var title: String
    var level: Level
    var minutes: Int
    var steps: [String]
  }

  private struct Draft: Decodable { var title: String?; var minutes: Int?; var steps: [String]? }

  private static let text =
    #"{"title": "Pan\u0063akes", "level": "easy", "minutes": 20, "steps": ["Mix.", "Bake."]}"#

  private static func partials(
    _ outputs: [String], tools: [any Tool] = []
  ) async throws -> [PartialAnswer<Recipe>] {
    let (model, _) = try await ScriptedModel.load(outputs)
    let session = ChatSession(model: model, tools: tools)
    var partials: [PartialAnswer<Recipe>] = []
    for try await partial in session.streamResponse(to: "Pancakes", generating: Recipe.self) {
      partials.append(partial)
    }
    return partials
  }

  @Test func theValueGrows() async throws {
    let partials = try await Self.partials([Output.answer(Self.text, analysis: "Pancakes.")])
    let whole = Recipe(title: "Pancakes", level: .easy, minutes: 20, steps: ["Mix.", "Bake."])
    #expect(partials.count > 10)
    #expect(partials.last?.value == whole && partials.last?.response?.answer == Self.text)
    #expect(partials.dropLast().allSatisfy { $0.response == nil })
    for (before, after) in zip(partials, partials.dropFirst()) {
      #expect(before.json.isBeginning(of: after.json), "\(before.json) then \(after.json)")
      #expect(before.value == nil || after.value != nil)
    }
    #expect(partials.contains { $0.json["title"] == "Pan" }, "an open string is there as far as it came")
    let levels = Set(partials.compactMap { $0.json["level"]?.stringValue })
    #expect(levels == ["easy"], "one of a few values is there when it is whole")
    #expect(Set(partials.compactMap { $0.json["minutes"]?.text }) == ["20"], "and so is a number")
    let first = try #require(partials.first { $0.value != nil }?.value)
    #expect(first.title == "Pancakes" && first.steps.isEmpty, "a value as soon as all properties have begun")
    let draft = try #require(partials.first).decode(Draft.self)
    #expect(whole.title.hasPrefix(draft.title ?? "") && draft.minutes == nil && draft.steps == nil)
  }

  @Test func whatIsSaidBeforeACallIsNoPartOfTheValue() async throws {
    let partials = try await Self.partials(
      [
        "<|channel|>commentary<|message|>{\"title\": \"no\"} <|end|><|start|>assistant"
          + Output.call("echo", #"{"text":"a"}"#),
        Output.answer(Self.text),
      ], tools: [Echo()])
    #expect(partials.allSatisfy { $0.json["title"] != "no" })
    #expect(partials.last?.response?.rounds == 2 && partials.last?.value?.minutes == 20)
  }

  @Test func aSchemaGivesJSON() async throws {
    let (model, _) = try await ScriptedModel.load([Output.answer(#"["a", "b"]"#)])
    let session = ChatSession(model: model)
    var last: JSONValue?
    for try await partial in session.streamResponse(
      to: "A list", schema: ["type": "array", "items": ["type": "string"]])
    {
      #expect(partial.value == partial.json)
      last = partial.value
    }
    #expect(last == ["a", "b"])
  }

  @Test func aLongAnswerIsNotReadAnewWithEveryToken() async throws {
    let items = (0..<600).map { "\"item \($0)\"" }.joined(separator: ",")
    let (model, _) = try await ScriptedModel.load([Output.answer("[\(items)]")])
    let session = ChatSession(model: model)
    var (count, size) = (0, 0)
    for try await partial in session.streamResponse(
      to: "A list", schema: ["type": "array", "items": ["type": "string"]],
      options: ActOptions(loopGuard: nil))
    {
      count += 1
      size = partial.json.arrayValue?.count ?? 0
    }
    #expect(size == 600)
    #expect(count < 2000, "\(count) times for 600 items and thousands of tokens")
  }

  /// A value that is asked for is one, also when the model runs in circles.
  @Test func anAnswerThatRepeatsItselfIsClosed() async throws {
    struct Note: Decodable { var title: String; var minutes: Int }
    let text = #"{"title": "Pancakes"# + String(repeating: " and so on", count: 500)
    let (model, _) = try await ScriptedModel.load([Output.answer(text), Output.answer(text)])
    let session = ChatSession(model: model)
    let whole = try await session.respond(to: "Pancakes", generating: Note.self)
    #expect(whole.value.title.hasPrefix("Pancakes and so on") && whole.value.title.count < 3000)
    #expect(whole.response.statistics.stopReason == .repetition)
    var last: Note?
    for try await partial in session.streamResponse(to: "Pancakes", generating: Note.self) {
      last = partial.value
    }
    #expect(last?.title == whole.value.title)
  }

  @Test func aTypeWithoutSchemaIsAnError() async throws {
    struct Tree: Decodable { var children: [Tree] }
    let session = ChatSession(model: try await RandomModel.load())
    await #expect(throws: GPTOSSError.self) {
      for try await _ in session.streamResponse(to: "A tree", generating: Tree.self) {}
    }
    #expect(session.transcript.messages.isEmpty)
  }

  @Test func aTypeThatRefusesWhatFitsItsSchemaIsAnError() async throws {
    struct Even: Decodable {
      var number: Int
      init(from decoder: any Decoder) throws {
        enum Key: CodingKey { case number }
        number = try decoder.container(keyedBy: Key.self).decode(Int.self, forKey: .number)
        if number % 2 != 0 {
          throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "odd"))
        }
      }
    }
    let (model, _) = try await ScriptedModel.load([Output.answer(#"{"number": 3}"#)])
    let error = await #expect(throws: GPTOSSError.self) {
      for try await partial in ChatSession(model: model).streamResponse(to: "Even", generating: Even.self) {
        #expect(partial.value == nil)
      }
    }
    guard case .answer? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

extension JSONValue {
  /// Whether another value is this one with more in it.
  fileprivate func isBeginning(of other: JSONValue) -> Bool {
    switch (self, other) {
    case (.string(let left), .string(let right)): right.hasPrefix(left)
    case (.array(let left), .array(let right)):
      left.count <= right.count && zip(left, right).allSatisfy { $0.isBeginning(of: $1) }
    case (.object(let left), .object(let right)):
      right.keys.starts(with: left.keys)
        && zip(left.entries, right.entries).allSatisfy { $0.value.isBeginning(of: $1.value) }
    default: self == other
    }
  }
}
