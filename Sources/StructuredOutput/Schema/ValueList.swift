import GPTOSSJSON

/// Values of `enum` and `const`.
///
/// Two are the same as JSON Schema has it: 1 and 1.0 are, and so are objects whose members come in another
/// order.
final class ValueList {
  let values: [JSONValue]
  let types: JSONTypes
  private let budget: CompilationBudget
  /// What equal values have in common and no others, made when values are compared.
  private lazy var keys = values.map { value in
    let key = Self.key(value)
    budget.spend(steps: 4 + key.count / 4, bytes: 2 * key.count + 96)
    return key
  }
  private lazy var keySet = Set(keys)

  init(_ values: [JSONValue], _ budget: CompilationBudget) {
    self.values = values
    self.budget = budget
    budget.spend(steps: values.count, bytes: values.count * 16)
    types = values.reduce(into: []) { $0.formUnion(JSONTypes(of: $1)) }
  }

  func contains(_ value: JSONValue) -> Bool { keySet.contains(Self.key(value)) }

  /// The values that another list has, too.
  func intersection(_ other: ValueList) -> ValueList {
    ValueList(zip(values, keys).filter { other.keySet.contains($1) }.map(\.0), budget)
  }

  func isDisjoint(with other: ValueList) -> Bool { keySet.isDisjoint(with: other.keySet) }

  /// Whether no value comes twice.
  var isDistinct: Bool { keySet.count == values.count }

  /// Each value once.
  var distinctValues: [JSONValue] {
    var seen: Set<[UInt8]> = []
    return zip(values, keys).filter { seen.insert($1).inserted }.map(\.0)
  }

  private static func key(_ value: JSONValue) -> [UInt8] {
    switch value {
    case .number(let number): Array((ExactDecimal(number)?.text ?? number.text).utf8)
    case .array(let elements): [0x5B] + elements.map(key).joined(separator: [0x2C]) + [0x5D]
    case .object(let object):
      [0x7B]
        + object.entries.map { Array(JSONValue.string($0.key).text.utf8) + [0x3A] + key($0.value) }
        .sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [0x2C]) + [0x7D]
    default: Array(value.text.utf8)
    }
  }
}
