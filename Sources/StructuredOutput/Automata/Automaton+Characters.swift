extension Automaton {
  /// The same automaton with states that tell where characters of a string begin, or `nil` if the budget is
  /// exhausted.
  ///
  /// It accepts strings with their quotes in which each character stands in its shortest form.
  func countingCharacters(_ budget: CompilationBudget) -> Automaton? {
    guard start != Self.dead, case .dense(let table) = table else { return self }
    let columnCount = table.representatives.count
    var places = [Place(state: start, lexer: .outside)]
    var numberOfPlace = [places[0]: 0]
    var rows: [Int32] = []
    var index = 0
    while index < places.count {
      let place = places[index]
      budget.spend(steps: columnCount / 4 + 1, bytes: columnCount * 4 + 64)
      guard !budget.isExhausted else { return nil }
      for byte in table.representatives {
        let state = table.next(place.state, byte)
        guard state != Self.dead else {
          rows.append(Int32(Self.dead))
          continue
        }
        let next = Place(state: state, lexer: place.lexer.next(byte))
        let number = numberOfPlace[next] ?? places.count
        if number == places.count {
          numberOfPlace[next] = number
          places.append(next)
        }
        rows.append(Int32(number))
      }
      index += 1
    }
    return Automaton(
      start: 0,
      table: .dense(
        DenseTable(columns: table.columns, representatives: table.representatives, rows: rows)),
      accepting: places.map { accepts($0.state) },
      distances: places.map { Int32(distance(from: $0.state)) },
      startsCharacter: places.map { $0.lexer == .boundary })
  }

  /// A state, and where in the string it is.
  private struct Place: Hashable {
    var state: Int
    var lexer: StringLexer
  }
}

/// Where in a JSON string a byte stands.
private enum StringLexer: Hashable {
  /// Before the first quote, or behind the last.
  case outside
  /// Where a character begins.
  case boundary
  /// Behind a backslash.
  case escape
  /// Inside a character of which so many bytes are still to come.
  case inside(Int)

  func next(_ byte: UInt8) -> StringLexer {
    switch (self, byte) {
    case (.outside, 0x22): .boundary
    case (.outside, _): .outside
    case (.boundary, 0x22): .outside
    case (.boundary, 0x5C): .escape
    case (.boundary, 0xC0...0xDF): .inside(1)
    case (.boundary, 0xE0...0xEF): .inside(2)
    case (.boundary, 0xF0...0xFF): .inside(3)
    case (.boundary, _): .boundary
    case (.escape, 0x75): .inside(4)
    case (.escape, _): .boundary
    case (.inside(let count), _): count > 1 ? .inside(count - 1) : .boundary
    }
  }
}
