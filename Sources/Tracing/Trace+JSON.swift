public import GPTOSS
import GPTOSSJSON
import GPTOSSPlatform

extension Trace {
  /// Writes the trace as one JSON object, piece by piece.
  ///
  /// Docs/Tracing.md lists its keys. Numbers are written with the fewest digits that read back as the same
  /// value; what is no number is `null`.
  ///
  /// - Parameter write: receives pieces of the text in order.
  /// - Throws: what `write` throws.
  public func writeJSON<Failure>(to write: (String) throws(Failure) -> Void) throws(Failure) {
    try write("{\"model\":\(model.name.json),\"kernels\":\(model.kernels.json),")
    try write("\"vocabulary\":\(vocabularyCount),\"tokens\":[")
    for (index, token) in tokens.enumerated() { try write((index > 0 ? "," : "") + json(token)) }
    try write("],\"layers\":[")
    for (index, layer) in layers.enumerated() {
      try write(index > 0 ? ",{" : "{")
      try write("\"window\":\(layer.window.map(String.init) ?? "null")")
      try writeArray("router", of: layer, to: write) { layer.routerLogits(of: $0).json }
      try writeArray("experts", of: layer, to: write) { layer.experts(of: $0).json }
      try writeArray("weights", of: layer, to: write) { layer.weights(of: $0).json }
      try writeArray("norms", of: layer, to: write) { layer.expertNorms(of: $0).json }
      try writeArray("sink", of: layer, to: write) { layer.sinkShares(of: $0).json }
      try writeArray("attended", of: layer, to: write) { token in
        let heads = (0..<configuration.queryHeadCount).map { head in
          layer.attended(of: token, head: head).map { "[\($0.position),\($0.share.json)]" }.jsonArray
        }
        return heads.jsonArray
      }
      try writeArray("input_norms", of: layer, to: write) { layer.inputNorms[$0].json }
      try writeArray("attention_norms", of: layer, to: write) { layer.attentionNorms[$0].json }
      try writeArray("middle_norms", of: layer, to: write) { layer.middleNorms[$0].json }
      try writeArray("residual_norms", of: layer, to: write) { layer.residualNorms[$0].json }
      try write("}")
    }
    try write("]}")
  }

  /// Writes a key whose value is an array with an element per token.
  private func writeArray<Failure>(
    _ key: String, of layer: TracedLayer, to write: (String) throws(Failure) -> Void,
    _ element: (Int) -> String
  ) throws(Failure) {
    try write(",\"\(key)\":[")
    for token in 0..<layer.tokenCount { try write((token > 0 ? "," : "") + element(token)) }
    try write("]")
  }

  /// A token as a JSON object.
  func json(_ token: Token) -> String {
    var members = [
      "\"id\":\(token.id)", "\"text\":\(token.text.json)", "\"channel\":\(token.channel.rawValue.json)",
      "\"generated\":\(token.isGenerated)", "\"log_probability\":\(token.logProbability?.json ?? "null")",
      "\"alternatives\":\(json(token.alternatives))",
    ]
    if let sampling = token.sampling {
      let steps = sampling.steps.map {
        "{\"stage\":\($0.stage.rawValue.json),\"remaining\":\($0.remaining)}"
      }
      let candidates = sampling.candidates.map {
        "{\"id\":\($0.token),\"text\":\(text(of: $0.token).json),\"probability\":\($0.probability.json),"
          + "\"dropped_by\":\($0.droppedBy?.rawValue.json ?? "null"),"
          + "\"draw_probability\":\($0.drawProbability.json)}"
      }
      members.append(
        "\"sampling\":{\"chosen\":\(sampling.chosen),\"steps\":\(steps.jsonArray),"
          + "\"candidates\":\(candidates.jsonArray)}")
    }
    if !token.lens.isEmpty {
      let readings = token.lens.map {
        "{\"log_probability\":\($0.logProbability.json),\"rank\":\($0.rank),\"best\":\(json($0.best))}"
      }
      members.append("\"lens\":\(readings.jsonArray)")
    }
    return "{\(members.joined(separator: ","))}"
  }

  private func json(_ tokens: [TokenLogProbability]) -> String {
    tokens.map {
      "{\"id\":\($0.token),\"text\":\(text(of: $0.token).json),"
        + "\"log_probability\":\($0.logProbability.json)}"
    }.jsonArray
  }

  /// The text of a token that the trace names.
  func text(of token: TokenID) -> String { texts[token] ?? "" }
}

extension String {
  /// The text as a JSON string that stays inert in HTML, too: `<`, `>` and `&` are escaped.
  var json: String {
    var text = ""
    for scalar in JSONValue.string(self).text.inertJSON.unicodeScalars {
      switch scalar {
      case "<": text += "\\u003c"
      case ">": text += "\\u003e"
      case "&": text += "\\u0026"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension BinaryFloatingPoint where Self: CustomStringConvertible {
  /// The number in JSON; `null` for what is none.
  var json: String { isFinite ? description : "null" }
}

extension Sequence where Element: BinaryFloatingPoint & CustomStringConvertible {
  /// The numbers as a JSON array.
  var json: String { map(\.json).jsonArray }
}

extension Sequence where Element == Int {
  /// The numbers as a JSON array.
  var json: String { map(String.init).jsonArray }
}

extension Sequence<String> {
  /// JSON values as an array.
  var jsonArray: String { "[\(joined(separator: ","))]" }
}
