import Foundation

/// A line on the terminal that shows how far a long job is; nothing where standard error is no terminal.
///
///     writing  ████████░░░░░░░░░░░░  41 %  5.0 of 12.1 GB
///
/// It appears once the job has taken a while and is redrawn ten times a second at most.
struct ProgressBar {
  private let label: String
  private let isShown = Console.hasCursor
  /// Nil until there is something to show.
  private var nextDrawing: ContinuousClock.Instant?
  private var isDrawn = false
  private static let width = 20
  private static let patience = Duration.milliseconds(300)
  private static let interval = Duration.milliseconds(100)

  init(_ label: String) { self.label = label }

  /// Redraws the line.
  ///
  /// - Parameters:
  ///   - fraction: how much is done, 0 to 1.
  ///   - detail: what stands behind the bar.
  mutating func update(_ fraction: Double, _ detail: @autoclosure () -> String = "") {
    let now = ContinuousClock.now
    let due = nextDrawing ?? now + Self.patience
    nextDrawing = due
    guard isShown, now >= due else { return }
    nextDrawing = now + Self.interval
    isDrawn = true
    let filled = Int(fraction * Double(Self.width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    Console.write("\r\u{1B}[K\(label)  \(bar)  \(Int(fraction * 100)) %  \(detail())")
  }

  /// Takes the line away; another job may follow.
  mutating func finish() {
    if isDrawn { Console.write("\r\u{1B}[K") }
    isDrawn = false
    nextDrawing = nil
  }
}

extension Int {
  /// A number of bytes for people, in decimal units with three digits: `12.1 GB`.
  var bytesText: String {
    var value = Double(self)
    var units = ["bytes", "kB", "MB", "GB", "TB"][...]
    while value >= 999.5, units.count > 1 {
      value /= 1000
      units.removeFirst()
    }
    let digits = units.first == "bytes" ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0
    return String(format: "%.\(digits)f \(units.first ?? "")", value)
  }
}
