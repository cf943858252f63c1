import Foundation
import GPTOSSBlockFormats
import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform

/// `KernelBenchmarks [--model FILE] [--kernels NAME] [--threads N] [--rounds N] [--only NAME] [--json]`
///
/// Measures the kernels, or whole passes of a model.
@main
struct Main {
  static func main() throws {
    var options = try Options()
    do throws(Options.WrongUsage) {
      try options.read(CommandLine.arguments.dropFirst())
    } catch {
      print(
        """
        \(error.argument) is not an option, or not with that value
        usage: KernelBenchmarks [--model FILE] [--kernels NAME] [--threads N] [--rounds N] [--only NAME] [--json]
        """)
      exit(64)
    }
    let bench = Bench(try KernelSet(options.kernels), threadCount: options.threads)
    let limits =
      [Limits.stream(bench)] + [Limits.multiplyAdd(bench)].compactMap { $0 }
    let passes = try options.model.map { try Passes($0, options) }
    let chosen =
      passes?.benchmarks.filter { options.only == nil || $0.name == options.only }
      ?? Self.benchmarks.filter { options.only == nil || $0.name == options.only }.map { $0.make(bench) }
    let measurements =
      [passes?.load].compactMap { $0 } + Benchmark.measure(limits + chosen, rounds: options.rounds)
    print(Report(measurements, options: options, threads: bench.launcher.pool.threadCount).text)
  }

  /// What is measured, in the shapes of gpt-oss-20b.
  private static let benchmarks: [(name: String, make: @Sendable (Bench) -> Benchmark)] = [
    ("region", { $0.region() }),
    ("repack", { $0.repack(.mxfp4) }),
    ("repack", { $0.repack(.q8_0) }),
    ("repack", { $0.repack(.q5_0) }),
    ("attend", { $0.attend(tokens: 256, depth: 0) }),
    ("attend", { $0.attend(tokens: 16, depth: 8_192) }),
    ("attend", { $0.attend(tokens: 16, depth: 8_192, element: .float16) }),
    ("attend", { $0.attend(tokens: 256, depth: 8_192, window: 128) }),
    ("attend", { $0.attend(tokens: 1, depth: 1_024) }),
    ("attend", { $0.attend(tokens: 1, depth: 8_192) }),
    ("attend", { $0.attend(tokens: 1, depth: 8_192, element: .float16) }),
    ("attend", { $0.attend(tokens: 1, depth: 8_192, window: 128) }),
    ("store", { $0.store(tokens: 256) }),
    ("rmsNorm", { $0.rmsNorm(tokens: 1) }),
    ("rmsNorm", { $0.rmsNorm(tokens: 256) }),
    ("rotate", { $0.rotate(tokens: 256) }),
    ("gatedActivation", { $0.gatedActivation(tokens: 1) }),
    ("gatedActivation", { $0.gatedActivation(tokens: 256) }),
    ("multiply", { $0.decode(.mxfp4, .precise) }),
    ("multiply", { $0.decode(.mxfp4, .fast) }),
    ("multiply", { $0.decode(.q8_0, .precise) }),
    ("multiply", { $0.decode(.q8_0, .fast) }),
    ("multiply", { $0.decode(.q5_0, .precise) }),
    ("multiply", { $0.decode(.q5_0, .fast) }),
    ("multiply", { $0.decode(.q5_1, .precise) }),
    ("multiply", { $0.decode(.q5_1, .fast) }),
    ("multiply", { $0.decode(.q4_K, .precise) }),
    ("multiply", { $0.decode(.q5_K, .precise) }),
    ("multiply", { $0.decode(.q6_K, .precise) }),
    ("multiply", { $0.multiply(.mxfp4, rows: 23_040, columns: 2_880, tokens: 4, copies: 12) }),
    ("multiply", { $0.multiply(.q8_0, rows: 23_040, columns: 2_880, tokens: 4, copies: 6) }),
    ("multiply", { $0.multiply(.mxfp4, rows: 2_880, columns: 2_880, tokens: 64, copies: 2) }),
    (
      "multiply",
      { $0.multiply(.mxfp4, rows: 2_880, columns: 2_880, tokens: 64, copies: 2, precision: .fast) }
    ),
    ("multiply", { $0.multiply(.q8_0, rows: 2_880, columns: 2_880, tokens: 256, copies: 1) }),
    (
      "multiply",
      { $0.multiply(.q8_0, rows: 2_880, columns: 2_880, tokens: 256, copies: 1, precision: .fast) }
    ),
    ("multiply", { $0.multiply(.q5_0, rows: 2_880, columns: 2_880, tokens: 256, copies: 1) }),
    (
      "multiply",
      { $0.multiply(.q5_0, rows: 2_880, columns: 2_880, tokens: 256, copies: 1, precision: .fast) }
    ),
    ("multiply", { $0.multiply(.q5_1, rows: 2_880, columns: 2_880, tokens: 256, copies: 1) }),
    (
      "multiply",
      { $0.multiply(.q5_1, rows: 2_880, columns: 2_880, tokens: 256, copies: 1, precision: .fast) }
    ),
    ("multiply", { $0.multiply(.q4_K, rows: 2_880, columns: 4_096, tokens: 256, copies: 1) }),
    (
      "multiply",
      { $0.multiply(.q4_K, rows: 2_880, columns: 4_096, tokens: 256, copies: 1, precision: .fast) }
    ),
    ("multiply", { $0.multiply(.q6_K, rows: 2_880, columns: 4_096, tokens: 256, copies: 1) }),
    (
      "multiply",
      { $0.multiply(.q6_K, rows: 2_880, columns: 4_096, tokens: 256, copies: 1, precision: .fast) }
    ),
  ]
}

/// What the command line asks for.
struct Options {
  /// A GGUF file whose passes are measured in place of the kernels.
  var model: String?
  var kernels: KernelSetName
  var threads = availableThreadCount()
  var rounds = 9
  var only: String?
  var json = false

  /// With the kernels that `GPTOSS_CPU` names, or else the fastest.
  init() throws { kernels = try .chosen() }

  struct WrongUsage: Error {
    let argument: String
  }

  mutating func read(_ arguments: ArraySlice<String>) throws(WrongUsage) {
    var arguments = arguments
    while let argument = arguments.popFirst() {
      switch argument {
      case "--json": json = true
      case "--model", "--only":
        guard let name = arguments.popFirst(), !name.hasPrefix("-") else {
          throw WrongUsage(argument: argument)
        }
        if argument == "--model" { model = name } else { only = name }
      case "--kernels":
        guard let name = arguments.popFirst().flatMap(KernelSetName.init(rawValue:)), name.isSupported else {
          throw WrongUsage(argument: argument)
        }
        kernels = name
      case "--threads", "--rounds":
        guard let number = arguments.popFirst().flatMap({ Int($0) }), number > 0 else {
          throw WrongUsage(argument: argument)
        }
        if argument == "--threads" { threads = number } else { rounds = number }
      default: throw WrongUsage(argument: argument)
      }
    }
  }
}
