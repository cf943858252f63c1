import Foundation
import GGUF
import GPTOSS
import GPTOSSMeasurement
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSRunner
import Testing

/// The forms of `bench`'s report. Breaks when scripts would find other members, or a figure in another place.
struct BenchReportTests {
  private static let path = URL(filePath: #filePath)
    .appending(path: "../../../../Fixtures/random-tiny.gguf").standardized.path

  private func report(
    _ name: String = "Tiny, \"|` 1\n", prefill: [Int] = [4], decode: [Int] = [2], depths: [Int] = [0],
    measured: [SpeedTest: [Double]]? = nil, isComplete: Bool = true
  ) throws -> BenchReport {
    let (bytes, bounds) = try bounds()
    let plan = SpeedPlan(prefill: prefill, decode: decode, depths: depths)
    var rates = SpeedRates()
    for test in plan.tests {
      rates[test] = measured.map { $0[test] ?? [] } ?? (test.stage == .prefill ? [30, 10, 20] : [5, 4, 7])
    }
    let subject = BenchSubject(
      name: name, kernels: "avx2", threads: 2, weights: .resident, precision: .fast, loadSeconds: 0.5,
      bytesPerToken: bytes)
    return BenchReport(subject, plan, rates, bounds: isComplete ? bounds : nil, peakMemory: 1000)
  }

  private func bounds() throws -> (bytesPerToken: Int, bounds: SpeedBounds) {
    let file = try GGUFFile(path: Self.path)
    let configuration = try Configuration(file.metadata)
    let bytes = file.bytesPerToken(configuration)
    // A decode of 5 tokens per second is half of this bandwidth.
    let bounds = SpeedBounds(
      file, configuration, streamBytesPerSecond: 10 * Double(bytes), prefillPeak: 2e9, decodePeak: 1e9)
    return (bytes, bounds)
  }

  /// Member by member, in order: scripts depend on it.
  @Test func oneCombinationIsOneObject() throws {
    let (bytes, bounds) = try bounds()
    func share(_ test: SpeedTest, _ rate: Double) -> JSONValue {
      JSONValue(decimal: bounds.arithmeticShare(of: test, tokensPerSecond: rate))
    }
    let expected: JSONValue = [
      "model": "Tiny, \"|` 1\n", "threads": 2, "kernels": "avx2", "weights": "resident",
      "prefill": ["tokens": 4, "tokens_per_second": [30.0, 10.0, 20.0]],
      "decode": ["tokens": 2, "depth": 0, "tokens_per_second": [5.0, 4.0, 7.0]],
      "bytes_per_token": JSONValue(bytes), "stream_bytes_per_second": JSONValue(decimal: 10 * Double(bytes)),
      "bandwidth_share": 0.5, "multiply_adds_per_second": JSONValue(decimal: 2e9),
      "arithmetic_share": [
        "prefill": share(SpeedTest(.prefill, tokenCount: 4), 20),
        "decode": share(SpeedTest(.decode, tokenCount: 2), 5),
      ],
      "load_seconds": 0.5, "peak_memory_bytes": 1000,
    ]
    #expect(try report().text(.json) == expected.text)
  }

  @Test func severalAreRuns() throws {
    let json = try report(prefill: [4, 8], decode: [0, 2], depths: [0, 3]).json
    guard case .object(let object) = json, case .array(let runs) = object["runs"] else {
      Issue.record("no runs: \(json.text)")
      return
    }
    #expect(object.entries.count == 1 && runs.count == 8)
    // The first has no decode.
    let first = try #require(runs.first?.text)
    #expect(first.contains("\"decode\":{\"tokens\":0,\"depth\":0,\"tokens_per_second\":[]}"), "\(first)")
    #expect(first.contains("\"bandwidth_share\":null"), "\(first)")
    #expect(runs[7].text.contains("\"bandwidth_share\":0.5"), "\(runs[7].text)")
    #expect(runs[7].text.contains("\"depth\":3"), "\(runs[7].text)")
  }

  /// Ctrl-C before the second measurement: what is not known is null, and what was not begun is left out.
  @Test func whatWasStopped() throws {
    let measured = [SpeedTest(.prefill, tokenCount: 4): [30.0]]
    let one = try report(measured: measured, isComplete: false)
    for member in ["stream_bytes_per_second", "bandwidth_share", "multiply_adds_per_second"] {
      #expect(one.text(.json).contains("\"\(member)\":null"), "\(one.text(.json))")
    }
    #expect(one.text(nil).contains("decode of 2    not measured"), "\(one.text(nil))")
    #expect(one.text(nil).contains("30.0 tokens/s"), "\(one.text(nil))")
    let several = try report(prefill: [4, 8], measured: measured, isComplete: false)
    #expect(several.text(.csv).split(separator: "\n").count == 2)
    #expect(several.text(.json).hasPrefix("{\"runs\":[{"))
    #expect(!several.isEmpty)
    #expect(try report(measured: [:], isComplete: false).isEmpty)
  }

  @Test func commas() throws {
    let lines = try report(prefill: [4, 8], decode: [0, 2]).text(.csv).split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("model,threads,kernels,weights,depth,prefill_tokens,prefill_repeats,"))
    // The comma and the quotation mark of the name are inside of quotation marks; its line end is written out.
    #expect(lines[1].hasPrefix("\"Tiny, \"\"|` 1\\n\",2,avx2,resident,0,4,3,20.0,10.0,30.0,0,0,,,,"))
    #expect(lines[2].contains(",0,4,3,20.0,10.0,30.0,2,3,5.0,4.0,7.0,"))
    let columns = lines[0].split(separator: ",", omittingEmptySubsequences: false).count
    for line in lines.dropFirst() {
      #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns + 1)
    }
  }

