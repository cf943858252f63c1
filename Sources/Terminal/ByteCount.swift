import Foundation

/// A number of bytes for people, in decimal units with three digits: `12.1 GB`.
package struct ByteCount: CustomStringConvertible {
  private let count: Int

  package init(_ count: Int) { self.count = count }

  package var description: String {
    var value = Double(count)
    var units = ["bytes", "kB", "MB", "GB", "TB"][...]
    while value >= 999.5, units.count > 1 {
      value /= 1000
      units.removeFirst()
    }
    let digits = units.first == "bytes" ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0
    return String(format: "%.\(digits)f \(units.first ?? "")", value)
  }
}
