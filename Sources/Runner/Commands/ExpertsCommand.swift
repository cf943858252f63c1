import ArgumentParser
import GPTOSS
import GPTOSSPlatform
import GPTOSSTerminal
import GPTOSSTracing

/// `gptoss experts`: which experts work on what.
struct ExpertsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experts",
    abstract: "Show which experts work on a text, and on what.",
    discussion: """
      For each expert of each layer: its share of the layer's work (the mean of its weights), how many tokens it \
      was chosen for, and the tokens that it has most to do with. With --compare the shares of two texts stand \
      side by side, those that differ most first.
      """)

  @OptionGroup var model: ModelOption

  @Option(help: "The text in UTF-8, or - for standard input.", completion: .file())
  var file: String

  @Option(help: "Another text, to compare.", completion: .file())
  var compare: String?

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @OptionGroup var options: RunOptions

  func validate() throws {
    try checkPath("--file", file)
    try checkPath("--compare", compare)
    if file == "-", compare == "-" {
      throw ValidationError("Give one of --file and --compare as a file: standard input has one text.")
    }
  }

  func run() async throws {
    let inputs = ([file] + [compare].compactMap(\.self)).map(Input.init(path:))
    let texts = try inputs.map { try $0.readText() }
    let model = try await options.load(model, precision: .precise)
    var usages: [ExpertUsage] = []
    for (input, text) in zip(inputs, texts) {
      let tokens = model.tokenizer.encode(text)
      guard !tokens.isEmpty else { throw RunnerError.emptyText(path: input.name) }
      usages.append(ExpertUsage(try await trace(tokens, model, input.name)))
    }
    let table = usages.count > 1 ? comparison(usages[0], usages[1]) : list(usages[0])
    let lines = csv ? table.map { $0.map(field).joined(separator: ",") } : aligned(table)
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }

  private func trace(_ tokens: [TokenID], _ model: LanguageModel, _ name: String) async throws -> Trace {
    let bar = Locked(ProgressBar("reading \(name)"))
    defer { bar.withLock { $0.finish() } }
    let options = TraceOptions(lens: .none, alternativeCount: 0) { read, total in
      bar.withLock { $0.update(Double(read) / Double(total), "\(read) of \(total) tokens") }
    }
    return try await model.trace(of: tokens, options: options)
  }
}

extension ExpertsCommand {
  private func list(_ usage: ExpertUsage) -> [[String]] {
    let work =
      csv
      ? usage.work : usage.work.sorted { ($0.layer, -$0.share, $0.expert) < ($1.layer, -$1.share, $1.expert) }
    return [["layer", "expert", "share", "tokens", "favorites"]]
      + work.map {
        let favorites = $0.favorites.map { JSONValue.string(usage.texts[$0] ?? "").text.inertJSON }
        return [
          "\($0.layer)", "\($0.expert)", share($0.share), "\($0.tokenCount)",
          favorites.joined(separator: " "),
        ]
      }
  }

  private func comparison(_ one: ExpertUsage, _ other: ExpertUsage) -> [[String]] {
    var pairs = Array(zip(one.work, other.work))
    if !csv { pairs.sort { abs($0.0.share - $0.1.share) > abs($1.0.share - $1.1.share) } }
    return [["layer", "expert", "share", "other_share", "difference"]]
      + pairs.map { one, other in
        [
          "\(one.layer)", "\(one.expert)", share(one.share), share(other.share),
          share(other.share - one.share),
        ]
      }
  }

  /// Four digits behind the point.
  private func share(_ value: Double) -> String {
    guard value.isFinite else { return "nan" }
    let steps = Int((value.magnitude * 10_000).rounded())
    let digits = String(steps % 10_000)
    let sign = value < 0 && steps > 0 ? "-" : ""
    return "\(sign)\(steps / 10_000).\(String(repeating: "0", count: 4 - digits.count))\(digits)"
  }

  /// A field of a table of comma-separated values. Favorites begin with a quotation mark of their own, so
  /// that no spreadsheet takes one for a formula.
  private func field(_ text: String) -> String {
    let isPlain = !text.unicodeScalars.contains { ",\"\n".unicodeScalars.contains($0) }
    return isPlain ? text : "\"\(text.replacingScalars(["\"": "\"\""]))\""
  }

  private func aligned(_ table: [[String]]) -> [String] {
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      let cells = row.enumerated().map { $0 == row.count - 1 ? $1 : $1.padded(to: widths[$0]) }
      return cells.joined(separator: "  ")
    }
  }
}
