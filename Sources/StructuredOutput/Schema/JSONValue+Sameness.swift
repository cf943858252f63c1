import GPTOSSJSON

extension JSONValue {
  /// Equality as JSON Schema has it: 1 and 1.0 are the same, and so are objects in another order.
  func isSame(as other: JSONValue) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)):
      guard let left = ExactDecimal(left), let right = ExactDecimal(right) else { return self == other }
      return left == right
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    case (.object(let left), .object(let right)):
      return left.entries.count == right.entries.count
        && left.entries.allSatisfy { key, value in right[key].map { value.isSame(as: $0) } ?? false }
    case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
    default: return self == other
    }
  }
}
