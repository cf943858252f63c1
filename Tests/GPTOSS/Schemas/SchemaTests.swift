import Foundation
import GPTOSS
import GPTOSSJSON
import Testing

/// Schemas of Swift types: what is recorded, and what cannot be.
struct SchemaTests {
  @Test func objects() throws {
    try expect(
      SchemaSamples.Empty.self,
      #"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#)
    try expect(
      SchemaSamples.Weather.self,
      """
      {"type":"object","properties":{"city":{"type":"string","description":"A city's name."},\
      "days":{"type":"integer","description":"How many days ahead.","minimum":1,"maximum":7,"default":1},\
      "unit":{"type":"string","enum":["celsius","fahrenheit"]},"level":{"type":"integer","enum":[1,10]}},\
      "required":["city","level"],"additionalProperties":false}
      """)
    // What the compiler did not write is recorded, too, as far as it is straightforward.
    try expect(
      SchemaSamples.Written.self,
      """
      {"type":"object","properties":{"max":{"type":"integer"},"nested":{"type":"object","properties":\
      {"name":{"type":"string"},"list":{"type":"array","items":{"type":"boolean"}}},"required":["name","list"],\
      "additionalProperties":false}},"required":["nested"],"additionalProperties":false}
      """)
    try expect(
      SchemaSamples.Dog.self,
      """
      {"type":"object","properties":{"isGood":{"type":"boolean"},"name":{"type":"string"}},\
      "required":["isGood","name"],"additionalProperties":false}
      """)
  }

  @Test func whatTypesContain() throws {
    let item = """
      {"type":"object","properties":{"name":{"type":"string","description":"What it is.","pattern":"^[a-z]+$"},\
      "sizes":{"type":"array","items":{"type":"integer"},"description":"In cm.","minItems":1,"maxItems":3}},\
      "required":["name","sizes"],"additionalProperties":false}
      """
    try expect(
      SchemaSamples.Order.self,
      """
      {"type":"object","properties":{"items":{"type":"array","items":\(item)},\
      "tags":{"type":"array","items":{"type":"string","enum":["celsius","fahrenheit"]}},\
      "notes":{"type":"object","additionalProperties":\(item)},\
      "grid":{"type":"array","items":{"type":"array","items":{"type":"number"}}}},\
      "required":["items","tags","notes","grid"],"additionalProperties":false}
      """)
    try expect([Int?].self, #"{"type":"array","items":{"type":["integer","null"]}}"#)
    try expect([Int??].self, #"{"type":"array","items":{"type":["integer","null"]}}"#)
    try expect(
      [SchemaSamples.Unit?].self,
      #"{"type":"array","items":{"oneOf":[{"type":"string","enum":["celsius","fahrenheit"]},{"type":["null"]}]}}"#
    )
    try expect(
      SchemaSamples.Wrapped.self,
      """
      {"type":"object","properties":{"id":{"type":"string"},"signal":{"type":"string","enum":["stop","go"]},\
      "extra":{},"object":{"type":"object"}},"required":["id","signal","extra"],"additionalProperties":false}
      """)
  }

  @Test func failures() {
    typealias Samples = SchemalessSamples
    expect(Samples.Tree.self, "Tree.children[]", "Tree", .recursive)
    expect(Samples.List.self, "List.next", "List", .recursive)
    expect(Samples.Mirror.self, "Mirror", "Mirror", .recursive)
    expect(Samples.Shape.self, "Shape", "Shape", .asksForKeys)
    expect(Samples.Drawing.self, "Drawing.shapes[]", "Shape", .asksForKeys)
    expect(Samples.Numbered.self, "Numbered.names", "Dictionary<Int, String>", .asksForKeys)
    expect(Samples.Plain.self, "Plain", "Plain", .casesWithoutValue)
    expect([Samples.Never].self, "Array<Never>[]", "Never", .noCases)
    expect(Samples.Span.self, "Span.range", "ClosedRange<Int>", .severalElements)
    expect(Samples.Derived.self, "Derived", "Derived", .superDecoder)
    expect(Samples.Discount.self, "Discount.percent", "Percent", .refused("tooSmall"))
    expect(Samples.Forgiving.self, "Forgiving.tree.children[]", "Tree", .recursive)
    expect(Samples.Either.self, "Either", "Either", .ambiguous)
    expect(Samples.Misguided.self, "Misguided.town", "Misguided", .unknownGuide)
    #expect(failure(Samples.Growing<Int>.self)?.reason == .tooLarge)
    guard case .refused = failure(Samples.Uncounted.self)?.reason else {
      Issue.record("an enum whose cases are not known")
      return
    }
  }

  private func expect<T: Decodable>(
    _ type: T.Type, _ schema: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try JSONValue.schema(of: type).text == schema, sourceLocation: sourceLocation)
  }

  private func expect<T: Decodable>(
    _ type: T.Type, _ path: String, _ name: String, _ reason: SchemaFailure.Reason,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let failure = failure(type)
    #expect(failure?.path == path, sourceLocation: sourceLocation)
    #expect(failure?.type == name, sourceLocation: sourceLocation)
    #expect(failure?.reason == reason, sourceLocation: sourceLocation)
  }

  private func failure<T: Decodable>(_ type: T.Type) -> SchemaFailure? {
    do throws(GPTOSSError) {
      let schema = try JSONValue.schema(of: type)
      Issue.record("\(type) has the schema \(schema.text)")
    } catch {
      if case .schema(let failure) = error { return failure }
    }
    return nil
  }
}
