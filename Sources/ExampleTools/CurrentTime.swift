package import Foundation
package import GPTOSS

/// Tells the date and time.
package struct CurrentTime: Tool {
  package struct Arguments: Decodable, Guided, Sendable {
    /// A name of the IANA time zone database; nil for the machine's zone.
    package var zone: String?

    package static let guides: [String: Guide] = [
      "zone": "A time zone such as Europe/Berlin; the local one if left out."
    ]

    package init(zone: String? = nil) { self.zone = zone }
  }

  package let name = "time"
  package let description = "Get the current date and time."

  private let now: @Sendable () -> Date

  /// - Parameter now: the clock.
  package init(now: @escaping @Sendable () -> Date = { Date() }) { self.now = now }

  /// The time in ISO 8601 with the offset from UTC, and after it the zone, as RFC 9557 writes it:
  /// `2026-11-26T16:07:12+01:00[Europe/Berlin]`.
  package func call(arguments: Arguments) -> String {
    var zone = TimeZone.current
    if let name = arguments.zone, !name.isEmpty {
      guard let named = TimeZone(identifier: name) else {
        return "Error: There is no time zone \(name); use a name such as Europe/Berlin or UTC."
      }
      zone = named
    }
    let style = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone)
    return "\(now().formatted(style))[\(zone.identifier)]"
  }
}
