import GGUF
import GPTOSSKernels
import GPTOSSModel
import Testing

/// Passes that are looked at. If these fail, looking changes what a model says, or shows what it did not do.
/// (The numbers themselves are held against OpenAI's formulas in float64 by Tests/Conformance/trace.py.)
struct ObservationTests {
  @Test(arguments: TransformerTests.exactSets, CacheElement.allCases)
  func anObservedPassGivesTheSameBits(kernels: KernelSetName, element: CacheElement) throws {
    let model = try TinyModel(seed: 11)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), kernels: kernels, threadCount: 2)
    let tokens = TransformerTests.tokens(seed: 11)
    let plain = try read(transformer, tokens, element, chunk: tokens.count, observer: nil)
    for chunk in [1, 7, 90] {
      let layers = Layers()
      let observer = PassObserver(
        vectorPositions: [3, 70], residualPositions: [0, 89], receive: layers.add)
      let observed = try read(transformer, tokens, element, chunk: chunk, observer: observer)
      #expect(observed == plain, "chunks of \(chunk)")
      #expect(layers.all.count == 3 * ((tokens.count + chunk - 1) / chunk))
    }
  }

  /// An observer is told about its own entry, whatever else is in the batch, and whatever the chunks.
  @Test(arguments: TransformerTests.exactSets)
  func whatIsSeenDependsOnTheSequenceAlone(kernels: KernelSetName) throws {
    let model = try TinyModel(seed: 12)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), kernels: kernels, threadCount: 2)
    let tokens = TransformerTests.tokens(seed: 12)
    let whole = Layers()
    _ = try read(transformer, tokens, nil, chunk: 90, observer: PassObserver(receive: whole.add))
    let pieces = Layers()
    let cache = transformer.makeCache()
    let other = transformer.makeCache()
    for first in stride(from: 0, to: tokens.count, by: 9) {
      let piece = Array(tokens[first..<first + 9])
      _ = try transformer.forward([
        BatchEntry(other, Array(piece.reversed())),
        BatchEntry(cache, piece, observer: PassObserver(receive: pieces.add)),
      ])
    }
    for layer in 0..<3 {
      let whole = whole.all.filter { $0.index == layer }
      let pieces = pieces.all.filter { $0.index == layer }
      #expect(pieces.map(\.positions).joined().elementsEqual(0..<90))
      #expect(pieces.flatMap(\.routerLogits) == whole.flatMap(\.routerLogits))
      #expect(pieces.flatMap(\.experts) == whole.flatMap(\.experts))
      #expect(pieces.flatMap(\.weights) == whole.flatMap(\.weights))
      #expect(pieces.flatMap(\.expertNorms) == whole.flatMap(\.expertNorms))
      #expect(pieces.flatMap(\.inputNorms) == whole.flatMap(\.inputNorms))
      #expect(pieces.flatMap(\.attentionNorms) == whole.flatMap(\.attentionNorms))
      #expect(pieces.flatMap(\.middleNorms) == whole.flatMap(\.middleNorms))
      #expect(pieces.flatMap(\.residualNorms) == whole.flatMap(\.residualNorms))
      #expect(pieces.flatMap(\.sinkShares) == whole.flatMap(\.sinkShares))
      #expect(pieces.flatMap(\.attendedPositions) == whole.flatMap(\.attendedPositions))
      #expect(pieces.flatMap(\.attendedShares) == whole.flatMap(\.attendedShares))
    }
  }

  /// Guesses that turn out wrong are observed and forgotten: the tokens before and after them are seen as if
  /// there had been none, while others in the batch are read with as many rows of logits.
  @Test(arguments: TransformerTests.exactSets)
  func rejectedGuessesChangeNothing(kernels: KernelSetName) throws {
    let model = try TinyModel(seed: 16)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), kernels: kernels, threadCount: 2)
    let tokens = TransformerTests.tokens(seed: 16)
    let whole = Layers()
    _ = try read(transformer, tokens, nil, chunk: 90, observer: PassObserver(receive: whole.add))
    let expected = try read(transformer, tokens, nil, chunk: 90, observer: nil)
    let (cache, other) = (transformer.makeCache(), transformer.makeCache())
    _ = try transformer.forward([BatchEntry(cache, Array(tokens[..<60]), logits: .none)])
    // Two that come, three that do not.
    let guesses = tokens[60..<62] + tokens[62..<65].map { ($0 + 1) % TinyModel.vocabularySize }
    let pieces = Layers()
    let logits = try transformer.forward([
      BatchEntry(other, Array(tokens[..<3]), logits: .suffix(2)),
      BatchEntry(cache, Array(guesses), logits: .suffix(5), observer: PassObserver(receive: pieces.add)),
    ])
    #expect(logits.rowCount == 7 && pieces.all.map(\.positions) == [60..<65, 60..<65, 60..<65])
    for row in 0..<2 { #expect(logits[2 + row].map(\.bitPattern) == expected[60 + row]) }
    #expect(cache.truncate(to: 62))
    let rest = Layers()
    _ = try transformer.forward([
      BatchEntry(cache, Array(tokens[62...]), observer: PassObserver(receive: rest.add))
    ])
    for layer in 0..<3 {
      let (whole, piece, rest) = (whole.all[layer], pieces.all[layer], rest.all[layer])
      #expect(rest.positions == 62..<90)
      #expect(piece.routerLogits.prefix(2 * 4) + rest.routerLogits == whole.routerLogits.dropFirst(60 * 4))
      #expect(piece.experts.prefix(2 * 2) + rest.experts == whole.experts.dropFirst(60 * 2))
      #expect(piece.residualNorms.prefix(2) + rest.residualNorms == whole.residualNorms.dropFirst(60))
      #expect(piece.sinkShares.prefix(2 * 4) + rest.sinkShares == whole.sinkShares.dropFirst(60 * 4))
      let places = 4 * LayerObservation.attendedCount
      #expect(
        piece.attendedPositions.prefix(2 * places) + rest.attendedPositions
          == whole.attendedPositions.dropFirst(60 * places))
    }
  }

  @Test(arguments: TransformerTests.exactSets)
  func theLastResidualGivesTheLogits(kernels: KernelSetName) throws {
    let model = try TinyModel(seed: 13)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), kernels: kernels, threadCount: 2)
    let layers = Layers()
    let logits = try transformer.forward([
      BatchEntry(
        transformer.makeCache(), TransformerTests.tokens(seed: 13), logits: .all,
        observer: PassObserver(residualPositions: [5, 80], receive: layers.add))
    ])
    let last = try #require(layers.all.last?.residuals)
    #expect(last.keys.sorted() == [5, 80])
    let lens = transformer.readOut([last[5] ?? [], last[80] ?? []])
    #expect(lens[0] == logits[5] && lens[1] == logits[80])
  }

  /// What the vectors say adds up to the residual stream, and the numbers are theirs.
  @Test func whatWasAddedIsWhatIsThere() throws {
    let model = try TinyModel(seed: 14)
    defer { model.remove() }
    let transformer = try Transformer(
      GGUFFile(path: model.path), kernels: .reference, threadCount: 1)
    let layers = Layers()
    _ = try transformer.forward([
      BatchEntry(
        transformer.makeCache(), TransformerTests.tokens(seed: 14),
        observer: PassObserver(vectorPositions: [40], receive: layers.add))
    ])
    let vectors = try layers.all.map { try #require($0.vectors[40]) }
    var embedding = vectors[0].residual
    for i in embedding.indices {
      embedding[i] -= vectors[0].attention[i]
      for expert in vectors[0].experts { embedding[i] -= expert.weight * expert.output[i] }
    }
    #expect(abs(norm(embedding) - layers.all[0].inputNorms[40]) < 1e-4)
    for index in 1..<3 {
      var sum = vectors[index - 1].residual
      #expect(layers.all[index].inputNorms == layers.all[index - 1].residualNorms, "layer \(index)")
      for i in sum.indices { sum[i] += vectors[index].attention[i] }
      #expect(abs(norm(sum) - layers.all[index].middleNorms[40]) < 1e-4)
      for expert in vectors[index].experts {
        for i in sum.indices { sum[i] += expert.weight * expert.output[i] }
      }
      #expect(zip(sum, vectors[index].residual).allSatisfy { abs($0 - $1) < 1e-5 }, "layer \(index)")
      #expect(abs(norm(vectors[index].residual) - layers.all[index].residualNorms[40]) < 1e-4)
      #expect(abs(norm(vectors[index].attention) - layers.all[index].attentionNorms[40]) < 1e-4)
      for (slot, expert) in vectors[index].experts.enumerated() {
        #expect(layers.all[index].experts[80 + slot] == expert.index)
        #expect(abs(expert.weight * norm(expert.output) - layers.all[index].expertNorms[80 + slot]) < 1e-4)
        #expect(expert.activation.count == 64)
      }
    }
  }

  /// On sliding layers eight positions are all that a token sees, so that nothing is left out.
  @Test func sharesSumToOne() throws {
    let model = try TinyModel(seed: 15)
    defer { model.remove() }
    let transformer = try Transformer(GGUFFile(path: model.path), kernels: .portable, threadCount: 2)
    let layers = Layers()
    _ = try transformer.forward([
      BatchEntry(
        transformer.makeCache(), TransformerTests.tokens(seed: 15),
        observer: PassObserver(receive: layers.add))
    ])
    let count = LayerObservation.attendedCount
    for layer in layers.all {
      for (row, sink) in layer.sinkShares.enumerated() {
        let places = row * count..<(row + 1) * count
        let sum = places.reduce(sink) { $0 + layer.attendedShares[$1] }
        let token = row / 4
        #expect(places.filter { layer.attendedPositions[$0] >= 0 }.count == min(8, token + 1))
        #expect(layer.index % 2 == 0 ? abs(sum - 1) < 1e-5 : sum < 1 + 1e-5)
        #expect(places.allSatisfy { layer.attendedPositions[$0] <= token })
      }
    }
  }

  private func norm(_ values: [Float]) -> Float { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  private func read(
    _ transformer: Transformer, _ tokens: [Int], _ element: CacheElement?, chunk: Int,
    observer: PassObserver?
  ) throws -> [[UInt32]] {
    let cache = transformer.makeCache(element: element)
    var rows: [[UInt32]] = []
    for first in stride(from: 0, to: tokens.count, by: chunk) {
      let piece = Array(tokens[first..<min(first + chunk, tokens.count)])
      let logits = try transformer.forward([BatchEntry(cache, piece, logits: .all, observer: observer)])
      rows += (0..<logits.rowCount).map { logits[$0].map(\.bitPattern) }
    }
    return rows
  }
}

/// What an observer was told.
private final class Layers {
  private(set) var all: [LayerObservation] = []

  func add(_ layer: LayerObservation) { all.append(layer) }
}
