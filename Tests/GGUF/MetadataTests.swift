import GGUF
import Testing

/// Typed access to metadata, and arrays.
@Suite struct MetadataTests {
  let metadata: GGUFMetadata

  init() throws {
    metadata = try open(FileBuilder.sample.bytes).metadata
  }

  @Test func gettersReadTheirTypes() throws {
    #expect(try metadata.string("text") == "Grüße, 世界")
    #expect(try metadata.bool("bool"))
    #expect(try metadata.double("f32") == 1.5)
    #expect(try metadata.double("f64") == 0.1)
    #expect(try metadata.elements("numbers", as: Int32.self) == [-1, 0, 7])
    #expect(try metadata.strings("strings").map(\.utf8Count) == Array(0..<70))
    #expect(try metadata.array("nested").count == 2)
  }

  @Test(arguments: [
    ("u8", 200), ("i8", -100), ("u16", 60_000), ("i16", -30_000), ("u32", 4_000_000_000),
    ("i32", -2_000_000_000), ("i64", Int.min),
  ])
  func integersOfAnyTypeAreRead(key: String, value: Int) throws {
    #expect(try metadata.integer(key) == value)
    #expect(try metadata.integerIfPresent(key) == value)
  }

  @Test func missingIsItsOwnCase() throws {
    func expectMissing<Value>(_ get: (String) throws(GGUFError) -> Value) {
      do {
        _ = try get("no.such.key")
        Issue.record("nothing was thrown")
      } catch {
        #expect(error.reason == .missingKey)
        #expect(error.place == .key("no.such.key"))
      }
    }
    expectMissing(metadata.string)
    expectMissing(metadata.integer)
    expectMissing(metadata.double)
    expectMissing(metadata.bool)
    expectMissing(metadata.array)
    expectMissing(metadata.strings)
    #expect(try metadata.stringIfPresent("no.such.key") == nil)
    #expect(try metadata.integerIfPresent("no.such.key") == nil)
    #expect(try metadata.doubleIfPresent("no.such.key") == nil)
    #expect(try metadata.boolIfPresent("no.such.key") == nil)
    #expect(metadata["no.such.key"] == nil)
  }

  @Test func wrongTypesAreNamed() {
    func reason<Value>(_ get: () throws(GGUFError) -> Value) -> GGUFError.Reason? {
      do {
        _ = try get()
        return nil
      } catch {
        return error.reason
      }
    }
    let metadata = metadata
    #expect(
      reason { () throws(GGUFError) in try metadata.string("u8") }
        == .typeMismatch(expected: "a string", actual: "uint8"))
    #expect(
      reason { () throws(GGUFError) in try metadata.integerIfPresent("f32") }
        == .typeMismatch(expected: "an integer", actual: "float32"))
    #expect(
      reason { () throws(GGUFError) in try metadata.double("u32") }
        == .typeMismatch(expected: "a floating-point number", actual: "uint32"))
    #expect(
      reason { () throws(GGUFError) in try metadata.bool("u8") }
        == .typeMismatch(expected: "a bool", actual: "uint8"))
    #expect(
      reason { () throws(GGUFError) in try metadata.strings("numbers") }
        == .typeMismatch(expected: "an array of string", actual: "an array of int32"))
    #expect(
      reason { () throws(GGUFError) in try metadata.elements("numbers", as: UInt32.self) }
        == .typeMismatch(expected: "an array of uint32", actual: "an array of int32"))
    #expect(
      reason { () throws(GGUFError) in try metadata.integer("u64") }
        == .integerOutOfRange("18446744073709551615"))
  }

  @Test func textThatIsNotUTF8IsRefusedWhenAskedFor() throws {
    var builder = FileBuilder(tensors: 0, entries: 1)
    builder.key("name", type: 8)
    builder.number(UInt64(2), "length")
    builder.number(UInt16(0xFFFE), "text")
    let metadata = try open(builder.bytes).metadata
    let error = #expect(throws: GGUFError.self) { try metadata.string("name") }
    #expect(error?.reason == .invalidUTF8)
    guard case .string(let string)? = metadata["name"] else { throw TestFailure("not a string") }
    #expect(String(validating: string) == nil)
    #expect(string.description == "\u{FFFD}\u{FFFD}")
    #expect(string.withBytes { Array(reading: $0) } == [0xFE, 0xFF])
  }

  // MARK: Arrays

  @Test func elementsAreTheSameByIndexAndInOrder() throws {
    let strings = try metadata.strings("strings")
    #expect(strings.indices.map { strings[$0] } == Array(strings))
    #expect(strings.indices.reversed().map { strings[$0].description.count } == Array((0..<70).reversed()))
    let nested = try metadata.array("nested")
    #expect(nested[1] == .array(GGUFArray(["a", ""])))
    #expect(Array(nested) == [nested[0], nested[1]])
    #expect(try Array(metadata.array("truths")) == [.bool(false), .bool(true)])
  }

  @Test func builtArraysEqualThoseOfTheFile() throws {
    #expect(try metadata.array("strings") == GGUFArray((0..<70).map(FileBuilder.sampleString)))
    #expect(try metadata.array("strings") != GGUFArray((0..<69).map(FileBuilder.sampleString)))
    #expect(try metadata.array("numbers") != GGUFArray([-1, 0, 7] as [Int64]))
    #expect(GGUFArray([1, 2] as [Float]).elements(as: Float.self) == [1, 2])
    #expect(GGUFArray([1, 2] as [Float]).elements(as: Double.self) == nil)
    #expect(GGUFArray([1, 2] as [Float]).strings == nil)
  }

  // MARK: Building

  @Test func entriesKeepTheirOrder() {
    var metadata = GGUFMetadata()
    metadata["a"] = .uint32(1)
    metadata["b"] = "two"
    metadata["c"] = true
    metadata["a"] = .uint32(4)
    metadata["d"] = .float32(0.5)
    metadata["b"] = nil
    metadata["e"] = nil
    #expect(metadata.map(\.key) == ["a", "c", "d"])
    #expect(metadata["a"] == .uint32(4))
    #expect(metadata["d"] == .float32(0.5))
    #expect(metadata["b"] == nil)
  }
}

/// For what a test takes for granted.
struct TestFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