  @Test func markdown() throws {
    let report = try report(prefill: [4, 8], decode: [0, 2])
    #expect(report.text(nil) == report.text(.markdown))
    let lines = report.text(.markdown).split(separator: "\n")
    #expect(lines[0].hasPrefix("Tiny, \"\\|\\` 1\\\\n: avx2, 2 threads"))
    let table = lines.filter { $0.hasPrefix("|") }
    #expect(table.count == 6 && Set(table.map(\.count)).count == 1)
    #expect(table[0].contains("| of bandwidth |") && table[1].allSatisfy { "|-: ".contains($0) })
    #expect(table[2].contains("20.0 (10.0 to 30.0)") && table[3].contains("5.0 (4.0 to 7.0)"))
    #expect(table[3].contains(" 50 % |"))
  }

  @Test func linesForPeople() throws {
    let text = try report().text(nil)
    for words in [
      "prefill of 4   20.0 tokens/s (10.0 to 30.0)", "decode of 2    5.0 tokens/s (4.0 to 7.0) at depth 0",
      "50 % of the", "/s that memory delivers", "bounds met       prefill ", "; decode 50 % of memory's, ",
      "2.0 G multiply-adds/s (fast)", "load             0.50 s", "peak memory      1.00 kB",
    ] {
      #expect(text.contains(words), "\(words) is not in\n\(text)")
    }
  }

  /// Breaks when the lines speak of a decode of no tokens.
  @Test func prefillAlone() throws {
    let report = try report(decode: [0])
    #expect(report.text(nil).contains("\ndecode           left out\n"), "\(report.text(nil))")
    let json = report.text(.json)
    #expect(json.contains("\"decode\":{\"tokens\":0,\"depth\":0,\"tokens_per_second\":[]}"), "\(json)")
    #expect(json.contains("\"bandwidth_share\":null") && !json.contains("runs"), "\(json)")
  }

  @Test func card() throws {
    var divergence = Divergence()
    let logits: ([Float], [Float]) = ([0, 1], [0, 1.5])
    divergence.add(reference: logits.0.span, model: logits.1.span)
    let card = BenchCard(
      try report(decode: [2, 3]),
      files: [
        BenchCard.ModelFile(name: "a`.gguf", byteCount: 12, digest: "sha256:0a"),
        BenchCard.ModelFile(name: "b.gguf", byteCount: 34, digest: nil),
      ], fingerprint: "f00d",
      machine: Machine(
        processor: "CPU <9>", processorCount: 2, memoryByteCount: 24_000_000_000, system: "Linux 6.1 x86_64"),
      version: Version(commit: nil), divergence: divergence,
      command: ["gptoss", "bench", "-m", "it's here.gguf", "--card", "card.md"],
      date: Date(timeIntervalSince1970: 0))
    let text = card.markdown
    for words in [
      "# Tiny, \"\\|\\` 1\\\\n on CPU \\<9\\>\n", "fingerprint f00d", "a\\`.gguf, 12 bytes, sha256:0a",
      "b.gguf, 34 bytes\n", "2 processors, 24.0 GB of memory, Linux 6.1 x86\\_64",
      "gptoss \(Version.number), Swift",
      "avx2, 2 threads, weights resident, prompt precision fast", "1970-01-01T00:00:00Z",
      "    gptoss bench -m 'it'\\''s here.gguf' --card card.md", "20.0 (10.0 to 30.0)", " 50 % |",
      "nats in the mean", "over 1 predictions", "```json\n{\"runs\":[",
    ] {
      #expect(text.contains(words), "\(words) is not in\n\(text)")
    }
    #expect(text.hasSuffix("```\n"))
  }

  @Test func tables() {
    let table = MarkdownTable(head: ["a", "long"], rows: [["123", ""], ["é", "x"]])
    #expect(table.description == "|   a | long |\n| --: | ---: |\n| 123 |      |\n|   é |    x |")
  }
}
