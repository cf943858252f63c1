import Foundation
import GPTOSSExampleTools
import Testing

/// The time in several zones, from a clock that stands still.
struct CurrentTimeTests {
  private let tool = CurrentTime(now: { Date(timeIntervalSince1970: 1_785_000_000) })

  @Test(arguments: [
    ("UTC", "2026-07-25T17:20:00Z[GMT]"), ("Europe/Berlin", "2026-07-25T19:20:00+02:00[Europe/Berlin]"),
    ("Asia/Kolkata", "2026-07-25T22:50:00+05:30[Asia/Kolkata]"),
    ("America/New_York", "2026-07-25T13:20:00-04:00[America/New_York]"),
  ])
  func zones(_ zone: String, _ time: String) {
    #expect(tool.call(arguments: .init(zone: zone)) == time)
  }

  @Test(arguments: [nil, ""])
  func theMachinesZone(_ zone: String?) {
    #expect(tool.call(arguments: .init(zone: zone)).hasSuffix("[\(TimeZone.current.identifier)]"))
  }

  @Test(arguments: ["Nowhere", "../../etc/passwd", "Berlin", "\u{0}"])
  func unknownZones(_ zone: String) {
    #expect(tool.call(arguments: .init(zone: zone)).hasPrefix("Error: "))
  }
}
