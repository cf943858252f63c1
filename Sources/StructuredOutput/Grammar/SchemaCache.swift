import GPTOSSJSON

/// Schemas that were compiled before, as many as there is room for.
///
/// A schema that is found costs what it would cost anew, so that the budget of a request decides alike
/// whether somebody else has sent it before or not. Who finds it pays, when the cache's lock is free again:
/// paying may mean to wait for another request's turn, and that one may want the cache.
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
  private var useCount = 0

  /// What was kept, if the budget can pay for it.
  mutating func schema(
    _ text: [UInt8], _ whitespace: JSONWhitespace, isLenient: Bool, _ budget: CompilationBudget
  ) -> CompiledSchema? {
    let key = Key(text: text, isFlexible: whitespace == .flexible, isLenient: isLenient)
    guard let entry = schemas[key], budget.hasLeft(entry.schema.cost) else { return nil }
    useCount += 1
    schemas[key]?.lastUse = useCount
    return entry.schema
  }

  /// Keeps a schema; those that were not used for the longest time make room.
  mutating func insert(
    _ schema: CompiledSchema, _ text: [UInt8], _ whitespace: JSONWhitespace, isLenient: Bool
  ) {
    guard text.count <= Self.textLimit, schema.cost.bytes <= Self.byteLimit / 4 else { return }
    useCount += 1
    let key = Key(text: text, isFlexible: whitespace == .flexible, isLenient: isLenient)
    schemas[key] = (schema, useCount)
    // What is known of a schema's tokens grows while it is used.
    var byteCount = schemas.values.reduce(0) { $0 + $1.schema.byteCount }
    while byteCount > Self.byteLimit, let oldest = schemas.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      byteCount -= oldest.value.schema.byteCount
      schemas[oldest.key] = nil
    }
  }
}
