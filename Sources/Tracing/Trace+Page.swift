import Foundation
public import GPTOSS
import GPTOSSPlatform

extension Trace {
  /// Writes a page that shows the trace: one HTML file that loads nothing and sends nothing.
  ///
  /// It has its own script and style, which the page's policy allows by a number drawn for this page, and no
  /// text of the trace is ever read as markup. Long traces of large models keep fewer positions per head, so
  /// that the page stays below 40 MB; the page says so.
  ///
  /// - Parameters:
  ///   - command: what takes a token of this trace apart with ` --position N` behind it: the page shows it to
  ///     be copied; nil for nothing.
  ///   - write: receives pieces of the text in order.
  /// - Throws: what `write` throws.
  public func writePage<Failure>(
    explainedBy command: String? = nil, to write: (String) throws(Failure) -> Void
  ) throws(Failure) {
    try writePage(PagePolicy(), explainedBy: command, to: write)
  }

  /// The same for a server, which sends the policy along.
  package func writePage<Failure>(
    _ policy: PagePolicy, explainedBy command: String? = nil, to write: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let numbers = PageNumbers(self)
    for piece in PageFiles.html.pieces {
      switch piece {
      case .text(let text): try write(text)
      case .name("policy"): try write(policy.text)
      case .name("nonce"): try write(policy.nonce)
      case .name("title"): try write(model.name.inert.markup)
      case .name("style"): try write(PageFiles.colors + PageFiles.style)
      case .name("script"): try write(PageFiles.plainScripts)
      case .name("trace"): try writePageData(numbers, command, to: write)
      case .name("numbers"):
        for section in PageNumbers.Section.allCases {
          try write("<script type=\"text/plain\" id=\"numbers-\(section.rawValue)\">")
          try numbers.write(section) { (bytes) throws(Failure) in
            try write(Data(bytes).base64EncodedString())
          }
          try write("</script>\n")
        }
      case .name(let name): preconditionFailure("the page has no part \(name)")
      }
    }
  }

  /// What the script needs besides the arrays of numbers.
  private func writePageData<Failure>(
    _ numbers: PageNumbers, _ command: String?, to write: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let windows = layers.map { $0.window.map(String.init) ?? "null" }
    try write("{\"model\":\(model.name.json),\"kernels\":\(model.kernels.json),")
    try write("\"vocabulary\":\(vocabularyCount),\"explain\":\(command?.json ?? "null"),")
    try write("\"experts\":\(configuration.expertCount),\"slots\":\(configuration.expertsPerToken),")
    try write("\"heads\":\(configuration.queryHeadCount),\"kept\":\(numbers.keptPositions),")
    try write("\"temperature\":\(sampling.map { ($0.temperature ?? 1).json } ?? "null"),")
    try write("\"top_p\":\(sampling?.topP?.json ?? "null"),\"min_p\":\(sampling?.minP?.json ?? "null"),")
    try write("\"windows\":\(windows.jsonArray),\"tokens\":[")
    for (index, token) in tokens.enumerated() { try write((index > 0 ? ",\n" : "\n") + json(token)) }
    try write("]}")
  }
}

extension String {
  /// The text as HTML.
  fileprivate var markup: String {
    replacingScalars(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"])
  }

  /// The text, cut at its placeholders `{{name}}`.
  fileprivate var pieces: [TemplatePiece] {
    var pieces: [TemplatePiece] = []
    var rest = self[...]
    while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
      pieces.append(.text(String(rest[..<start.lowerBound])))
      pieces.append(.name(String(rest[start.upperBound..<end.lowerBound])))
      rest = rest[end.upperBound...]
    }
    return pieces + [.text(String(rest))]
  }
}

/// A piece of a template.
private enum TemplatePiece {
  case text(String)
  case name(String)
}
