import Foundation
import GPTOSSKernels
import Testing

/// Holds the numbers in Docs/Attention.md against the code. The tables are read from the page itself, so a
/// failure says that the page and the kernels disagree.
@Suite("Docs/Attention.md")
struct AttentionDocumentTests {
  private let page: String
  /// The rows of the worked example: position, key, value, score, exponential, weight; the sink's last.
  private let example: [[String]]

  private static let query: [Float] = [1, 0, 2, 1]
  private static let (position, window, sink) = (64, 3, Float(1))

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    page = try String(contentsOf: root.appending(path: "Docs/Attention.md"), encoding: .utf8)
    example = try Self.table("| position | key | value | score | exp(score − 3) | weight |", in: page)
  }

  /// The rows of the table with this header, each a list of its cells.
  private static func table(_ header: String, in page: String) throws -> [[String]] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0 == header }, "no table \(header)")
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private func numbers(_ cells: some Sequence<String>) throws -> [Float] {
    try cells.flatMap { $0.split(separator: " ") }.map { try #require(Float($0), "\($0)") }
  }

  /// Equal to all six digits after the point that the page gives.
  private func expectEqual(_ a: [Float], _ b: [Float], _ what: String) {
    #expect(a.count == b.count, "\(what)")
    for (x, y) in zip(a, b) { #expect(abs(x - y) < 1.5e-6, "\(what): \(x) and \(y)") }
  }

  @Test("The example, by every kernel set", arguments: TestedKernels.here)
  func workedExample(set: TestedKernels) throws {
    let rows = try Self.table("| | element 0 | element 1 | element 2 | element 3 |", in: page)
    expectEqual(try attend(set, sink: Self.sink), try numbers(rows[0].dropFirst()), "with the sink")
    expectEqual(try attend(set, sink: -.infinity), try numbers(rows[1].dropFirst()), "without a sink")
  }

  /// The result of the example's token. What it does not see is NaN.
  private func attend(_ set: TestedKernels, sink: Float) throws -> [Float] {
    let launcher = Launcher(kernels: set.kernels, threadCount: 1)
    let pages = KeyValuePages(keyValueHeadCount: 1, headDimension: 4, element: .float32, reach: nil)
    var keys = [Float](repeating: .nan, count: 4 * (Self.position + 1))
    var values = keys
    for row in example.dropLast() {
      let first = 4 * (try #require(Int(row[0])))
      keys.replaceSubrange(first..<first + 4, with: try numbers([row[1]]))
      values.replaceSubrange(first..<first + 4, with: try numbers([row[2]]))
    }
    launcher.store(
      keys: Activations(keys, columns: 4).all, values: Activations(values, columns: 4).all, at: 0, in: pages)
    let output = Activations(capacity: 1, columns: 4)
    launcher.attend(
      queries: Activations(Self.query, columns: 4).all, at: Self.position, window: Self.window,
      sinks: FloatVector([sink]), cache: pages, output: output.all)
    return output.values
  }

  @Test("Scores, exponentials, weights")
  func exampleRows() throws {
    let scores = try example.dropLast().map { row in
      zip(Self.query, try numbers([row[1]])).reduce(0) { $0 + $1.0 * $1.1 } / 2
    }
    let exponentials = (scores + [Self.sink]).map { exp($0 - 3) }
    let denominator = exponentials.reduce(0, +)
    expectEqual(scores + [Self.sink], try numbers(example.map { $0[$0.count - 3] }), "scores")
    expectEqual(exponentials, try numbers(example.map { $0[$0.count - 2] }), "exponentials")
    expectEqual(
      exponentials.map { $0 / denominator }, try numbers(example.map { $0[$0.count - 1] }), "weights")
    #expect(page.contains(String(format: "%.6f", denominator)))
  }

  @Test("The online softmax, page by page")
  func onlineSoftmax() throws {
    let rows = try Self.table(
      "| after | largest | denominator | sum 0 | sum 1 | sum 2 | sum 3 |", in: page
    ).map { try numbers($0.dropFirst()) }
    var (largest, denominator, sums) = (-Float.infinity, Float(0), [Float](repeating: 0, count: 4))
    /// Brings scores into the state, and the values that belong to them, if they have some.
    func take(_ scores: [Float], _ values: [[Float]]) {
      let now = max(largest, scores.max() ?? largest)
      let rescale = exp(largest - now)
      largest = now
      denominator = denominator * rescale + scores.reduce(0) { $0 + exp($1 - now) }
      sums = sums.map { $0 * rescale }
      for (score, value) in zip(scores, values) {
        for i in sums.indices { sums[i] += exp(score - now) * value[i] }
      }
    }
    let pageSize = KeyValuePages.positionsPerPage
    let seen = try example.dropLast().map { row in
      (position: try #require(Int(row[0])), score: try numbers([row[3]])[0], value: try numbers([row[2]]))
    }
    for (index, row) in rows.dropLast().enumerated() {
      let ofPage = seen.filter { $0.position / pageSize == index }
      take(ofPage.map(\.score), ofPage.map(\.value))
      expectEqual([largest, denominator] + sums, row, "page \(index)")
    }
    take([Self.sink], [])
    expectEqual([largest, denominator] + sums, rows[2], "the sink")
  }

  @Test("Sizes of 20b")
  func sizes() throws {
    let ring = KeyValuePages(
      keyValueHeadCount: 8, headDimension: 64, element: .int16, reach: 128 + 256 - 1)
    let pageCount = try #require(ring.ringPageCount)
    #expect(page.contains("So the ring has \(pageCount) pages"))
    for row in try Self.table("| positions | page of the ring |", in: page) {
      let ends = try numbers([row[0].replacingOccurrences(of: " …", with: "")]).map { Int($0) }
      #expect(ends[1] - ends[0] == KeyValuePages.positionsPerPage - 1)
      for end in ends { #expect("\(end / KeyValuePages.positionsPerPage % pageCount)" == row[1]) }
    }
    ring.reserve(128)
    #expect(page.contains("takes \(decimal(ring.copy(0..<1).byteCount)) bytes"))
    #expect(page.contains("that is \(decimal(12 * ring.copy(1..<128).byteCount)) bytes"))
  }

  /// With a comma before each group of three digits.
  private func decimal(_ number: Int) -> String {
    var text = ""
    for (index, digit) in "\(number)".reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
