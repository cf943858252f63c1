import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSSynthesis
import GPTOSSTokenizer
import Testing

/// How many passes realistic answers need, with the vocabulary of gpt-oss.
///
/// What a trained model would write is given as a script; what is forced and guessed is as ever.
@Suite(.enabled(if: TestVocabulary.real != nil, "the vocabulary is not here"))
struct FewerPassesTests {
  /// Schemas as apps have them, and an answer to each.
  static let cases: [(schema: JSONValue, answer: String)] = [
    (
      object([("city", text), ("country", text), ("population", ["type": "integer"])]),
      #"{"city": "Kyoto", "country": "Japan", "population": 1463723}"#
    ),
    (
      object([("departure_airport", text), ("arrival_airport", text), ("departure_date", date)]),
      #"{"departure_airport": "KIX", "arrival_airport": "LHR", "departure_date": "2026-05-04"}"#
    ),
    (
      object([("sentiment", choice(["positive", "negative", "neutral"])), ("confidence", number)]),
      #"{"sentiment": "positive", "confidence": 0.93}"#
    ),
    (
      object([("title", text), ("preparation_minutes", integer), ("ingredients", list(text))]),
      #"{"title": "Pancakes", "preparation_minutes": 20, "ingredients": ["flour", "milk", "eggs"]}"#
    ),
    (
      object([
        ("invoice_number", text), ("total_amount", number), ("currency", choice(["EUR", "USD", "JPY"])),
      ]),
      #"{"invoice_number": "A-1043", "total_amount": 129.5, "currency": "EUR"}"#
    ),
    (
      object([("first_name", text), ("last_name", text), ("email_address", text), ("is_subscribed", boolean)]
      ),
      #"{"first_name": "Ada", "last_name": "Lovelace", "email_address": "ada@example.org", "is_subscribed": true}"#
    ),
    (
      object([("intent", choice(["create_ticket", "close_ticket", "escalate"])), ("ticket_id", integer)]),
      #"{"intent": "close_ticket", "ticket_id": 4711}"#
    ),
    (
      object([("language", text), ("is_translation_needed", boolean)]),
      #"{"language": "Dutch", "is_translation_needed": false}"#
    ),
    (
      object([("file_path", text), ("start_line", integer), ("end_line", integer), ("replacement", text)]),
      #"{"file_path": "Sources/main.swift", "start_line": 10, "end_line": 12, "replacement": "print(1)"}"#
    ),
    (
      object([("query", text), ("maximum_results", integer), ("include_archived", boolean)]),
      #"{"query": "unpaid invoices", "maximum_results": 20, "include_archived": false}"#
    ),
  ]

  private static let text: JSONValue = ["type": "string"]
  private static let integer: JSONValue = ["type": "integer"]
  private static let number: JSONValue = ["type": "number"]
  private static let boolean: JSONValue = ["type": "boolean"]
  private static let date: JSONValue = ["type": "string", "format": "date"]

  private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }
  private static func choice(_ values: [String]) -> JSONValue { ["enum": .array(values.map { .string($0) })] }

  private static func object(_ properties: [(String, JSONValue)]) -> JSONValue {
    [
      "type": "object", "properties": .object(JSONObject(properties.map { (key: $0.0, value: $0.1) })),
      "required": .array(properties.map { .string($0.0) }), "additionalProperties": false,
    ]
  }

  /// A tiny model with gpt-oss's vocabulary that writes what it is told.
  private struct Writer {
    let model: LanguageModel
    private let script = Box<[TokenID]>([])

    init() async throws {
      var options = LoadOptions(threads: 2)
      options.script = { [script] _ in script.value }
      // What 20b reads.
      options.passCost = { count in 1.3 + 10.16 * (1 - pow(28.0 / 32, Double(count))) }
      model = try await LanguageModel.load(contentsOf: modelPath.get(), options: options)
    }

    func write(
      _ output: String, _ prompt: String, _ developer: DeveloperContent = DeveloperContent(),
      _ change: (inout ResponseOptions) -> Void = { _ in }
    ) async throws -> GenerationStatistics {
      let tokens = model.tokenizer.encode(output, specialTokens: .allowAll)
      script.change { $0 = tokens }
      var options = ResponseOptions(loopGuard: nil)
      change(&options)
      let conversation = Conversation([
        .system(SystemContent()), .developer(developer), Message(.user, prompt),
      ])
      let events = model.respond(to: conversation, options: options)
      guard case .finished(let response) = try await events.last() else {
        preconditionFailure("the last event has the answer")
      }
      #expect(response.repairs.isEmpty && response.tokens == tokens, "\(output)")
      return response.statistics
    }
  }

  private static let modelPath = Result {
    let folder = ProcessInfo.processInfo.environment["GPTOSS_SHARED"] ?? "../shared"
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("gptoss-o200k-\(UUID()).gguf")
      .path
    let vocabulary = try SyntheticVocabulary(tiktoken: "\(folder)/data/o200k_base.tiktoken")
    try SyntheticModel(shape: .tiny, vocabulary: vocabulary, seed: 3).write(to: path)
    return path
  }

  /// Ten typed answers and ten calls, from forced tokens alone.
  @Test func typedAnswersAndCallsNeedFewerPasses() async throws {
    let writer = try await Writer()
    var (tokens, passes) = (0, 0)
    for (schema, answer) in Self.cases {
      let typed = try await writer.write(Output.answer(answer), "Go on") {
        $0.format = .schema(schema)
        $0.lookahead = .off
      }
      let tool = ToolDescription(name: "submit_result", description: "Takes it.", parameters: schema)
      let call = try await writer.write(
        Output.call("submit_result", answer), "Go on", DeveloperContent(functions: [tool])
      ) {
        $0.toolChoice = .required
        $0.lookahead = .off
      }
      for figures in [typed, call] {
        tokens += figures.generatedTokens
        passes += figures.passes
      }
    }
    #expect(Double(tokens) / Double(passes) >= 1.3, "\(tokens) tokens, \(passes) passes")
  }

  /// A document that comes back with one change: what is copied is guessed.
  @Test func copiesNeedFewerPasses() async throws {
    let document = Self.cases.map(\.answer).joined(separator: "\n")
    let changed = document.replacingOccurrences(of: "Lovelace", with: "Byron")
    let figures = try await Writer()
      .write(Output.answer(changed), "Change the last name to Byron:\n\n" + document)
    #expect(figures.passes * 5 < figures.generatedTokens, "\(figures)")
    #expect(figures.acceptedTokens * 10 > figures.draftedTokens * 8, "\(figures)")
  }

  /// A text that repeats nothing is not guessed at.
  @Test func whatIsNewIsNotGuessed() async throws {
    let text =
      "Sixteen quick foxes jump over lazy brown dogs while nine vivid zebras graze by the old mill pond."
    let figures = try await Writer().write(Output.answer(text), "Say something new")
    #expect(figures.draftedTokens == 0)
  }
}
