import GPTOSSModel
import GPTOSSSampling
import GPTOSSTokenizer

/// Puts a trace together, pass by pass.
struct TraceRecorder {
  private static let lensCount = 3

  private var trace: Trace
  private var replay: SamplerReplay?
  private var scorer = LogProbabilities()
  private let request: TraceRequest
  private let vocabulary: Vocabulary

  init(_ request: TraceRequest, _ model: LoadedModel) throws(GPTOSSError) {
    self.request = request
    vocabulary = model.vocabulary
    let tokens = request.text.tokens
    let isGenerated = request.isGenerated
    let isFine = Set(request.text.generated.joined())
    var decoder = StreamingDecoder(vocabulary: vocabulary)
    var traced: [Trace.Token] = []
    for (position, id) in tokens.enumerated() {
      let text: String
      do throws(TokenizerError) { text = try decoder.push(id) } catch { throw .tokenizer(error) }
      traced.append(
        Trace.Token(
          id: id, text: text, channel: request.channels[position], isGenerated: isGenerated[position],
          isReadFinely: isFine.contains(position)))
    }
    if let last = traced.indices.last { traced[last].text += decoder.finish() }
    if let generation = request.generation, request.answerStart < tokens.count {
      replay = try SamplerReplay(
        prompt: Array(tokens[..<request.answerStart]), generation, constraint: request.constraint,
        contextLength: model.configuration.contextLength)
    }
    trace = Trace(
      model: model.information, configuration: model.configuration,
      vocabularyCount: vocabulary.count, tokens: traced,
      layers: (0..<model.configuration.layerCount).map {
        TracedLayer(model.configuration, layer: $0, tokens: tokens.count)
      }, sampling: request.generation?.sampling, texts: [:])
  }

  /// The positions that predict tokens whose lens is wanted.
  func lensPositions(_ positions: Range<Int>) -> Set<Int> {
    let first =
      switch request.options.lens {
      case .none: trace.tokens.count
      case .answer: max(1, request.answerStart)
      case .all: 1
      }
    return Set(positions.filter { $0 + 1 >= first && $0 + 1 < trace.tokens.count })
  }

  /// Takes what was observed in a pass.
  mutating func add(_ layers: [LayerObservation]) {
    for layer in layers { trace.layers[layer.index].append(layer) }
  }

  /// Takes the logits of a position, which are about the token that follows it.
  mutating func add(_ logits: Span<Float>, at position: Int) {
    let next = position + 1
    guard next < trace.tokens.count else { return }
    trace.tokens[next].logProbability = scorer.logProbability(of: trace.tokens[next].id, in: logits)
    trace.tokens[next].alternatives = scorer.best(request.options.alternativeCount, in: logits)
    guard next >= request.answerStart else { return }
    trace.tokens[next].sampling = replay?.steps(to: trace.tokens[next].id, at: next, logits)
  }

  /// Takes what the layers at a position say of the token that follows it, `[layers, vocabulary]`.
  mutating func add(lens logits: Logits, at position: Int) {
    let next = trace.tokens[position + 1].id
    for layer in 0..<logits.rowCount {
      let reading = logits.withRow(layer) { row in
        Trace.LensReading(
          logProbability: scorer.logProbability(of: next, in: row),
          rank: row.indices.reduce(0) { $0 + (row[$1] > row[next] ? 1 : 0) },
          best: scorer.best(Self.lensCount, in: row))
      }
      trace.tokens[position + 1].lens.append(reading)
    }
  }

  /// The trace.
  func finish() -> Trace {
    var trace = trace
    for token in trace.tokens {
      let named =
        [token.id] + token.alternatives.map(\.token) + token.lens.flatMap { $0.best.map(\.token) }
        + (token.sampling?.candidates.map(\.token) ?? [])
      for id in named where trace.texts[id] == nil {
        trace.texts[id] = vocabulary.bytes(of: id).map { String(decoding: $0, as: UTF8.self) } ?? ""
      }
    }
    return trace
  }
}
