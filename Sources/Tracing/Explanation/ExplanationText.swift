import GPTOSS
import GPTOSSBlockFormats
import GPTOSSPlatform

/// How an explanation is written for people: every step with its numbers, so that it can be done again by
/// hand.
///
/// A sum is that of the numbers as they are printed, so that adding them up gives what is printed below them.
/// What the engine computed itself stands beside it with as many digits, and why the two differ stands above.
public struct ExplanationText {
  /// Digits behind the point of the numbers of a sum.
  private static let digits = 6
  private static let unit = 1e6
  /// Of a column of numbers.
  private static let width = 12
  /// How many rows and blocks are listed; the others are one line.
  private static let listedCount = 8
  /// Where a sum is again what a line above it says.
  private static let roundedAgain =
    "The sum is that of rounded numbers, so its last digits may differ from the same number above"

  /// The lines so far.
  public private(set) var lines: [String] = []
  /// What the printed numbers of each column of the current sum add up to, in units of their last digit:
  /// whole, so exact.
  private var printed: [Double] = []

  /// Nothing yet.
  public init() {}

  /// The logit and the parts of the residual stream.
  ///
  /// - Parameters:
  ///   - explanation: of the logit.
  ///   - token: the text of the token whose logit it is.
  ///   - read: the text of the token that was read before it.
  ///   - position: where that one stands.
  ///   - other: the likeliest other token's logit, for a second column: by how much each part is in favor of
  ///     the first one.
  public mutating func add(
    _ explanation: LogitExplanation, token: String, read: String, position: Int,
    over other: (explanation: LogitExplanation, token: String)? = nil
  ) {
    add(
      "The logit of \(token.quoted) (token \(explanation.token)) after token \(position), \(read.quoted)",
      """
      The model multiplies each number x[i] of the residual stream with direction[i] = norm[i] · output[i] \
      / r and adds up; r = √(mean(x²) + ε) = \(fixed(explanation.rootMeanSquare, 4)). The residual stream is \
      itself a sum, so each part of it has its share of the logit.
      """)
    if let other {
      lines.append(
        """
        The lead is the share less that of \(other.token.quoted) (token \(other.explanation.token)), the \
        likeliest other token: above 0 where the part is in favor of \(token.quoted). Leads add up to the \
        difference of the two logits.
        """)
    }
    lines.append(
      """
      All sums here are in double precision. The engine adds in single precision and rounds activations to \
      \(explanation.precision.bitCount) bits before it multiplies (--kernels reference does not), so its own \
      number differs in the last digits:
      """)
    if other != nil { lines.append("  \(padded("share"))\(padded("lead"))") }
    let leads = other.map { explanation.leads(over: $0.explanation) }
    for (index, share) in explanation.shares.enumerated() {
      line(
        [share.share] + (leads.map { [$0[index]] } ?? []),
        Self.name(share.writer) + (share.weight.map { " (weight \(fixed($0, 4)))" } ?? ""))
    }
    total(engine: [explanation.logit] + (other.map { [explanation.logit - $0.explanation.logit] } ?? []))
  }

  /// An expert's share and its largest rows.
  public mutating func add(_ explanation: ExpertExplanation) {
    add(
      "Expert \(explanation.expert) of layer \(explanation.layer), weight \(Float(explanation.weight))",
      """
      The expert writes one number per row of its down projection. A row's share of the logit is \
      weight · output · direction. \(Self.roundedAgain):
      """)
    let largest = explanation.rows.sorted { abs($0.share) > abs($1.share) }.prefix(Self.listedCount)
    for row in largest {
      line(
        row.share,
        "row \(row.index): \(Float(explanation.weight)) · \(Float(row.output)) · \(Float(row.direction))")
    }
    let listed = largest.reduce(0) { $0 + $1.share }
    line(explanation.sum - listed, "the other \(explanation.rows.count - largest.count) rows")
    total()
  }

