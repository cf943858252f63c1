import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSPlatform
import GPTOSSTokenizer

/// `PassBenchmarks MODEL.gguf [--rounds N] [--threads N]`
///
/// How much faster answers come with lookahead: the same answer with it and without, in turns. What is answered is
/// a script, so that a model of random weights with gpt-oss's vocabulary copies as a trained one would; what is
/// guessed, read and rejected is as ever. Logits are computed, and then not looked at.
@main
struct Main {
  static func main() async throws {
    guard let options = Options(CommandLine.arguments.dropFirst()) else {
      print("usage: PassBenchmarks MODEL.gguf [--rounds N] [--threads N]")
      exit(64)
    }
    let writer = try await Writer(options)
    print("answer                 tokens  passes  guessed  right  off t/s  auto t/s  ratio")
    for task in Task.all {
      var (off, auto): ([Double], [Double]) = ([], [])
      var last: GenerationStatistics?
      for round in 0...options.rounds {
        // The first round fills caches and teaches what a pass costs.
        for lookahead in round % 2 == 0 ? [Lookahead.off, .auto] : [.auto, .off] {
          let statistics = try await writer.write(task, lookahead)
          let speed = statistics.decodeTokensPerSecond
          if lookahead == .auto { last = statistics }
          if round > 0, lookahead == .auto { auto.append(speed) }
          if round > 0, lookahead == .off { off.append(speed) }
        }
      }
      guard let last else { continue }
      let ratio = median(zip(auto, off).map { $0 / $1 })
      print(
        task.name.padding(toLength: 22, withPad: " ", startingAt: 0),
        String(
          format: "%6d  %6d  %7d  %5d  %7.2f  %8.2f  %5.3f", last.generatedTokens, last.passes,
          last.draftedTokens,
          last.acceptedTokens, median(off), median(auto), ratio))
    }
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[(values.count - 1) / 2] }
}

struct Options {
  var model = ""
  var rounds = 9
  var threads: Int?

  init?(_ arguments: ArraySlice<String>) {
    var arguments = arguments
    while let argument = arguments.popFirst() {
      switch argument {
      case "--rounds", "--threads":
        guard let value = arguments.popFirst().flatMap({ Int($0) }), value > 0 else { return nil }
        if argument == "--rounds" { rounds = value } else { threads = value }
      default:
        guard model.isEmpty, !argument.hasPrefix("-") else { return nil }
        model = argument
      }
    }
    guard !model.isEmpty else { return nil }
  }
}

/// A prompt, and what a trained model would answer.
struct Task {
  let name: String
  let prompt: String
  let answer: String

  static let all = [
    Task(
      name: "document, one change", prompt: "Set the status to \"shipped\":\n\n" + Texts.document,
      answer: Texts.document.replacingOccurrences(of: "\"paid\"", with: "\"shipped\"")),
    Task(
      name: "code, edited", prompt: "Rename add to insert, and counts to bins:\n\n" + Texts.code,
      answer: Texts.code.replacingOccurrences(of: "func add(", with: "func insert(")
        .replacingOccurrences(of: "counts", with: "bins")),
    Task(
      name: "quotations", prompt: "What does the text say of its history? Quote.\n\n" + Texts.report,
      answer: Texts.quotations),
    Task(
      name: "quoted passages", prompt: "What does the text say of its history? Quote.\n\n" + Texts.report,
      answer: Texts.quotedPassages),
    Task(
      name: "quoted evidence", prompt: "Which sentences name a year? Quote them.\n\n" + Texts.report,
      answer: Texts.quotedEvidence),
    Task(name: "nothing repeated", prompt: "Tell me how to bake.", answer: Texts.newText),
  ]
}

/// A model that writes what it is told.
struct Writer {
  let model: LanguageModel
  private let script = Locked<[TokenID]>([])

  init(_ options: Options) async throws {
    var load = LoadOptions(threads: options.threads)
    load.script = { [script] _ in script.withLock { $0 } }
    model = try await LanguageModel.load(contentsOf: URL(fileURLWithPath: options.model), options: load)
  }

  func write(_ task: Task, _ lookahead: Lookahead) async throws -> GenerationStatistics {
    let tokens = model.tokenizer.encode(
      "<|channel|>final<|message|>\(task.answer)<|return|>", specialTokens: .allowAll)
    script.withLock { $0 = tokens }
    var options = ResponseOptions(loopGuard: nil)
    options.lookahead = lookahead
    let conversation = Conversation([.system(SystemContent()), Message(.user, task.prompt)])
    for try await event in model.respond(to: conversation, options: options) {
      if case .finished(let response) = event {
        precondition(response.tokens == tokens, "the answer is the script")
        return response.statistics
      }
    }
    preconditionFailure("the last event has the answer")
  }
}
