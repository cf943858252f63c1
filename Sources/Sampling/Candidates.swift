/// The tokens that may still be chosen, with their logits: what the stages of a sampler narrow down.
///
/// Tokens stand in rising order of id. Storage is kept from token to token, so that sampling allocates
/// nothing after the first one.
struct Candidates: Sendable {
  /// `[count]` logits without NaN and +∞, then −∞ up to a multiple of sixteen.
  var logits: [Float] = []
  /// `[count]` relative probabilities, where a stage has computed them, then 0 up to a multiple of sixteen.
  var weights: [Float] = []
  /// `[count]` ids, once a stage has dropped tokens; before that candidate *i* is token *i*.
  var tokens: [UInt32] = []
  /// Whether `tokens` is in use.
  var isNarrowed = false
  /// The number of candidates.
  private(set) var count = 0
  /// The sums of `weights`, one per block.
  var blockSums: [Double] = []
  /// Scratch of the filters: a histogram, and the candidates of one of its bins.
  var bins: [Double] = []
  var order: [Int] = []

  /// The number of logits that full groups of sixteen cover.
  var paddedCount: Int { (count + 15) & ~15 }

  /// The token of one candidate.
  func token(at index: Int) -> Int {
    isNarrowed ? Int(tokens[index]) : index
  }

  /// Starts over with all tokens of a vocabulary.
  ///
  /// NaN becomes −∞, which no stage chooses; +∞ becomes the largest finite number, so that differences
  /// stay numbers. A token that the mask forbids becomes −∞.
  ///
  /// - Parameters:
  ///   - row: `[vocabulary]` logits.
  ///   - allowed: a mask over the same vocabulary.
  mutating func load(_ row: Span<Float>, allowed: TokenMask?) {
    precondition(allowed == nil || allowed?.count == row.count, "the mask is made for another vocabulary")
    isNarrowed = false
    resize(to: row.count)
    var index = 0
    while index + 16 <= row.count {
      logits.setLanes(row.lanes(at: index).sanitized, at: index)
      index += 16
    }
    while index < row.count {
      logits[index] = Lanes(repeating: row[index]).sanitized[0]
      index += 1
    }
    if let allowed { forbid(allowed.words.span) }
  }

  /// The best logit and the first candidate that has it; `nil` if every logit is −∞.
  var best: (logit: Float, index: Int)? {
    var largest = Lanes(repeating: -.infinity)
    for index in stride(from: 0, to: paddedCount, by: 16) {
      largest = largest.larger(logits.lanes(at: index))
    }
    let logit = largest.largest
    guard logit > -.infinity else { return nil }
    for index in stride(from: 0, to: paddedCount, by: 16) where any(logits.lanes(at: index) .== logit) {
      for lane in index..<index + 16 where logits[lane] == logit { return (logit, lane) }
    }
    return nil
  }

  /// Keeps the candidates that a test on sixteen logits and weights says yes to; the others are gone.
  ///
  /// - Parameters:
  ///   - weighted: whether the test looks at `weights`; else it is given zeros.
  ///   - keeps: the test; lanes past `count` have logit −∞ and weight 0 and must fail it.
  @inline(__always)
  mutating func keep(weighted: Bool, where keeps: (Lanes, Lanes) -> SIMDMask<SIMD16<Int32>>) {
    if !isNarrowed {
      for index in 0..<count { tokens[index] = UInt32(truncatingIfNeeded: index) }
      isNarrowed = true
    }
    var kept = 0
    for start in stride(from: 0, to: paddedCount, by: 16) {
      let mask = keeps(logits.lanes(at: start), weighted ? weights.lanes(at: start) : Lanes(repeating: 0))
      if any(mask) { kept = Self.move(mask, from: start, to: kept, &logits, &tokens) }
    }
    for index in kept..<paddedCount { logits[index] = -.infinity }
    count = kept
  }

  /// Moves the marked ones of sixteen candidates down to `kept` and says where the next ones go.
  ///
  /// Writes every candidate and steps on only after a marked one: what is marked is hard to predict.
  @inline(__always)
  private static func move(
    _ mask: SIMDMask<SIMD16<Int32>>, from start: Int, to kept: Int, _ logits: inout [Float],
    _ tokens: inout [UInt32]
  ) -> Int {
    var logits = logits.mutableSpan
    var tokens = tokens.mutableSpan
    var next = kept
    for lane in 0..<16 {
      (logits[next], tokens[next]) = (logits[start + lane], tokens[start + lane])
      next += mask[lane] ? 1 : 0
    }
    return next
  }

  /// Makes room for `newCount` candidates. The padding becomes −∞; what is in `0 ..< newCount` is undefined.
  private mutating func resize(to newCount: Int) {
    count = newCount
    if logits.count < paddedCount {
      logits = [Float](repeating: -.infinity, count: paddedCount)
      weights = [Float](repeating: 0, count: paddedCount)
      tokens = [UInt32](repeating: 0, count: paddedCount)
    }
    for index in count..<paddedCount { logits[index] = -.infinity }
  }

  /// Changes one token's logit before any stage has dropped tokens.
  mutating func adjust(_ token: Int, by change: (Float) -> Float) {
    logits[token] = Lanes(repeating: change(logits[token])).sanitized[0]
  }

  /// Sets the logits of tokens whose bit is 0 to −∞.
  private mutating func forbid(_ words: Span<UInt64>) {
    for index in stride(from: 0, to: paddedCount, by: 16) {
      let bits = UInt16(truncatingIfNeeded: words[index / 64] >> (index % 64))
      if bits == 0 {
        logits.setLanes(Lanes(repeating: -.infinity), at: index)
      } else if bits != .max {
        for lane in 0..<16 where bits >> lane & 1 == 0 { logits[index + lane] = -.infinity }
      }
    }
  }
}
