import Foundation
import GPTOSS
import GPTOSSTokenizer

/// Times the tokenizer on one thread.
///
///     TokenizerBenchmarks VOCABULARY.tiktoken TEXT [--model FILE.gguf] [--rounds N] [--turns]
///
/// With `--turns` it waits for a line on standard input that names a measurement, and answers with a line of
/// seconds, so that a script can measure others in between; see tokenizer.py.
@main
struct Main {
  static func main() throws {
    guard let options = Options(CommandLine.arguments.dropFirst()) else {
      print("usage: TokenizerBenchmarks VOCABULARY.tiktoken TEXT [--model FILE.gguf] [--rounds N] [--turns]")
      exit(64)
    }
    let benchmarks = try TokenizerBenchmarks(options)
    if options.turns {
      while let line = readLine() {
        guard let measurement = TokenizerBenchmarks.Measurement(rawValue: line) else { exit(64) }
        FileHandle.standardOutput.write(Data("\(try benchmarks.seconds(of: measurement))\n".utf8))
      }
    } else {
      print(try benchmarks.report(rounds: options.rounds))
    }
  }
}

/// What the command line asks for.
struct Options {
  var vocabulary = ""
  var text = ""
  var model: String?
  var rounds = 9
  var turns = false

  init?(_ arguments: ArraySlice<String>) {
    var arguments = arguments
    var paths: [String] = []
    while let argument = arguments.popFirst() {
      switch argument {
      case "--turns": turns = true
      case "--model":
        guard let path = arguments.popFirst() else { return nil }
        model = path
      case "--rounds":
        guard let number = arguments.popFirst().flatMap({ Int($0) }), number > 0 else { return nil }
        rounds = number
      default: paths.append(argument)
      }
    }
    guard paths.count == 2 else { return nil }
    (vocabulary, text) = (paths[0], paths[1])
  }
}
