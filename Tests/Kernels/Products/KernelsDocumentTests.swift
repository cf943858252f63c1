import Foundation
import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// Holds the numbers in Docs/Kernels.md against the code: blocks, record and tables are read from the page
/// itself.
@Suite("Docs/Kernels.md")
struct KernelsDocumentTests {
  private let page: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    page = try String(contentsOf: root.appending(path: "Docs/Kernels.md"), encoding: .utf8)
  }

  @Test("Sixteen blocks become the record")
  func record() throws {
    let blocks = try bytes("blocks")
    #expect(blocks.count == 16 * MXFP4.bytesPerBlock)
    // The first is the block of Docs/MXFP4.md, the others are its weights moved on.
    let first = BlockFormat.mxfp4.explain(blocks[0..<17].span.bytes)
    for row in 0..<16 {
      let block = blocks[(17 * row)..<(17 * row + 17)]
      let stored = BlockFormat.mxfp4.explain(block.span.bytes).groups[0].stored
      #expect(stored == (0..<32).map { first.groups[0].stored[($0 + row) % 32] }, "row \(row)")
    }
    let weights = TestMatrix(format: .mxfp4, rows: 16, columns: 32, bytes: blocks)
    for set in TestedKernels.here {
      var record = [UInt8](repeating: 0, count: weights.matrix.byteCount(in: .interleaved16))
      record.withUnsafeMutableBytes {
        guard let output = $0.baseAddress else { return }
        set.kernels.products.repack(weights.matrix, rows: 0..<16, as: .interleaved16, output: output)
      }
      #expect(try record == bytes("record"), "\(set)")
    }
  }

  @Test("The activations")
  func activations() throws {
    for (c, row) in try table("| c | x | q, fast | q, precise | high | low |").enumerated() {
      let x = try number(row[1])
      let precise = Int((x * Float(32_512 / 1.27)).rounded(.toNearestOrEven))
      let high = (precise + 128) >> 8
      let fast = Int((x * Float(127 / 1.27)).rounded(.toNearestOrEven))
      #expect(
        row[0] == "\(c)" && row[2...].elementsEqual([fast, precise, high, precise - 256 * high].map(text)))
    }
  }

  @Test("The sums of row 0")
  func sums() throws {
    let nibbles = BlockFormat.mxfp4.explain(try bytes("blocks")[0..<17].span.bytes).groups[0].stored
    let unsigned = nibbles.map { Int(InterleavedFormat.unsignedE2M1[Int($0)]) }
    let table = (0..<16).map { "\(InterleavedFormat.unsignedE2M1[$0])" }.joined(separator: ", ")
    #expect(page.contains("Its table is \(table)."))
    let rows = try activationTable()
    var total = 0
    for (g, row) in try self.table("| g | u, columns 4g … 4g + 3 | q | Σ u·q | so far |").enumerated() {
      let columns = (4 * g)..<(4 * g + 4)
      let sum = columns.reduce(0) { $0 + unsigned[$1] * rows[$1].fast }
      total += sum
      #expect(
        row == [
          "\(g)", columns.map { "\(unsigned[$0])" }.joined(separator: " "),
          columns.map { text(rows[$0].fast) }.joined(separator: " "), text(sum), text(total),
        ])
    }
    let sumOfQuants = rows.reduce(0) { $0 + $1.fast }
    #expect(
      page.contains("Σ q is \(sumOfQuants), and 16 · \(sumOfQuants) = \(grouped(16 * sumOfQuants)):"))
    #expect(
      page.contains(
        "\(grouped(total)) − \(grouped(16 * sumOfQuants)) = \(grouped(total - 16 * sumOfQuants))."))
    let high = zip(unsigned, rows).reduce(0) { $0 + $1.0 * $1.1.high }
    let low = zip(unsigned, rows).reduce(0) { $0 + $1.0 * $1.1.low }
    let preciseQuants = rows.reduce(0) { $0 + $1.precise }
    let precise = 256 * high + low
    #expect(page.contains("256 · \(grouped(high)) + \(grouped(low)) = \(grouped(precise)), less 16 · "))
    #expect(page.contains("\(grouped(preciseQuants)), is \(grouped(precise - 16 * preciseQuants))."))
  }

  /// What the kernels themselves make of the page's rows and activations.
  @Test("The results", arguments: TestedKernels.here)
  func results(set: TestedKernels) throws {
    let weights = TestMatrix(format: .mxfp4, rows: 16, columns: 32, bytes: try bytes("blocks"))
    let x = try table("| c | x | q, fast | q, precise | high | low |").map { try number($0[1]) }
    let input = Activations(x, columns: 32)
    let output = Activations(capacity: 1, columns: 16)
    let expected = try table("| row 0 | result |").map { $0[1] }
    let isRounded = set.kernels.products.quantizesInput(for: weights.matrix)
    for (precision, result) in zip([Precision.fast, .precise], expected) {
      let launcher = Launcher(kernels: set.kernels, threadCount: 1)
      launcher.precision = precision
      launcher.multiply([MatrixProduct(weights.matrix, input: input.all, output: output.all)])
      // Sets that multiply floats give the last line of the table, up to rounding.
      if isRounded {
        #expect("\(output.row(0)[0])" == result, "\(set) \(precision)")
      } else {
        #expect(abs(output.row(0)[0] - (try number(expected[2]))) < 1e-6)
      }
    }
  }

  @Test("Records by format")
  func formats() throws {
    let columns = "| format | w | u | taken off | scale | minimum |"
    for row in try table("\(columns) bytes per row and 32 columns, file and record |") {
      let format = try #require(InterleavedFormat.allCases.first { $0.blockFormat.name == row[0] })
      #expect(row[3] == "\(format.offset)" && row[6] == "\(format.blockFormat.bytesPerBlock)", "\(row)")
      #expect(format.groupByteCount(columns: 32) == 16 * format.blockFormat.bytesPerBlock, "\(row)")
    }
    for row in try table("\(columns) bytes per row and 256 columns: file | record |") {
      let format = try #require(BlockFormat.allCases.first { $0.name == row[0] })
      let records = try #require(InterleavedFormat(format))
      #expect(row[6] == "\(format.bytesPerBlock)", "\(row)")
      #expect(row[3] == "\(records.offset)", "\(row)")
      #expect(row[7] == "\(records.groupByteCount(columns: 256) / 16)", "\(row)")
    }
  }

  private func activationTable() throws -> [(fast: Int, precise: Int, high: Int, low: Int)] {
    try table("| c | x | q, fast | q, precise | high | low |").map {
      let q = try $0[2...].map { Int(try number($0)) }
      return (q[0], q[1], q[2], q[3])
    }
  }

  /// The bytes of a block of the page with this label.
  private func bytes(_ label: String) throws -> [UInt8] {
    let start = try #require(page.range(of: "```\(label)\n")).upperBound
    let end = try #require(page.range(of: "```", range: start..<page.endIndex)).lowerBound
    return try page[start..<end].split { $0 == " " || $0 == "\n" }.map { try #require(UInt8($0, radix: 16)) }
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
  private func text(_ value: Int) -> String { (value < 0 ? "−" : "") + "\(abs(value))" }

  private func number(_ text: String) throws -> Float {
    try #require(Float(text.replacingOccurrences(of: "−", with: "-")))
  }

  /// A positive integer with commas.
  private func grouped(_ value: Int) -> String {
    let digits = String("\(value)".reversed())
    return stride(from: 0, to: digits.count, by: 3)
      .map { String(digits.dropFirst($0).prefix(3).reversed()) }.reversed().joined(separator: ",")
  }
}
