/// A line on the terminal that shows how far a long job is. Where standard error is no terminal, it shows
/// nothing.
///
///     writing  ████████░░░░░░░░░░░░  41 %  5.0 of 12.1 GB
///
/// It appears once the job has taken a while, and is redrawn at most ten times per second.
package struct ProgressBar {
  private let label: String
  private let isShown = StandardError.hasCursor
  /// Nil until there is something to show.
  private var nextDrawing: ContinuousClock.Instant?
  private var isDrawn = false
  private static let width = 20
  private static let patience = Duration.milliseconds(300)
  private static let interval = Duration.milliseconds(100)

  package init(_ label: String) { self.label = label }

  /// Redraws the line, if it is time to.
  ///
  /// - Parameters:
  ///   - fraction: how much is done, 0 to 1; what is beyond counts as either.
  ///   - detail: what stands behind the bar.
  package mutating func update(_ fraction: Double, _ detail: @autoclosure () -> String = "") {
    let now = ContinuousClock.now
    let due = nextDrawing ?? now + Self.patience
    nextDrawing = due
    guard isShown, now >= due else { return }
    nextDrawing = now + Self.interval
    isDrawn = true
    let fraction = fraction > 0 ? min(fraction, 1) : 0
    let filled = Int(fraction * Double(Self.width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    StandardError.write("\r\u{1B}[K\(label)  \(bar)  \(Int(fraction * 100)) %  \(detail())")
  }

  /// Takes the line away. The same bar may then show another job.
  package mutating func finish() {
    if isDrawn { StandardError.write("\r\u{1B}[K") }
    isDrawn = false
    nextDrawing = nil
  }
}
