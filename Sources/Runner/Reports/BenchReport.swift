import Foundation
import GPTOSS
import GPTOSSMeasurement
import GPTOSSPlatform
import GPTOSSTerminal

/// What `bench` has measured, for people and for scripts.
struct BenchReport {
  let throughput: Throughput
  let information: ModelInformation
  let bytesPerToken: Int
  var prefillRates: [Double] = []
  var decodeRates: [Double] = []
  var streamBytesPerSecond = 0.0
  var peakMemory = 0

  private var bandwidthShare: Double { decodeRates.median * Double(bytesPerToken) / streamBytesPerSecond }
  private var loadSeconds: Double { information.loadTime / .seconds(1) }

  /// The object that `bench --json` prints.
  var json: JSONValue {
    [
      "model": .string(information.name), "threads": JSONValue(information.threads),
      "kernels": .string(information.kernels), "weights": .string(information.weights.rawValue),
      "prefill": [
        "tokens": JSONValue(throughput.prefillCount),
        "tokens_per_second": .array(prefillRates.map { JSONValue(decimal: $0) }),
      ],
      "decode": [
        "tokens": JSONValue(throughput.decodeCount), "depth": JSONValue(throughput.depth),
        "tokens_per_second": .array(decodeRates.map { JSONValue(decimal: $0) }),
      ],
      "bytes_per_token": JSONValue(bytesPerToken),
      "stream_bytes_per_second": JSONValue(decimal: streamBytesPerSecond),
      "bandwidth_share": JSONValue(decimal: bandwidthShare), "load_seconds": JSONValue(decimal: loadSeconds),
      "peak_memory_bytes": JSONValue(peakMemory),
    ]
  }

  /// Lines for people.
  var text: String {
    func rate(_ rates: [Double]) -> String {
      String(format: "%.1f tokens/s (%.1f to %.1f)", rates.median, rates.min() ?? 0, rates.max() ?? 0)
    }
    return """
      \(information.name.inert): \(information.kernels), \(information.threads) threads, \
      weights \(information.weights.rawValue)
      prefill of \(throughput.prefillCount)   \(rate(prefillRates))
      decode of \(throughput.decodeCount)    \(rate(decodeRates)) at depth \(throughput.depth)
      a token reads    \(ByteCount(bytesPerToken)), \(Int((bandwidthShare * 100).rounded())) % of the \
      \(ByteCount(Int(streamBytesPerSecond)))/s that memory delivers
      load             \(String(format: "%.2f s", loadSeconds))
      peak memory      \(ByteCount(peakMemory))
      """
  }
}

extension [Double] {
  /// The middle value, or the mean of the two in the middle.
  fileprivate var median: Double {
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
