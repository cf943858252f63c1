import GPTOSSKernels

/// The memory that a forward pass writes to: activations for the largest batch, made once.
///
/// Unchecked because its parts are classes: the transformer's lock lends it to one pass at a time.
package final class Workspace: @unchecked Sendable {
  /// `[tokens, hiddenSize]`: the residual stream.
  let residual: Activations
  /// `[tokens, hiddenSize]`: the residual stream, normalized.
  let normalized: Activations
  let attention: AttentionWorkspace
  let experts: ExpertWorkspace

  package init(_ configuration: Configuration, tokens: Int) {
    residual = Activations(capacity: tokens, columns: configuration.hiddenSize)
    normalized = Activations(capacity: tokens, columns: configuration.hiddenSize)
    attention = AttentionWorkspace(configuration, tokens: tokens)
    experts = ExpertWorkspace(configuration, tokens: tokens)
  }

  /// Sets the number of tokens in use, except for the experts: theirs depends on what the router chooses.
  func resize(tokens: Int) {
    residual.rows = tokens
    normalized.rows = tokens
    attention.resize(tokens: tokens)
  }

  /// Bytes of memory in use.
  package var byteCount: Int {
    let parts = [
      residual, normalized, attention.queries, attention.keys, attention.values, attention.mixed,
      attention.output, attention.cosines, attention.sines, experts.routerLogits, experts.input, experts.gate,
      experts.up, experts.output,
    ]
    return parts.reduce(0) { $0 + Activations.byteCount(capacity: $1.capacity, columns: $1.columns) }
  }
}
