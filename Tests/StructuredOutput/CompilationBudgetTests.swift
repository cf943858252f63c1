import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

/// What compiling may cost, and what is left of a schema that cannot be held whole.
@Suite struct CompilationBudgetTests {
  private static let costly: JSONValue = {
    var properties = JSONObject()
    for index in 0..<20 { properties["p\(index)"] = ["pattern": .string("^.*[a-m].{9}c\(index)$")] }
    return ["type": "object", "properties": .object(properties)]
  }()

  /// What took minutes, or never ended, within the budget: taken, or refused with its place.
  @Test func hostileSchemasStayWithinTheBudget() throws {
    var doubling = JSONObject()
    for level in 0..<40 {
      let half: JSONValue = ["$ref": .string("#/$defs/a\(level + 1)")]
      doubling["a\(level)"] = ["allOf": [half, half]]
    }
    doubling["a40"] = ["type": "string"]
    let objects = (0..<300).map { index -> JSONValue in
      ["type": "object", "properties": ["kind": ["const": .string("k\(index)")]], "required": ["kind"]]
    }
    let values = (0..<100_000).map { JSONValue.string("value \($0 &* 7919 % 100_003)") }
    let cases: [(schema: JSONValue, isHeld: Bool)] = [
      (Self.costly, false),
      (["$ref": "#/$defs/a0", "$defs": .object(doubling)], true),
      (["oneOf": .array(objects)], true),
      (["enum": .array(values)], true),
      (["type": .array((0..<10_000).map { $0 % 2 == 0 ? "string" : "integer" })], true),
      (["type": "array", "uniqueItems": true, "items": ["enum": .array(Array(values.prefix(3000)))]], true),
    ]
    for (index, (schema, isHeld)) in cases.enumerated() {
      let budget = CompilationBudget()
      let constraint = try? TokenConstraint(schema: schema, tokens: TestVocabulary.small, budget: budget)
      #expect((constraint != nil) == isHeld, "case \(index)")
      // The last step may be one of many members.
      #expect(budget.spent.steps <= budget.limit.steps + 100_000, "case \(index)")
    }
  }

  /// A schema that was compiled before costs the same again, so that the budget decides alike.
  @Test func whatIsKeptIsPaidFor() throws {
    let schema: JSONValue = ["type": "object", "properties": ["a": ["pattern": "^kept{1,9}$"]]]
    let first = CompilationBudget()
    _ = try TokenConstraint(schema: schema, tokens: TestVocabulary.small, budget: first)
    let second = CompilationBudget()
    _ = try TokenConstraint(schema: schema, tokens: TestVocabulary.small, budget: second)
    #expect(second.spent.steps > 100 && second.spent.steps <= first.spent.steps)
    let small = CompilationBudget(CompilationBudget.Amount(steps: second.spent.steps / 2, bytes: 1 << 20))
    #expect(throws: StructuredOutputError.self) {
      try TokenConstraint(schema: schema, tokens: TestVocabulary.small, budget: small)
    }
  }

  @Test func sharesLeaveTheirRest() throws {
    let budget = CompilationBudget(CompilationBudget.Amount(steps: 3000, bytes: 3 << 20))
    let first = budget.share(of: 3)
    #expect(first.limit.steps == 1000)
    _ = try TokenConstraint(schema: ["type": "null"], tokens: TestVocabulary.small, budget: first)
    budget.take(first)
    #expect(budget.share(of: 2).limit.steps > 1000)
    let hungry = budget.share(of: 2)
    _ = try TokenConstraint(holding: Self.costly, tokens: TestVocabulary.small, budget: hungry)
    budget.take(hungry)
    #expect(budget.share(of: 1).limit.steps >= 1000)
  }

  @Test func endsWhenItIsNotWanted() {
    let budget = CompilationBudget(goesOn: { false })
    #expect(throws: StructuredOutputError.cancelled) {
      try TokenConstraint(schema: Self.costly, tokens: TestVocabulary.small, budget: budget)
    }
    #expect(budget.spent.steps < 100_000)
  }

  /// One part that cannot be held does not drop the others.
  @Test func holdsTheRest() throws {
    let schema = try JSONValue(
      parsing: #"""
        {"type": "object", "properties": {"mode": {"enum": ["a", "b"]}, "n": {"pattern": "(?=x)"},
          "size": {"type": "integer", "minimum": 3, "contains": 1}, "u": {"$ref": "#/$defs/none"}},
         "patternProperties": {"^x": {}}, "required": ["mode", "n"], "additionalProperties": false}
        """#)
    #expect(throws: StructuredOutputError.self) {
      try TokenConstraint(schema: schema, tokens: TestVocabulary.small)
    }
    let constraint = try TokenConstraint(holding: schema, tokens: TestVocabulary.small)
    #expect(
      Set(constraint.notices.map(\.description)) == [
        StructuredOutputError.unsupportedPattern(path: "#/properties/n", pattern: "(?=x)", characterOffset: 2)
          .description,
        StructuredOutputError.unsupportedKeyword(path: "#", keyword: "patternProperties").description,
        StructuredOutputError.unsupportedKeyword(path: "#/properties/size", keyword: "contains").description,
        StructuredOutputError.unresolvedReference(path: "#/properties/u", reference: "#/$defs/none")
          .description,
      ])
    #expect(SchemaCase.accepts(constraint, #"{"mode":"a","n":"any","size":3,"u":[null]}"#))
    for text in [
      #"{"mode":"c","n":""}"#, #"{"mode":"a"}"#, #"{"mode":"a","n":"","size":2}"#,
      #"{"mode":"a","n":"","z":1}"#,
    ] {
      #expect(!SchemaCase.accepts(constraint, text), "\(text)")
    }
  }

  /// What nothing can be held of is any object, and that is told.
  @Test func anyObjectAtLeast() throws {
    for schema in [Self.costly, ["not": [:]], "no schema"] as [JSONValue] {
      let budget = CompilationBudget(CompilationBudget.Amount(steps: 5000, bytes: 1 << 20))
      let constraint = try TokenConstraint(holding: schema, tokens: TestVocabulary.small, budget: budget)
      #expect(!constraint.notices.isEmpty)
      #expect(SchemaCase.accepts(constraint, #"{"any":["thing"]}"#))
    }
  }
}
