public import GPTOSS
import GPTOSSPlatform

extension Trace {
  /// The columns of ``writeCSV(to:)``.
  public static let csvColumns = [
    "position", "id", "text", "channel", "generated", "log_probability", "layer", "slot", "expert",
    "router_logit", "weight", "norm", "sink", "residual_norm",
  ]

  /// Writes a table with a row for every expert that worked on a token: tokens, in them layers, in them the
  /// experts in the order of their choice.
  ///
  /// Docs/Tracing.md says what the columns hold. The text is a JSON string within the field's own quotation
  /// marks: so it stays on one line, and no spreadsheet takes it for a formula.
  ///
  /// - Parameter write: receives pieces of the text in order.
  /// - Throws: what `write` throws.
  public func writeCSV<Failure>(to write: (String) throws(Failure) -> Void) throws(Failure) {
    try write(Self.csvColumns.joined(separator: ",") + "\n")
    for (position, token) in tokens.enumerated() {
      let beginning = [
        "\(position)", "\(token.id)", "\"\(token.text.json.replacingScalars(["\"": "\"\""]))\"",
        token.channel.rawValue, "\(token.isGenerated)", token.logProbability?.csv ?? "",
      ]
      for (index, layer) in layers.enumerated() {
        let router = layer.routerLogits(of: position)
        let sinks = layer.sinkShares(of: position)
        let sink = sinks.reduce(0, +) / Float(sinks.count)
        let weights = Array(layer.weights(of: position))
        let norms = Array(layer.expertNorms(of: position))
        for (slot, expert) in layer.experts(of: position).enumerated() {
          let row =
            beginning + [
              "\(index)", "\(slot)", "\(expert)", router[router.startIndex + expert].csv, weights[slot].csv,
              norms[slot].csv, sink.csv, layer.residualNorms[position].csv,
            ]
          try write(row.joined(separator: ",") + "\n")
        }
      }
    }
  }
}

extension BinaryFloatingPoint where Self: CustomStringConvertible {
  /// The number in a table; an empty field for what is none.
  fileprivate var csv: String { isFinite ? description : "" }
}
