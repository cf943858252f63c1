/// Who is told what a pass does with the tokens of one ``BatchEntry``.
///
///     let observer = PassObserver { layer in print(layer.index, layer.experts) }
///     let logits = try transformer.forward([BatchEntry(cache, tokens, observer: observer)])
///
/// An observed pass gives the same bits as any other. What is observed is read after it was computed, once
/// per layer; an entry without an observer costs nothing.
///
/// All tokens of the entry are observed, guesses included. Where the cache is truncated behind a wrong guess,
/// a later pass observes its position again.
public struct PassObserver {
  /// The positions whose vectors are wanted besides the numbers: many bytes each, at 20b 0.2 MB per layer.
  public var vectorPositions: Set<Int>
  /// The positions whose residual stream is wanted: what ``Transformer/readOut(_:precision:)`` makes logits
  /// of.
  public var residualPositions: Set<Int>
  /// Called after each layer of a pass, on the thread that called ``Transformer/forward(_:precision:)``,
  /// while that holds the transformer: it must not use it.
  public let receive: (LayerObservation) -> Void

  /// An observer.
  ///
  /// - Parameters:
  ///   - vectorPositions: positions whose ``LayerObservation/vectors`` are wanted.
  ///   - residualPositions: positions whose ``LayerObservation/residuals`` are wanted.
  ///   - receive: receives the layers of a pass in order.
  public init(
    vectorPositions: Set<Int> = [], residualPositions: Set<Int> = [],
    receive: @escaping (LayerObservation) -> Void
  ) {
    self.vectorPositions = vectorPositions
    self.residualPositions = residualPositions
    self.receive = receive
  }
}
