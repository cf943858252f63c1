import Foundation
package import GPTOSS
package import GPTOSSMeasurement
import GPTOSSPlatform
import GPTOSSTerminal

/// What `bench` runs.
package struct BenchSubject: Sendable {
  /// The model's name.
  package var name: String
  /// The name of the kernel set.
  package var kernels: String
  package var threads: Int
  package var weights: WeightResidency
  /// How finely a prompt's activations are quantized.
  package var precision: Precision
  package var loadSeconds: Double
  /// Bytes of weights that a token reads.
  package var bytesPerToken: Int

  package init(
    name: String, kernels: String, threads: Int, weights: WeightResidency, precision: Precision,
    loadSeconds: Double, bytesPerToken: Int
  ) {
    self.name = name
    self.kernels = kernels
    self.threads = threads
    self.weights = weights
    self.precision = precision
    self.loadSeconds = loadSeconds
    self.bytesPerToken = bytesPerToken
  }

  init(_ information: ModelInformation, precision: Precision, bytesPerToken: Int) {
    self.init(
      name: information.name, kernels: information.kernels, threads: information.threads,
      weights: information.weights, precision: precision, loadSeconds: information.loadTime / .seconds(1),
      bytesPerToken: bytesPerToken)
  }
}

/// What `bench` has measured, for people and for scripts.
///
/// A measurement that was stopped has less: rates and bounds of fewer repeats, and no bounds if the first was not
/// complete.
package struct BenchReport {
  let subject: BenchSubject
  let rates: SpeedRates
  /// What the machine allows; nil if it was not measured.
  let bounds: SpeedBounds?
  let peakMemory: Int
  /// Those of which something was measured.
  let combinations: [SpeedPlan.Combination]
  /// Whether several combinations were asked for.
  let isList: Bool

  package init(
    _ subject: BenchSubject, _ plan: SpeedPlan, _ rates: SpeedRates, bounds: SpeedBounds?, peakMemory: Int
  ) {
    self.subject = subject
    self.rates = rates
    self.bounds = bounds
    self.peakMemory = peakMemory
    combinations = plan.combinations.filter { $0.tests.contains { !rates[$0].isEmpty } }
    isList = plan.combinations.count > 1
  }

  /// Whether nothing was measured.
  package var isEmpty: Bool { combinations.isEmpty }

  /// The report in one of its forms.
  package func text(_ format: BenchFormat?) -> String {
    switch format {
    case .json: json.text
    case .csv: csv
    case .markdown: markdown
    case nil: isList ? markdown : lines
    }
  }

  /// Median and spread; nil where nothing was measured.
  func spread(of test: SpeedTest?) -> Spread? { test.flatMap { Spread(rates[$0]) } }

  /// The share of the memory's bandwidth that a combination's decode takes; nil if it is not known.
  func bandwidthShare(_ combination: SpeedPlan.Combination) -> Double? {
    guard let bounds, let spread = spread(of: combination.decode) else { return nil }
    return bounds.bandwidthShare(decodeRate: spread.median)
  }

  /// The share of the arithmetic's peak that a test takes; nil if it is not known.
  func arithmeticShare(_ test: SpeedTest?) -> Double? {
    guard let bounds, let test, let spread = spread(of: test) else { return nil }
    return bounds.arithmeticShare(of: test, tokensPerSecond: spread.median)
  }
}

/// The forms of the report that scripts and pages take.
package enum BenchFormat: String, CaseIterable, Sendable {
  case json, markdown, csv
}

// MARK: JSON

extension BenchReport {
  /// The object of one combination, or `{"runs": [objects]}` where several were asked for.
  package var json: JSONValue {
    let objects = combinations.map(json)
    return isList ? ["runs": .array(objects)] : objects.first ?? [:]
  }

  private func json(_ combination: SpeedPlan.Combination) -> JSONValue {
    func decimals(_ test: SpeedTest?) -> JSONValue {
      .array((test.map { rates[$0] } ?? []).map { JSONValue(decimal: $0) })
    }
    func decimal(_ value: Double?) -> JSONValue { value.map { JSONValue(decimal: $0) } ?? .null }
    return [
      "model": .string(subject.name), "threads": JSONValue(subject.threads),
      "kernels": .string(subject.kernels), "weights": .string(subject.weights.rawValue),
      "prefill": [
        "tokens": JSONValue(combination.prefill.tokenCount),
        "tokens_per_second": decimals(combination.prefill),
      ],
      "decode": [
        "tokens": JSONValue(combination.decode?.tokenCount ?? 0), "depth": JSONValue(combination.depth),
        "tokens_per_second": decimals(combination.decode),
      ],
      "bytes_per_token": JSONValue(subject.bytesPerToken),
      "stream_bytes_per_second": decimal(bounds?.streamBytesPerSecond),
      "bandwidth_share": decimal(bandwidthShare(combination)),
      "multiply_adds_per_second": decimal(bounds?.prefillPeak),
      "arithmetic_share": [
        "prefill": decimal(arithmeticShare(combination.prefill)),
        "decode": decimal(arithmeticShare(combination.decode)),
      ],
      "load_seconds": JSONValue(decimal: subject.loadSeconds), "peak_memory_bytes": JSONValue(peakMemory),
    ]
  }
}

// MARK: CSV

extension BenchReport {
  /// A head and a line for each combination, as in RFC 4180 but for the line ends; nothing where a figure is
  /// not known.
  package var csv: String {
    let columns = [
      "model", "threads", "kernels", "weights", "depth", "prefill_tokens", "prefill_repeats",
      "prefill_tokens_per_second", "prefill_lowest", "prefill_highest", "decode_tokens", "decode_repeats",
      "decode_tokens_per_second", "decode_lowest", "decode_highest", "bytes_per_token",
      "stream_bytes_per_second", "bandwidth_share", "multiply_adds_per_second", "arithmetic_share_prefill",
      "arithmetic_share_decode", "load_seconds", "peak_memory_bytes",
    ]
    return ([columns] + combinations.map(cells)).map { $0.map(\.csv).joined(separator: ",") }
      .joined(separator: "\n")
  }

  private func cells(_ combination: SpeedPlan.Combination) -> [String] {
    func number(_ value: Double?) -> String { value.map { JSONValue(decimal: $0).text } ?? "" }
    func cells(_ test: SpeedTest?) -> [String] {
      let spread = spread(of: test)
      return ["\(test?.tokenCount ?? 0)", "\(test.map { rates[$0].count } ?? 0)"]
        + [spread?.median, spread?.lowest, spread?.highest].map(number)
    }
    return [
      subject.name.inert, "\(subject.threads)", subject.kernels, subject.weights.rawValue,
      "\(combination.depth)",
    ] + cells(combination.prefill) + cells(combination.decode) + ["\(subject.bytesPerToken)"]
      + [
        bounds?.streamBytesPerSecond, bandwidthShare(combination), bounds?.prefillPeak,
        arithmeticShare(combination.prefill), arithmeticShare(combination.decode), subject.loadSeconds,
      ].map(number) + ["\(peakMemory)"]
  }
}

extension String {
  /// The text as a cell: in quotation marks where it holds what separates cells.
  fileprivate var csv: String {
    contains { ",\"\n\r".contains($0) } ? "\"\(replacing("\"", with: "\"\""))\"" : self
  }
}
