import Foundation
import GPTOSSKernels
import GPTOSSMeasurement
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSTerminal

extension BenchReport {
  /// Lines for people, about one combination.
  package var lines: String {
    guard let combination = combinations.first else { return "" }
    let decode =
      combination.decode.map { "decode of \($0.tokenCount)    \(rate($0)) at depth \($0.depth)" }
      ?? "decode           left out"
    return """
      \(subject.name.inert): \(subject.kernels), \(subject.threads) threads, \
      weights \(subject.weights.rawValue)
      prefill of \(combination.prefill.tokenCount)   \(rate(combination.prefill))
      \(decode)
      a token reads    \(bandwidth(combination))
      bounds met       \(boundsMet(combination))
      load             \(String(format: "%.2f s", subject.loadSeconds))
      peak memory      \(ByteCount(peakMemory))
      """
  }

  private func rate(_ test: SpeedTest?) -> String {
    guard let spread = spread(of: test) else { return "not measured" }
    return String(
      format: "%.1f tokens/s (%.1f to %.1f)", spread.median, spread.lowest, spread.highest)
  }

  private func bandwidth(_ combination: SpeedPlan.Combination) -> String {
    guard let bounds else { return "\(ByteCount(subject.bytesPerToken))" }
    let share = bandwidthShare(combination).map { "\(percent($0)) of " } ?? ""
    return """
      \(ByteCount(subject.bytesPerToken)), \(share)the \(ByteCount(Int(bounds.streamBytesPerSecond)))/s that \
      memory delivers
      """
  }

  private func boundsMet(_ combination: SpeedPlan.Combination) -> String {
    guard let bounds else { return "not measured" }
    var parts: [String] = []
    if let share = arithmeticShare(combination.prefill) {
      parts.append("prefill \(percent(share)) of \(multiplyAdds(bounds.prefillPeak)) (\(subject.precision))")
    }
    if let bandwidth = bandwidthShare(combination), let share = arithmeticShare(combination.decode) {
      let (memory, arithmetic) = (
        "\(percent(bandwidth)) of memory's",
        "\(percent(share)) of \(multiplyAdds(bounds.decodePeak)) (precise)"
      )
      // The bound that is nearer comes first.
      parts.append(
        "decode "
          + (bandwidth >= share ? [memory, arithmetic] : [arithmetic, memory]).joined(separator: ", "))
    }
    return parts.joined(separator: "; ")
  }

  private func multiplyAdds(_ perSecond: Double) -> String {
    String(format: perSecond < 99.95e9 ? "%.1f G" : "%.0f G", perSecond / 1e9) + " multiply-adds/s"
  }

  private func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }
}

// MARK: Markdown

extension BenchReport {
  /// A line about the model, a table of the combinations, and what they have in common.
  package var markdown: String {
    """
    \(subject.name.markdown): \(subject.kernels), \(subject.threads) threads, \
    weights \(subject.weights.rawValue), prompt precision \(subject.precision.rawValue)

    \(table)

    \(notes)
    """
  }

  /// The combinations: medians, and from the lowest to the highest in parentheses.
  var table: MarkdownTable {
    MarkdownTable(
      head: [
        "depth", "prefill", "tokens/s", "of arithmetic", "decode", "tokens/s", "of bandwidth",
        "of arithmetic",
      ],
      rows: combinations.map { combination in
        [
          "\(combination.depth)", "\(combination.prefill.tokenCount)", cell(combination.prefill),
          cell(arithmeticShare(combination.prefill)), combination.decode.map { "\($0.tokenCount)" } ?? "",
          cell(combination.decode), cell(bandwidthShare(combination)),
          cell(arithmeticShare(combination.decode)),
        ]
      })
  }

  /// What the combinations have in common, as a list.
  var notes: String {
    var lines = ["A token reads \(ByteCount(subject.bytesPerToken)) of weights."]
    if let bounds {
      lines += [
        "Memory delivers \(ByteCount(Int(bounds.streamBytesPerSecond)))/s.",
        """
        Inner products reach \(multiplyAdds(bounds.prefillPeak)) with a prompt's activations \
        (\(subject.precision.rawValue)), \(multiplyAdds(bounds.decodePeak)) with a generated token's (precise).
        """,
      ]
    }
    lines.append(
      """
      Loaded in \(String(format: "%.2f s", subject.loadSeconds)); \(ByteCount(peakMemory)) of memory at the \
      peak.
      """)
    return lines.map { "- \($0)" }.joined(separator: "\n")
  }

  private func cell(_ test: SpeedTest?) -> String {
    guard let spread = spread(of: test) else { return "" }
    return String(format: "%.1f (%.1f to %.1f)", spread.median, spread.lowest, spread.highest)
  }

  private func cell(_ share: Double?) -> String { share.map(percent) ?? "" }
}
