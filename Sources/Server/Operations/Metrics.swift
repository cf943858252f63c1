package import GPTOSS
import GPTOSSPlatform

/// Counts since the start, in the text format of Prometheus.
package final class Metrics: Sendable {
  private let state = Locked(State())
  /// Models are told apart up to this number; those beyond it count together, as `other`.
  private static let modelLimit = 64

  package init() {}

  private struct State {
    var requests: [Request: Int] = [:]
    var cancelled = 0
    var promptTokens = 0
    var cachedTokens = 0
    var generatedTokens = 0
    var models: [String: ModelCounts] = [:]
    var duration = Histogram(bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300])
    var firstToken = Histogram(bounds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])
  }

  private struct ModelCounts {
    var generations = 0
    var promptTokens = 0
    var generatedTokens = 0
  }

  private struct Request: Hashable {
    let endpoint: String
    let status: Int
  }

  /// Notes a request that has ended; its status is 499 if the client went away.
  package func note(endpoint: String, status: Int, seconds: Double) {
    state.withLock {
      $0.requests[Request(endpoint: endpoint, status: status), default: 0] += 1
      $0.cancelled += status == 499 ? 1 : 0
      $0.duration.add(seconds)
    }
  }

  /// Notes a generation that has ended, and what the model that generated is called.
  package func note(_ statistics: GenerationStatistics, model: String) {
    state.withLock {
      let model = $0.models[model] == nil && $0.models.count >= Self.modelLimit ? "other" : model
      $0.models[model, default: ModelCounts()].generations += 1
      $0.models[model, default: ModelCounts()].promptTokens += statistics.promptTokens
      $0.models[model, default: ModelCounts()].generatedTokens += statistics.generatedTokens
      $0.promptTokens += statistics.promptTokens
      $0.cachedTokens += statistics.cachedTokens
      $0.generatedTokens += statistics.generatedTokens
      $0.firstToken.add(statistics.timeToFirstToken / .seconds(1))
    }
  }

  /// The page that `GET /metrics` gives.
  ///
  /// - Parameters:
  ///   - running: generations that have a slot.
  ///   - waiting: generations in the queue.
  ///   - residentBytes: the process's memory; nil where it is not known.
  ///   - instances: the models that are loaded.
  package func text(
    running: Int, waiting: Int, residentBytes: Int?, instances: [ServedInstance] = []
  ) -> String {
    let state = state.withLock { $0 }
    var page = MetricsPage()
    page.add("gptoss_requests_total", .counter, "Requests that have ended, by endpoint and HTTP status.")
    for (request, count) in state.requests.sorted(by: {
      ($0.key.endpoint, $0.key.status) < ($1.key.endpoint, $1.key.status)
    }) {
      page.addValue(count, labels: "{endpoint=\"\(request.endpoint)\",status=\"\(request.status)\"}")
    }
    page.add("gptoss_requests_cancelled_total", .counter, "Requests whose client went away.", state.cancelled)
    page.add("gptoss_generations_running", .gauge, "Generations that have a slot.", running)
    page.add("gptoss_generations_waiting", .gauge, "Generations in the queue.", waiting)
    page.add(
      "gptoss_prompt_tokens_total", .counter, "Tokens of prompts, cached ones included.", state.promptTokens)
    page.add(
      "gptoss_cached_tokens_total", .counter, "Tokens of prompts found in the cache.", state.cachedTokens)
    page.add("gptoss_generated_tokens_total", .counter, "Tokens generated.", state.generatedTokens)
    page.add("gptoss_request_duration_seconds", "From a request to its answer's end.", state.duration)
    page.add(
      "gptoss_time_to_first_token_seconds", "From a generation's start to its first token.", state.firstToken)
    let models = state.models.sorted { $0.key < $1.key }
    page.add("gptoss_model_generations_total", .counter, "Generations that have ended, by model.")
    for (name, counts) in models { page.addValue(counts.generations, labels: .model(name)) }
    page.add("gptoss_model_prompt_tokens_total", .counter, "Tokens of prompts, by model.")
    for (name, counts) in models { page.addValue(counts.promptTokens, labels: .model(name)) }
    page.add("gptoss_model_generated_tokens_total", .counter, "Tokens generated, by model.")
    for (name, counts) in models { page.addValue(counts.generatedTokens, labels: .model(name)) }
    page.add("gptoss_model_requests_in_use", .gauge, "Requests that use a loaded model.")
    for instance in instances { page.addValue(instance.useCount, labels: .model(instance.identifier)) }
    page.add("gptoss_model_memory_bytes", .gauge, "Memory that a loaded model may take, as estimated.")
    for instance in instances {
      if let count = instance.byteCount { page.addValue(count, labels: .model(instance.identifier)) }
    }
    if let residentBytes {
      page.add("process_resident_memory_bytes", .gauge, "Memory of the process.", residentBytes)
    }
    return page.text
  }
}

/// The numbers of values that lie at or below each of a few bounds.
struct Histogram {
  let bounds: [Double]
  private(set) var counts: [Int]
  private(set) var total = 0
  private(set) var sum = 0.0

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count)
  }

  mutating func add(_ value: Double) {
    for (index, bound) in bounds.enumerated() where value <= bound { counts[index] += 1 }
    total += 1
    sum += value
  }
}

extension String {
  /// The label of a model; its value is escaped as Prometheus's text format wants it.
  fileprivate static func model(_ name: String) -> String {
    let escaped = name.replacingScalars(["\\": "\\\\", "\"": "\\\"", "\n": "\\n"])
    return "{model=\"\(escaped)\"}"
  }
}

/// Prometheus's text format.
private struct MetricsPage {
  enum Kind: String {
    case counter, gauge, histogram
  }

  private(set) var text = ""
  private var name = ""

  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Int? = nil) {
    self.name = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    if let value { addValue(value, labels: "") }
  }

  mutating func addValue(_ value: Int, labels: String) { text += "\(name)\(labels) \(value)\n" }

  mutating func add(_ name: String, _ help: String, _ histogram: Histogram) {
    add(name, .histogram, help)
    for (bound, count) in zip(histogram.bounds, histogram.counts) {
      text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
    }
    text += "\(name)_bucket{le=\"+Inf\"} \(histogram.total)\n"
    text += "\(name)_sum \(histogram.sum)\n\(name)_count \(histogram.total)\n"
  }
}
