/// What compiling schemas may cost, in steps and bytes.
///
/// It is never a time: the same schema is taken or refused on every machine. A budget is used by one task at
/// a time, from the first schema of a request to the last.
public final class CompilationBudget {
  /// Steps and bytes.
  public struct Amount: Sendable, Equatable {
    /// How often one node or member is looked at, a tenth to a fifth of a microsecond each.
    public var steps: Int
    /// Bytes of what is kept or worked on.
    public var bytes: Int

    /// An amount.
    public init(steps: Int, bytes: Int) {
      self.steps = steps
      self.bytes = bytes
    }
  }

  /// What a request may cost: a quarter of a second on a core, and a tenth of what a session's keys and
  /// values take at gpt-oss-20b's full context.
  public static let request = Amount(steps: 1_500_000, bytes: 96 << 20)
  /// Steps between two looks at whether the work is still wanted: well under a millisecond.
  private static let interval = 4096

  /// What may be spent.
  public let limit: Amount
  /// What has been spent.
  public private(set) var spent = Amount(steps: 0, bytes: 0)

  /// Called now and then; false ends the work.
  private let goesOn: () -> Bool
  private var nextLook = interval
  private var isCancelled = false
  /// Where in the schema the work is.
  var path = "#"

  /// A budget.
  ///
  /// - Parameters:
  ///   - limit: what may be spent.
  ///   - goesOn: called every few thousand steps; it may wait, and ends the work by returning false. If
  ///     absent, the work ends with its task.
  public init(_ limit: Amount = request, goesOn: @escaping () -> Bool = { !Task.isCancelled }) {
    self.limit = limit
    self.goesOn = goesOn
  }

  /// For what is known to be small and is made once in a process.
  static func unlimited() -> CompilationBudget {
    CompilationBudget(Amount(steps: .max, bytes: .max), goesOn: { true })
  }

  /// A budget of its own for one of `count` parts that are still to be compiled; what it leaves stays for the
  /// others. ``take(_:)`` pays for it.
  ///
  /// - Precondition: `count > 0`.
  public func share(of count: Int) -> CompilationBudget {
    precondition(count > 0)
    return CompilationBudget(
      Amount(
        steps: max(limit.steps - spent.steps, 0) / count, bytes: max(limit.bytes - spent.bytes, 0) / count),
      goesOn: goesOn)
  }

  /// Pays for what a share has spent, at most what it had.
  public func take(_ share: CompilationBudget) {
    spend(steps: min(share.spent.steps, share.limit.steps), bytes: min(share.spent.bytes, share.limit.bytes))
  }

  /// Whether an amount is left.
  func hasLeft(_ amount: Amount) -> Bool {
    !isExhausted && amount.steps <= limit.steps - spent.steps && amount.bytes <= limit.bytes - spent.bytes
  }

  /// Whether the work has to end. What is returned from then on means nothing.
  var isExhausted: Bool { isCancelled || spent.steps > limit.steps || spent.bytes > limit.bytes }

  /// Takes note of work.
  func spend(steps: Int, bytes: Int = 0) {
    spent.steps += steps
    spent.bytes += bytes
    guard spent.steps >= nextLook else { return }
    nextLook = spent.steps + Self.interval
    if !goesOn() { isCancelled = true }
  }

  /// - Throws: `tooComplex` with the place where the budget ended, `cancelled`.
  func check() throws(StructuredOutputError) {
    guard isExhausted else { return }
    if isCancelled { throw .cancelled }
    throw .tooComplex(path: path, spent.steps > limit.steps ? .steps : .bytes)
  }
}
