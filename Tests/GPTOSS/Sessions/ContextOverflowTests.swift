import GPTOSS
import GPTOSSHarmony
import Testing

struct ContextOverflowTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let policy: ContextOverflow
    let lengths: [Int]
    let omitted: Int
    let room: Int
    let kept: [Int]?
    var testDescription: String { "\(policy) \(lengths) in \(room)" }
  }

  static let rows = [
    Row(policy: .stop, lengths: [10, 10], omitted: 0, room: 20, kept: [0, 1]),
    Row(policy: .stop, lengths: [10, 11], omitted: 0, room: 20, kept: nil),
    Row(policy: .dropOldestTurns, lengths: [10, 10, 10], omitted: 0, room: 100, kept: [0, 1, 2]),
    // A quarter more than is needed goes, so that the next turns find room.
    Row(policy: .dropOldestTurns, lengths: [10, 10, 10, 10, 10], omitted: 0, room: 40, kept: [2, 3, 4]),
    // As long as it fits, what was left out last time and no more.
    Row(policy: .dropOldestTurns, lengths: [10, 10, 10, 10, 10], omitted: 1, room: 40, kept: [1, 2, 3, 4]),
    Row(policy: .dropOldestTurns, lengths: [10, 10, 50], omitted: 0, room: 40, kept: nil),
    Row(policy: .dropOldestTurns, lengths: [10, 10, 35], omitted: 0, room: 40, kept: [2]),
    Row(policy: .truncateMiddle, lengths: [10, 10, 10, 10, 10], omitted: 0, room: 40, kept: [0, 3, 4]),
    Row(policy: .truncateMiddle, lengths: [10, 30], omitted: 0, room: 40, kept: [0, 1]),
    Row(policy: .truncateMiddle, lengths: [10, 31], omitted: 0, room: 40, kept: nil),
    Row(policy: .truncateMiddle, lengths: [50], omitted: 0, room: 40, kept: nil),
  ]

  @Test(arguments: rows) func turnsAreLeftOutByThePolicy(row: Row) {
    let (omitted, fits) = row.policy.turnsToOmit(row.lengths, omitted: row.omitted, room: row.room)
    #expect(fits == (row.kept != nil))
    if let kept = row.kept { #expect(row.policy.keptTurns(of: row.lengths.count, omitted: omitted) == kept) }
  }

  @Test(arguments: ContextOverflow.allCases) func aLongConversationGoesOnOrStops(policy: ContextOverflow)
    async throws
  {
    let (model, script) = try await ScriptedModel.load([], contextLength: 700)
    let session = ChatSession(model: model, instructions: "Be brief.", overflow: policy)
    let message = String(repeating: "words and words ", count: 12)
    var answers = 0
    var failure: GPTOSSError?
    for turn in 0..<12 where failure == nil {
      script.append(Output.answer("Answer \(turn)."))
      do {
        answers += try await session.respond(to: "\(turn) " + message).text == "Answer \(turn)." ? 1 : 0
      } catch let error as GPTOSSError { failure = error }
    }
    if policy == .stop {
      guard case .conversationTooLong = failure else {
        Issue.record("stopped by \(String(describing: failure))")
        return
      }
      #expect(answers > 1)
    } else {
      #expect(failure == nil && answers == 12)
      #expect(session.transcript.messages.count == 24, "the transcript keeps everything")
      let prompt = try session.prompt(Toolbox(), ResponseOptions(maximumTokens: 1))
      let text = try model.tokenizer.decodeReplacingInvalid(prompt.tokens)
      #expect(text.contains("Be brief.") && text.contains("11 words"))
      #expect(
        text.contains("0 words and words") == (policy == .truncateMiddle)
          || text.contains("10 words and words"))
      #expect(!text.contains("Answer 4."))
    }
  }

  @Test func aToolLoopKeepsItsTurn() async throws {
    let (model, script) = try await ScriptedModel.load([], contextLength: 1500)
    let session = ChatSession(model: model, tools: [Echo()], overflow: .dropOldestTurns)
    let options = ActOptions(maximumTokens: 120)
    let words = String(repeating: "words and words ", count: 5)
    for turn in 0..<4 {
      script.append(Output.answer("Answer \(turn)."))
      _ = try await session.respond(to: words + words + words, options: options)
    }
    for _ in 0..<3 { script.append(Output.call("echo", "{\"text\":\"\(words)\"}")) }
    script.append(Output.answer("Done."))
    let response = try await session.respond(to: "Three times", options: options)
    #expect(response.rounds == 4 && response.text == "Done.")
    let prompt = try session.prompt(
      Toolbox(session.tools), ResponseOptions(maximumTokens: 1))
    let text = try model.tokenizer.decodeReplacingInvalid(prompt.tokens)
    #expect(text.contains("Three times") && !text.contains("Answer 0."))
  }
}