  /// A row's sum and its largest blocks.
  public mutating func add(_ sum: ExpertExplanation.RowSum, row: Int, of explanation: ExpertExplanation) {
    add(
      "Row \(row) of expert \(explanation.expert) in \(explanation.tensorName)",
      """
      The row's output is the sum of its weights times the expert's activations, block by block, and a bias. \
      The activations are as they were before the engine rounded them:
      """)
    let largest = sum.blocks.sorted { abs($0.sum) > abs($1.sum) }.prefix(Self.listedCount)
    for block in largest {
      line(
        block.sum,
        "block \(block.index): columns \(block.columns.lowerBound) to \(block.columns.upperBound - 1)")
    }
    let others = sum.blocks.count - largest.count
    if others > 0 {
      line(sum.sum - sum.bias - largest.reduce(0) { $0 + $1.sum }, "the other \(others) blocks")
    }
    line(sum.bias, "bias")
    total(engine: [sum.output])
  }

  /// A block's bytes and its weights.
  ///
  /// - Parameters:
  ///   - block: of a row of a matrix of an expert.
  ///   - row: which row.
  ///   - command: what draws the block; nil for nothing.
  public mutating func add(_ block: ExpertExplanation.Block, row: Int, drawnBy command: String? = nil) {
    let explanation = block.explanation
    let drawn = command.map { "; \($0) draws it" } ?? ""
    let notes = ["It begins at byte \(block.byteOffset) of the file\(drawn)."] + explanation.fieldLines
    add(
      "Block \(block.index) of row \(row): \(explanation.format.name), \(explanation.bytes.count) bytes for "
        + "\(explanation.weights.count) weights",
      (notes + ["Each weight is scale · number, and is multiplied by its activation. \(Self.roundedAgain):"])
        .joined(separator: "\n"))
    var index = 0
    for group in explanation.groups {
      for level in group.levels {
        let offset = group.offset == 0 ? "" : " + \(group.offset)"
        line(
          block.products[index],
          "column \(block.columns.lowerBound + index): (\(group.scale) · \(level)\(offset) = "
            + "\(explanation.weights[index])) · \(block.activations[index])")
        index += 1
      }
    }
    total()
  }

  /// What a part of the residual stream is called.
  private static func name(_ writer: LogitExplanation.Writer) -> String {
    switch writer {
    case .embedding: "embedding"
    case .attention(let layer): "layer \(layer): attention"
    case .expert(let layer, let expert): "layer \(layer): expert \(expert)"
    }
  }

  private mutating func add(_ title: String, _ note: String) {
    if !lines.isEmpty { lines.append("") }
    lines += [title, note]
    printed = []
  }

  private mutating func line(_ number: Double, _ words: String) { line([number], words) }

  /// A line of one or several sums.
  private mutating func line(_ numbers: [Double], _ words: String) {
    if printed.isEmpty { printed = numbers.map { _ in 0 } }
    for (column, number) in numbers.enumerated() { printed[column] += (number * Self.unit).rounded() }
    lines.append("  \(columns(numbers))  \(words)")
  }

  /// The sums of what is printed above them.
  ///
  /// - Parameter engine: what the engine computed; nothing for a sum that it does not make.
  private mutating func total(engine: [Double] = []) {
    let own = engine.map { fixed($0, Self.digits) }.joined(separator: " and ")
    lines.append(
      "= \(columns(printed.map { $0 / Self.unit }))" + (own.isEmpty ? "" : "  the engine has \(own)"))
  }

  private func columns(_ numbers: [Double]) -> String {
    numbers.map { padded(fixed($0, Self.digits)) }.joined()
  }

  private func padded(_ text: String) -> String {
    String(repeating: " ", count: max(0, Self.width - text.count)) + text
  }
}

extension Precision {
  /// The bits of an activation that has been rounded.
  fileprivate var bitCount: Int {
    switch self {
    case .precise: 16
    case .fast: 8
    }
  }
}

/// A number with so many digits behind the point, rounded to nearest.
func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
  let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
  let steps = Int((value.magnitude * Double(scale)).rounded())
  let sign = value < 0 && steps > 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(steps)" }
  let fraction = String(steps % scale)
  return "\(sign)\(steps / scale).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
}
