import Foundation
import GPTOSSBlockFormats
import Testing

/// Holds the numbers in Docs/MXFP4.md against the code: the tables are read from the page itself.
@Suite("Docs/MXFP4.md")
struct MXFP4DocumentTests {
  private let page: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    page = try String(contentsOf: root.appending(path: "Docs/MXFP4.md"), encoding: .utf8)
  }

  /// The rows of the table with this header, each a list of its cells.
  private func table(_ header: String) throws -> [[String]] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0 == header }, "no table \(header)")
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// A number as the page writes it, with a true minus sign.
  private func text(_ value: some BinaryFloatingPoint, digits: Int? = nil) -> String {
    let magnitude = Double(value.magnitude)
    let text = digits.map { String(format: "%.\($0)f", magnitude) } ?? String(format: "%g", magnitude)
    return (value.sign == .minus ? "−" : "") + text
  }

  private func number(_ text: String) throws -> Float {
    try #require(Float(text.replacingOccurrences(of: "−", with: "-")))
  }

  @Test("The E2M1 values")
  func elementTable() throws {
    let rows = try table("| nibble | s ee m | value | doubled |")
    #expect(rows.count == 16)
    for (nibble, row) in rows.enumerated() {
      let doubled = MXFP4.doubledValues[nibble]
      // The specification has −0 where the doubled table has 0.
      let value = nibble == 8 ? -0.0 : doubled / 2
      let bits = "\(nibble >> 3) \(nibble >> 2 & 1)\(nibble >> 1 & 1) \(nibble & 1)"
      #expect(row == [String(nibble, radix: 16), bits, text(value), text(doubled)])
    }
  }

  @Test("The block by hand")
  func workedExample() throws {
    let rows = try table("| j | weight | weight / 0.25 | E2M1 | nibble | decoded |")
    let weights = try rows.map { try number($0[1]) }
    let block = try MXFP4.bytes(of: weights)

    let hexadecimal = block.map { String(format: "%02x", $0) }.joined(separator: " ")
    #expect(page.contains("```block\n\(hexadecimal)\n```\n"))

    let explanation = BlockFormat.mxfp4.explain(block.span.bytes)
    let group = try #require(explanation.groups.first)
    #expect(group.scale == 0.25)
    for (j, row) in rows.enumerated() {
      #expect(
        row == [
          "\(j)", text(weights[j], digits: 2), text(weights[j] / 0.25, digits: 2), text(group.levels[j]),
          String(group.stored[j], radix: 16), text(explanation.weights[j]),
        ])
    }

    let errors = try table("| scale | sum of squared errors |")
    for (row, scale) in zip(errors, [0.125, 0.25]) {
      #expect(row == ["\(scale)", text(squaredError(of: weights, scale: scale), digits: 4)])
    }
  }

  @Test("What is lost")
  func losses() throws {
    var generator = RepeatableGenerator(seed: 8)
    let weights = (0..<4096 * 32).map { _ in generator.normal() }
    let total = weights.reduce(0) { $0 + Double($1) * Double($1) }
    let specification = stride(from: 0, to: weights.count, by: 32).reduce(0) { sum, start in
      let block = Array(weights[start..<start + 32])
      let largest = block.map(\.magnitude).max() ?? 0
      let scale = Double(sign: .plus, exponent: Int(largest.exponent) - 2, significand: 1)
      return sum + squaredError(of: block, scale: scale)
    }
    func encoded(_ encoder: any BlockEncoding.Type) throws -> Double {
      squaredError(of: weights, encoder.weights(of: try encoder.bytes(of: weights)))
    }
    let expected: [(String, String, error: Double, digits: Int)] = [
      ("MXFP4, the specification's scale", "4.25", specification, 2),
      ("MXFP4, the better of two scales", "4.25", try encoded(MXFP4.self), 2),
      ("Q8_0", "8.5", try encoded(Q8_0.self), 2),
      ("BF16", "16", try encoded(BF16.self), 3),
      ("F16", "16", try encoded(F16.self), 3),
    ]
    let rows = try table("| format | bits per weight | relative error |")
    #expect(rows == expected.map { [$0, $1, text(100 * ($2 / total).squareRoot(), digits: $3) + " %"] })
  }

  @Test("The sizes")
  func sizes() {
    let weights = 24 * 32 * 3 * 2880 * 2880
    for number in [weights, weights / 32 * 17, weights * 2] {
      let digits = String(String(number).reversed())
      let groups = stride(from: 0, to: digits.count, by: 3).map {
        String(digits.dropFirst($0).prefix(3).reversed())
      }
      #expect(page.contains(groups.reversed().joined(separator: ",")))
    }
  }

  /// What a block loses at a scale when each weight goes to the nearest value.
  private func squaredError(of weights: [Float], scale: Double) -> Double {
    weights.reduce(0) { sum, weight in
      let difference = MXFP4.doubledValues.map { abs(Double(weight) - scale * Double($0) / 2) }.min() ?? 0
      return sum + difference * difference
    }
  }

  private func squaredError(of weights: [Float], _ decoded: [Float]) -> Double {
    zip(weights, decoded).reduce(0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
  }
}
