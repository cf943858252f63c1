/// A run of tokens of one sequence, to be read in one pass with those of other sequences.
///
/// A prompt is read in a few long runs; a sequence that decodes adds one token per pass.
public struct BatchEntry {
  /// Which tokens of an entry give logits.
  public enum Request: Sendable {
    /// None: the tokens are only remembered.
    case none
    /// So many of the last tokens.
    case suffix(Int)
    /// Every token.
    case all

    /// The last token: what a sampler needs.
    public static let last = Request.suffix(1)
  }

  /// The sequence.
  public let cache: KeyValueCache
  /// The tokens that follow what the cache holds.
  public let tokens: [Int]
  /// Which of the tokens give logits.
  public let request: Request
  /// Who is told what happens to the tokens; nil for nobody.
  public let observer: PassObserver?

  /// Names a run of tokens.
  public init(
    _ cache: KeyValueCache, _ tokens: [Int], logits request: Request = .last, observer: PassObserver? = nil
  ) {
    self.cache = cache
    self.tokens = tokens
    self.request = request
    self.observer = observer
  }

  /// The positions of the tokens in their sequence.
  var positions: Range<Int> { cache.count..<(cache.count + tokens.count) }
}

extension [BatchEntry] {
  /// The number of tokens of all entries.
  var tokenCount: Int { reduce(0) { $0 + $1.tokens.count } }

  /// Each entry with its rows among the batch's tokens, which follow one another entry by entry.
  var withRows: [(entry: BatchEntry, rows: Range<Int>)] {
    var start = 0
    return map { entry in
      defer { start += entry.tokens.count }
      return (entry, start..<(start + entry.tokens.count))
    }
  }

  /// The entries that are observed, with their rows.
  var observed: [(entry: BatchEntry, observer: PassObserver, rows: Range<Int>)] {
    withRows.compactMap { entry, rows in entry.observer.map { (entry, $0, rows) } }
  }

  /// The rows whose logits are wanted.
  var rowsWithLogits: [Int] {
    withRows.flatMap { entry, rows in
      switch entry.request {
      case .none: rows.suffix(0)
      case .suffix(let count): rows.suffix(count)
      case .all: rows.suffix(rows.count)
      }
    }
  }
}
