import GPTOSSJSON

/// Schemas that were compiled before, as many as there is room for.
///
/// A schema that is found costs what it would cost anew, so that the budget of a request decides alike
/// whether somebody else has sent it before or not.
struct SchemaCache: Sendable {
  private struct Key: Hashable {
    var text: [UInt8]
    var isFlexible: Bool
    var isLenient: Bool
  }

  private static let byteLimit = 64 << 20
  /// Longer schemas are not kept.
  private static let textLimit = 256 << 10

  private var schemas: [Key: (schema: CompiledSchema, lastUse: Int)] = [:]
  private var byteCount = 0
  private var useCount = 0

  /// What was kept, if the budget can pay for it.
  mutating func schema(
    _ text: [UInt8], _ whitespace: JSONWhitespace, isLenient: Bool, _ budget: CompilationBudget
  ) -> CompiledSchema? {
    let key = Key(text: text, isFlexible: whitespace == .flexible, isLenient: isLenient)
    guard let entry = schemas[key], budget.hasLeft(entry.schema.cost) else { return nil }
    useCount += 1
    schemas[key]?.lastUse = useCount
    budget.spend(steps: entry.schema.cost.steps, bytes: entry.schema.cost.bytes)
    return entry.schema
  }

  /// Keeps a schema; those that were not used for the longest time make room.
  mutating func insert(
    _ schema: CompiledSchema, _ text: [UInt8], _ whitespace: JSONWhitespace, isLenient: Bool
  ) {
    guard text.count <= Self.textLimit, schema.cost.bytes <= Self.byteLimit / 4 else { return }
    useCount += 1
    let key = Key(text: text, isFlexible: whitespace == .flexible, isLenient: isLenient)
    byteCount += schema.cost.bytes - (schemas[key]?.schema.cost.bytes ?? 0)
    schemas[key] = (schema, useCount)
    while byteCount > Self.byteLimit, let oldest = schemas.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      byteCount -= oldest.value.schema.cost.bytes
      schemas[oldest.key] = nil
    }
  }
}
