import GPTOSSKernels

/// The measurements beside the machine's limits, for people or as JSON.
struct Report {
  let text: String

  init(_ measurements: [Measurement], options: Options, threads: Int) {
    let stream = measurements.first { $0.name == "stream" }?.bytesPerSecond
    let peak = measurements.first { $0.name == "multiplyAdd" }?.multiplyAddsPerSecond
    text =
      options.json
      ? Self.json(measurements, options, threads) : Self.table(measurements, stream, peak, options, threads)
  }

  private static func table(
    _ measurements: [Measurement], _ stream: Double?, _ peak: Double?, _ options: Options, _ threads: Int
  ) -> String {
    var lines = [
      "kernels \(options.kernels.rawValue), \(threads) threads, medians of \(options.rounds) rounds taken in turns",
      row(
        "kernel", "shape", "best", "median", "GB/s", "of stream", "G mul-adds/s", "of float32 peak",
        "tokens/s"),
    ]
    for measurement in measurements {
      let bytes = measurement.bytesPerSecond
      let multiplyAdds = measurement.multiplyAddsPerSecond
      lines.append(
        row(
          measurement.name, measurement.shape, time(measurement.best), time(measurement.median),
          bytes.map { tenths($0 / 1e9) } ?? "",
          percent(bytes, stream), multiplyAdds.map { tenths($0 / 1e9) } ?? "", percent(multiplyAdds, peak),
          measurement.tokensPerSecond.map { "\(($0 * 100).rounded() / 100)" } ?? ""))
    }
    return lines.joined(separator: "\n")
  }

  private static func json(_ measurements: [Measurement], _ options: Options, _ threads: Int) -> String {
    let objects = measurements.map { measurement in
      var fields = [
        "\"name\": \"\(measurement.name)\"", "\"shape\": \"\(measurement.shape)\"",
        "\"seconds\": \(measurement.seconds)",
      ]
      if let bytes = measurement.bytes { fields.append("\"bytes\": \(bytes)") }
      if let multiplyAdds = measurement.multiplyAdds { fields.append("\"multiply_adds\": \(multiplyAdds)") }
      if let tokens = measurement.tokens { fields.append("\"tokens\": \(tokens)") }
      return "{" + fields.joined(separator: ", ") + "}"
    }
    return "{\"kernels\": \"\(options.kernels.rawValue)\", \"threads\": \(threads), \"measurements\": [\n"
      + objects.joined(separator: ",\n") + "\n]}"
  }

  private static func row(_ cells: String...) -> String {
    let widths = [16, 42, 9, 9, 6, 10, 13, 16, 9]
    return zip(cells, widths).enumerated().map { i, cell in
      let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return i < 2 ? cell.0 + padding : padding + cell.0
    }.joined(separator: " ")
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 1e-3 ? tenths(seconds * 1e6) + " µs" : tenths(seconds * 1e3) + " ms"
  }

  private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  private static func percent(_ value: Double?, _ whole: Double?) -> String {
    guard let value, let whole, whole > 0 else { return "" }
    return "\(Int((value / whole * 100).rounded())) %"
  }
}
