import Foundation

/// A line on the terminal that shows how far a long job is; nothing where standard error is no terminal.
///
///     writing  ████████░░░░░░░░░░░░  41 %  5.0 of 12.1 GB
struct ProgressBar {
  private let label: String
  private let isShown = Console.isTerminal
  private var lastDrawn: ContinuousClock.Instant?
  private static let width = 20
  private static let interval = Duration.milliseconds(100)

  init(_ label: String) { self.label = label }

  /// Redraws the line, at most ten times a second.
  mutating func update(_ done: Int, of total: Int, describe: (Int) -> String) {
    guard isShown, total > 0 else { return }
    let now = ContinuousClock.now
    if let lastDrawn, now - lastDrawn < Self.interval { return }
    lastDrawn = now
    let fraction = Double(done) / Double(total)
    let filled = Int(fraction * Double(Self.width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    Console.write(
      "\r\u{1B}[K\(label)  \(bar)  \(Int(fraction * 100)) %  \(describe(done)) of \(describe(total))")
  }

  /// Takes the line away.
  func finish() {
    if lastDrawn != nil { Console.write("\r\u{1B}[K") }
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
