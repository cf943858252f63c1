/// Chooses one token after another from the model's logits.
///
/// A pure state machine: options, seed, the tokens accepted and the logits decide the token, on every
/// platform alike. Copying a sampler forks it: both copies go on with the same choices.
///
/// The stages, in the order of llama.cpp's default chain:
///
/// 1. mask: forbidden tokens get −∞;
/// 2. logit bias: added to the logit *l*;
/// 3. penalties on tokens seen: *l* / *r* where *l* > 0, else *l* · *r*, with the repetition penalty *r*
///    (Keskar et al., "CTRL", 2019); then *l* − *n* · frequency − presence for a token generated *n* > 0
///    times (OpenAI's API reference);
/// 4. at temperature 0 the largest logit wins, the lowest id on a tie, and the sampler is done;
/// 5. top-k: the *k* largest logits stay;
/// 6. top-p: of what is left, the fewest best tokens whose probabilities sum to at least *p* stay
///    (Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020);
/// 7. min-p: tokens at least *m* times as probable as the best one stay (Nguyen et al., "Turning Up the
///    Heat: Min-p Sampling", 2024);
/// 8. temperature *T* and the draw: a token is taken with probability proportional to e^(*l* / *T*).
///
/// A new stage is a method of `Candidates`, an option in `SamplingOptions` and a line in
/// ``sample(_:allowed:)``. One that changes logits, as penalties do, belongs before stage 4, so that it
/// counts at temperature 0 too. A filter (`Candidates+Filters.swift`) belongs among stages 5 to 7; it sees
/// what the ones before it left.
///
/// Filters judge the model's own probabilities, so a high temperature does not let unlikely tokens back in.
/// vLLM agrees up to stage 4 but divides by the temperature before it filters; at temperature 1 the two
/// are the same. As in vLLM, the repetition penalty looks at prompt and answer, frequency and presence at the
/// answer alone.
///
/// NaN counts as −∞ and is never chosen; +∞ as the largest finite number. Every token has its own number of
/// the seed's: a draw takes exactly one, also when a single token is left, and ``skip()`` passes over one. So
/// a token that needs no draw leaves those after it as they are.
///
/// - Complexity: a few passes over the vocabulary, O(*n*); nothing but one bin of a histogram is sorted, and
///   nothing is allocated after the first token.
public struct Sampler: Sendable {
  /// The options that the sampler was made with.
  public let options: SamplingOptions
  /// The seed of the random numbers: the one in the options, or the one drawn in its place.
  public let seed: UInt64

  private let biases: [(token: Int, bias: Float)]
  private var penalties: Penalties
  private var random: Xoshiro256PlusPlus
  private var candidates = Candidates()

  /// A sampler that draws from `seed`, whatever the options say.
  ///
  /// - Throws: `SamplingError.optionOutOfRange`, `SamplingError.biasedTokenOutOfRange` as
  ///   `SamplingOptions.validate()`.
  public init(_ options: SamplingOptions, seed: UInt64) throws(SamplingError) {
    try options.validate()
    self.options = options
    self.seed = seed
    biases = options.logitBias.sorted { $0.key < $1.key }.map { (token: $0.key, bias: $0.value) }
    penalties = Penalties(options)
    random = Xoshiro256PlusPlus(seed: seed)
  }

  /// A sampler that draws from the options' seed; without one, from a seed that the system's random
  /// numbers choose and that `seed` reports.
  ///
  /// - Throws: `SamplingError.optionOutOfRange`, `SamplingError.biasedTokenOutOfRange` as
  ///   `SamplingOptions.validate()`.
  public init(_ options: SamplingOptions) throws(SamplingError) {
    try self.init(options, seed: options.seed ?? .random(in: .min ... .max))
  }

  /// Chooses the next token.
  ///
  /// It enters the penalties only when it is given to `accept(_:)`.
  ///
  /// - Parameters:
  ///   - logits: `[vocabulary]`, the model's output for one position.
  ///   - allowed: the tokens that may be chosen; `nil` allows all.
  /// - Returns: a token id, `0 ..< logits.count`.
  /// - Throws: `SamplingError.noCandidates` if no token is left to choose from;
  ///   `SamplingError.biasedTokenOutOfRange` if the logit bias names a token past the vocabulary. The random
  ///   numbers stay where they were.
  /// - Precondition: `allowed` is made for `logits.count` tokens; accepted tokens are below `logits.count`.
  public mutating func sample(_ logits: Span<Float>, allowed: TokenMask? = nil) throws(SamplingError) -> Int {
    try sample(logits, allowed: allowed) { _, _ in }
  }

  /// Chooses the next token, and shows the candidates after every stage that is in use.
  ///
  /// - Parameter watch: receives the stage and what it left.
  @inline(__always)
  mutating func sample(
    _ logits: Span<Float>, allowed: TokenMask?, watch: (SamplingStage, Candidates) -> Void
  ) throws(SamplingError) -> Int {
    candidates.load(logits, allowed: allowed)
    if allowed != nil { watch(.mask, candidates) }
    for (token, bias) in biases {
      guard token < logits.count else {
        throw .biasedTokenOutOfRange(token: token, vocabularySize: logits.count)
      }
      candidates.adjust(token) { $0 + bias }
    }
    if !biases.isEmpty { watch(.bias, candidates) }
    penalties.apply(to: &candidates)
    if penalties.isActive { watch(.penalties, candidates) }
    guard let (best, bestToken) = candidates.best else { throw .noCandidates(vocabularySize: logits.count) }
    if options.temperature == 0 { return bestToken }

    if let topK = options.topK, topK > 0 {
      candidates.keep(topK: topK, best: best)
      watch(.topK, candidates)
    }
    if let topP = options.topP, topP < 1 {
      candidates.keep(topP: topP, best: best)
      watch(.topP, candidates)
    }
    if let minP = options.minP, minP > 0 {
      candidates.keep(minP: minP, best: best)
      watch(.minP, candidates)
    }
    let total = candidates.weigh(best: best, temperature: options.temperature ?? 1)
    watch(.temperature, candidates)
    return candidates.token(at: candidates.candidate(atWeight: random.unitInterval() * total))
  }

  /// Passes over a token that needs no draw, because no other may come: the next draw is the one that would
  /// have come after it.
  public mutating func skip() {
    if options.temperature != 0 { _ = random.next() }
  }

  /// Takes note of a generated token: all three penalties see it from now on.
  ///
  /// - Precondition: `token >= 0`.
  public mutating func accept(_ token: Int) {
    precondition(token >= 0)
    penalties.accept(token, isGenerated: true)
  }

  /// Takes note of the prompt: the repetition penalty alone sees it.
  ///
  /// - Precondition: no token is negative.
  public mutating func acceptPrompt(_ tokens: some Sequence<Int>) {
    for token in tokens {
      precondition(token >= 0)
      penalties.accept(token, isGenerated: false)
    }
  }

  /// The tokens that the last draw chose from, in rising order; for tests of the filters.
  package var lastChoices: [Int] {
    (0..<candidates.count).filter { candidates.logits[$0] > -.infinity }.map { candidates.token(at: $0) }
  }
}
