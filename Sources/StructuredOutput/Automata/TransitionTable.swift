/// Where the bytes lead from each state of an automaton.
enum TransitionTable: Sendable {
  /// For automata in which most states have many ways on.
  case dense(DenseTable)
  /// For those of lists of texts, in which nearly every state has one.
  case sparse(SparseTable)
}

/// What both tables can do, for loops that are compiled for each.
protocol Transitions {
  /// The state after a byte, or ``Automaton/dead``.
  func next(_ state: Int, _ byte: UInt8) -> Int
}

/// A row per state, a column per class of bytes.
struct DenseTable: Transitions, Sendable {
  /// The column of each byte, `[256]`; bytes that no state tells apart share one.
  let columns: [UInt8]
  /// A byte of each column.
  let representatives: [UInt8]
  /// The states after each byte, `[states, columns]`.
  let rows: [Int32]

  func next(_ state: Int, _ byte: UInt8) -> Int {
    Int(rows[state * representatives.count + Int(columns[Int(byte)])])
  }
}

/// The edges of each state, sorted by their bytes.
struct SparseTable: Transitions, Sendable {
  /// `[states + 1]`: the first edge of each state.
  let firstEdges: [Int32]
  let bytes: [UInt8]
  let targets: [Int32]

  func next(_ state: Int, _ byte: UInt8) -> Int {
    var low = Int(firstEdges[state])
    var high = Int(firstEdges[state + 1])
    while low < high {
      let middle = (low + high) / 2
      if bytes[middle] < byte { low = middle + 1 } else { high = middle }
    }
    return low < Int(firstEdges[state + 1]) && bytes[low] == byte ? Int(targets[low]) : Automaton.dead
  }

  func hasEdges(_ state: Int) -> Bool { firstEdges[state] < firstEdges[state + 1] }

  func forEachEdge(from state: Int, _ body: (UInt8, Int) -> Void) {
    for edge in firstEdges[state]..<firstEdges[state + 1] {
      body(bytes[Int(edge)], Int(targets[Int(edge)]))
    }
  }
}
