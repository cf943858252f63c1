import GPTOSSPlatform

/// A table in Markdown whose columns are aligned, so that it is read as plain text too.
///
///     | prefill |            tokens/s |
///     | ------: | ------------------: |
///     |     512 | 95.9 (94.0 to 97.1) |
package struct MarkdownTable: CustomStringConvertible {
  private let rows: [[String]]

  /// - Precondition: a row has as many cells as the head.
  package init(head: [String], rows: [[String]]) {
    precondition(rows.allSatisfy { $0.count == head.count })
    self.rows = [head] + rows
  }

  package var description: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.reduce(3, max) }
    var lines = rows.map { row in
      "| "
        + zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: " | ")
        + " |"
    }
    let rule = widths.map { String(repeating: "-", count: $0 - 1) + ":" }
    lines.insert("| " + rule.joined(separator: " | ") + " |", at: 1)
    return lines.joined(separator: "\n")
  }
}

extension String {
  /// The text as Markdown shows it, in one line: a name from a file may hold what Markdown takes for its own.
  var markdown: String {
    inert.reduce(into: "") { text, character in
      if "\\`*_{}[]<>|#&~".contains(character) { text.append("\\") }
      text.append(character)
    }
  }
}
