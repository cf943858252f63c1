import Foundation
import GPTOSS
import GPTOSSJSON
import Testing

/// Swift values out of what models write, and into what they read.
struct ModelJSONTests {
  @Test func dates() throws {
    let noon = Date(timeIntervalSince1970: 1_754_395_200)
    for text in ["2025-08-05T12:00:00Z", "2025-08-05T14:00:00+02:00", "2025-08-05T12:00:00.000Z"] {
      #expect(try ModelJSON.decode([Date].self, from: "[\"\(text)\"]") == [noon], "\(text)")
    }
    let fraction = try ModelJSON.decode(Date.self, from: "\"2025-08-05T12:00:00.25Z\"")
    #expect(abs(fraction.timeIntervalSince(noon) - 0.25) < 1e-3)
    #expect(try ModelJSON.text(of: [noon]) == #"["2025-08-05T12:00:00Z"]"#)
    #expect(fault([Date].self, #"["yesterday"]"#)?.path == "[0]")
  }

  @Test func decimalsKeepTheirDigits() throws {
    let text = "1234567890123456789.0123456789"
    #expect(try ModelJSON.decode([Decimal].self, from: "[\(text)]") == [#require(Decimal(string: text))])
  }

  @Test func jsonAsItIs() throws {
    #expect(try ModelJSON.decode(JSONObject.self, from: #"{"b":1.50,"a":[]}"#).keys == ["b", "a"])
    #expect(try ModelJSON.decode(JSONValue.self, from: "1.50").text == "1.50")
    // No object is not a missing value.
    #expect(try ModelJSON.decode(Int?.self, from: "5") == 5)
    #expect(try ModelJSON.decode(JSONObject?.self, from: "null") == nil)
  }

  @Test func results() throws {
    struct Point: Encodable { let y = 1, x = 2, path = "a/b" }
    #expect(try ModelJSON.text(of: "a \"b\"") == "a \"b\"")
    #expect(try ModelJSON.text(of: "a \"b\"", isQuoted: true) == #""a \"b\"""#)
    #expect(try ModelJSON.text(of: Point()) == #"{"path":"a/b","x":2,"y":1}"#)
    #expect(try ModelJSON.text(of: 3) == "3")
    #expect(try ModelJSON.text(of: ["z": 1, "a": 2.50] as JSONValue) == #"{"z":1,"a":2.5}"#)
    #expect(throws: (any Error).self) { try ModelJSON.text(of: [Double.nan]) }
  }

  @Test func faults() throws {
    let order =
      #"{"items":[{"name":"a","sizes":[1]},{"name":"b","sizes":[1,"x"]}],"tags":[],"notes":{},"grid":[]}"#
    #expect(
      fault(SchemaSamples.Order.self, order)
        == ValueFault(
          path: "items[1].sizes[1]", problem: .wrongType(expected: "an integer", actual: "a string")))
    #expect(
      fault(SchemaSamples.Order.self, #"{"items":[{}]}"#)
        == ValueFault(path: "items[0].name", problem: .missing))
    #expect(
      fault(SchemaSamples.Weather.self, #"{"city":null,"level":1}"#)
        == ValueFault(path: "city", problem: .wrongType(expected: "a string", actual: "null")))
    #expect(
      fault(SchemaSamples.Weather.self, #"{"city":"Oslo","unit":"kelvin","level":1}"#)
        == ValueFault(path: "unit", problem: .notAllowed([#""celsius""#, #""fahrenheit""#])))
    #expect(
      fault(SchemaSamples.Weather.self, "[]")
        == ValueFault(path: "", problem: .wrongType(expected: "an object", actual: "an array")))
    guard case .notJSON = fault(Int.self, "{")?.problem else {
      Issue.record("half an object")
      return
    }
    guard case .invalid = fault([UInt8].self, "[300]")?.problem else {
      Issue.record("a number that is too large")
      return
    }
  }

  private func fault<T: Decodable>(_ type: T.Type, _ text: String) -> ValueFault? {
    do {
      let schema = try JSONValue.schema(of: type)
      do throws(ValueFault) {
        _ = try ModelJSON.decode(type, from: text, schema: schema)
        Issue.record("\(text) is a \(type)")
      } catch {
        return error
      }
    } catch {
      Issue.record(error)
    }
    return nil
  }
}
