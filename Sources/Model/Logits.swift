import GPTOSSKernels

/// Unnormalized log-probabilities of the next token: `[rows, vocabulary]`.
public struct Logits: Sendable {
  /// Nil for no rows.
  private let values: Activations?

  init(_ values: Activations?) { self.values = values }

  /// The number of positions.
  public var rowCount: Int { values?.rows ?? 0 }

  /// Lends one position's logits, `[vocabulary]`.
  ///
  /// - Throws: what `body` throws.
  /// - Precondition: `0 <= row < rowCount`.
  public func withRow<Result, Failure: Error>(
    _ row: Int, _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let values else { preconditionFailure("row \(row) of 0") }
    var result: Swift.Result<Result, Failure>?
    values.withRow(row) { buffer in
      do throws(Failure) { result = .success(try body(buffer.span)) } catch { result = .failure(error) }
    }
    guard let result else { preconditionFailure("withRow calls its body") }
    return try result.get()
  }

  /// One position's logits, `[vocabulary]`.
  ///
  /// - Precondition: `0 <= row < rowCount`.
  public subscript(row: Int) -> [Float] {
    guard let values else { preconditionFailure("row \(row) of 0") }
    return values.withRow(row) { Array($0) }
  }
}
