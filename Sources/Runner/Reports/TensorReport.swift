import GGUF
import GPTOSS
import GPTOSSBlockFormats
import GPTOSSMeasurement
import GPTOSSPlatform

/// What `inspect --tensor` tells about the weights of a tensor or a part of one.
struct TensorReport {
  private let part: TensorPart
  private let statistics: TensorStatistics
  private let loss: (format: BlockFormat, figures: FormatLoss)?

  /// - Parameter other: a format to compare with; nil for none.
  /// - Throws: `RunnerError.noComparison` where rows are no whole blocks of that format; `BlockFormatError`.
  init(_ part: TensorPart, comparedWith other: BlockFormat?) throws {
    self.part = part
    statistics = try TensorStatistics(of: part.part, part.format, in: part.file)
    guard let other, let encoder = other.encoder else {
      loss = nil
      return
    }
    let width = part.tensor.dimensions.first ?? 1
    guard width % other.weightsPerBlock == 0 else {
      throw RunnerError.noComparison(tensor: part.tensor.name, columns: width, format: other.name)
    }
    loss = (other, try FormatLoss(of: part.part, part.format, as: encoder, in: part.file))
  }

  /// Lines for people.
  var text: String {
    let shape = part.part.dimensions.map(String.init).joined(separator: " x ")
    let bits = Double(8 * part.format.bytesPerBlock) / Double(part.format.weightsPerBlock)
    var lines = [
      "\(title): \(part.format.name), \(shape), \(statistics.count) weights of \(bits) bits",
      "range \(statistics.smallest) to \(statistics.largest), mean \(Float(statistics.mean)), "
        + "standard deviation \(Float(statistics.deviation))",
      "\(share(statistics.zeroCount)) are zero"
        + (statistics.notFiniteCount > 0 ? ", \(statistics.notFiniteCount) are not numbers" : ""),
    ]
    let scales = statistics.scaleCounts.sorted { $0.key < $1.key }
    if !scales.isEmpty {
      lines += ["", "scales from 2^n to just below 2^(n + 1), by n"]
      lines += histogram(scales.map { ("\($0.key)", $0.value) })
      if statistics.zeroScaleCount > 0 {
        lines.append("  \(statistics.zeroScaleCount) scales are 0 or no numbers")
      }
    }
    if part.format == .mxfp4 {
      lines += ["", "nibbles, by the value that they stand for before the scale"]
      lines += histogram(
        statistics.nibbleCounts.enumerated().map { nibble, count in
          ("\(nibble): \(MXFP4.doubledValues[nibble] / 2)", count)
        })
    }
    lines += [
      "",
      "\(statistics.outlierCount) weights are further than \(Int(TensorStatistics.outlierDistance)) standard "
        + "deviations from the mean" + (statistics.outliers.isEmpty ? "" : ", the furthest"),
    ]
    lines += statistics.outliers.map { "  \("\($0.value)".padded(to: 14))\(part.place(of: $0.index))" }
    if let loss {
      lines += [
        "",
        "as \(loss.format.name), of \(loss.figures.bitsPerWeight) bits: relative error "
          + "\(Float(loss.figures.relativeError)), largest \(loss.figures.largestError), "
          + "\(share(loss.figures.unchangedCount)) stay as they are",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same for scripts.
  var json: JSONValue {
    let scales = statistics.scaleCounts.sorted { $0.key < $1.key }
      .map { JSONValue.array([JSONValue($0.key), JSONValue($0.value)]) }
    let outliers = statistics.outliers.map { outlier -> JSONValue in
      ["index": JSONValue(outlier.index), "value": JSONValue(decimal: outlier.value)]
    }
    var members: [JSONObject.Entry] = [
      ("tensor", .string(part.tensor.name)), ("format", .string(part.format.name)),
      ("dimensions", .array(part.part.dimensions.map { JSONValue($0) })),
      ("weights", JSONValue(statistics.count)),
      ("zeros", JSONValue(statistics.zeroCount)), ("not_finite", JSONValue(statistics.notFiniteCount)),
      ("smallest", JSONValue(decimal: statistics.smallest)),
      ("largest", JSONValue(decimal: statistics.largest)),
      ("mean", JSONValue(decimal: statistics.mean)), ("deviation", JSONValue(decimal: statistics.deviation)),
      ("scale_exponents", .array(scales)), ("zero_scales", JSONValue(statistics.zeroScaleCount)),
      ("nibbles", .array(part.format == .mxfp4 ? statistics.nibbleCounts.map { JSONValue($0) } : [])),
      ("outlier_count", JSONValue(statistics.outlierCount)), ("outliers", .array(outliers)),
    ]
    if let loss {
      members.append(
        (
          "compared",
          [
            "format": .string(loss.format.name), "bits": JSONValue(decimal: loss.figures.bitsPerWeight),
            "relative_error": JSONValue(decimal: loss.figures.relativeError),
            "largest_error": JSONValue(decimal: loss.figures.largestError),
            "unchanged": JSONValue(loss.figures.unchangedCount),
          ]
        ))
    }
    return .object(JSONObject(members))
  }

  private var title: String {
    let places = [part.expert.map { "expert \($0)" }, part.row.map { "row \($0)" }].compactMap(\.self)
    return ([part.tensor.name.inert] + places).joined(separator: ", ")
  }

  private func share(_ count: Int) -> String {
    let percent = 100 * Double(count) / Double(max(1, statistics.count))
    return "\((percent * 100).rounded() / 100) %"
  }

  /// A line per count, with a bar whose longest has 40 characters.
  private func histogram(_ counts: [(name: String, count: Int)]) -> [String] {
    let largest = max(1, counts.map(\.count).max() ?? 1)
    let total = Double(max(1, counts.reduce(0) { $0 + $1.count }))
    return counts.map { name, count in
      let percent = (10_000 * Double(count) / total).rounded() / 100
      let bar = String(repeating: "█", count: Int((40 * Double(count) / Double(largest)).rounded(.up)))
      return "  \(name.padded(to: 10))\("\(percent) %".padded(to: 9))\(bar)"
    }
  }
}
