import GPTOSSJSON
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    (#"{"b":1,"a":{"z":null,"y":[true,false]}}"#, "keys keep their order"),
    (#"[1.0,1e5,-0,0.10,12345678901234567890123]"#, "numbers keep their text"),
    (#"{"é":1,"e\#u{301}":2}"#, "canonically equivalent keys are two"),
    (#""a\"\\/\b\f\n\r\t\u0001""#, "escapes"),
    (#"[]"#, "an empty array"),
    (#"{}"#, "an empty object"),
    (
      #"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10}"#,
      "more keys than are searched one by one"
    ),
  ])
  func textComesBack(_ text: String, reason: Comment) throws {
    let value = try JSONValue(parsing: text)
    #expect(value.text.utf8.elementsEqual(text.utf8), reason)
  }

  @Test(arguments: [
    (" {\t\"a\" :\r\n[ 1 , 2 ] } ", #"{"a":[1,2]}"#, "white space goes"),
    (#"{"a":1,"b":2,"a":3}"#, #"{"a":3,"b":2}"#, "of a key that comes twice: last value, first place"),
    (#""\u00e9\ud83d\ude00\/""#, #""é😀/""#, "escapes that are not needed"),
    ("\"\u{7F}\u{2028}\"", "\"\u{7F}\u{2028}\"", "no control characters of JSON"),
  ])
  func textIsNormalized(_ text: String, expected: String, reason: Comment) throws {
    #expect(try JSONValue(parsing: text).text == expected, reason)
  }

  @Test(arguments: [
    ("", JSONFault.unexpectedEnd, 0),
    ("[1", .unexpectedEnd, 2),
    ("[1,]", .unexpectedByte(UInt8(ascii: "]")), 3),
    ("{\"a\" 1}", .unexpectedByte(UInt8(ascii: "1")), 5),
    ("{a:1}", .unexpectedByte(UInt8(ascii: "a")), 1),
    ("nul", .unexpectedEnd, 3),
    ("nulL", .unexpectedByte(UInt8(ascii: "L")), 3),
    ("1 2", .trailingText, 2),
    ("01", .malformedNumber, 1),
    ("1.", .unexpectedEnd, 2),
    ("1.x", .malformedNumber, 2),
    ("-", .unexpectedEnd, 1),
    ("+1", .unexpectedByte(UInt8(ascii: "+")), 0),
    ("\"a", .unexpectedEnd, 2),
    ("\"\\x\"", .malformedEscape, 3),
    ("\"\\u12G4\"", .malformedEscape, 5),
    ("\"\\ud800\"", .loneSurrogate, 7),
    ("\"\\ud800\\u0041\"", .loneSurrogate, 13),
    ("\"\\udc00\"", .loneSurrogate, 7),
    ("\"\n\"", .controlCharacter(0x0A), 1),
    ("\u{FEFF}1", .unexpectedByte(0xEF), 0),
  ])
  func malformedTextIsRefused(_ text: String, fault: JSONFault, byteOffset: Int) {
    #expect(throws: JSONError.malformed(fault, byteOffset: byteOffset)) {
      try JSONValue(parsing: text)
    }
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSONValue(parsing: nested(127))
    #expect(throws: JSONError.malformed(.tooDeep(limit: 127), byteOffset: 127)) {
      try JSONValue(parsing: nested(128))
    }
    #expect(throws: JSONError.malformed(.tooDeep(limit: 127), byteOffset: 127)) {
      try JSONValue(parsing: nested(1_000_000))
    }
  }

  /// The reference library's way to write a number, from its output for `{"default": number}`.
  @Test(arguments: [
    ("1", "1"), ("0", "0"), ("-0", "-0.0"), ("1.0", "1.0"), ("1e2", "100.0"), ("1E5", "100000.0"),
    ("1e16", "1e16"), ("123456789012345680.0", "1.2345678901234568e17"),
    ("1234567890123456.5", "1234567890123456.5"), ("0.00001", "0.00001"), ("9.5e-5", "0.000095"),
    ("1e-7", "1e-7"), ("5e-324", "5e-324"), ("1.1e-320", "1.1e-320"), ("1e-400", "0.0"), ("0e999", "0.0"),
    ("18446744073709551615", "18446744073709551615"), ("18446744073709551616", "1.8446744073709552e19"),
    ("-9223372036854775808", "-9223372036854775808"), ("-9223372036854775809", "-9.223372036854776e18"),
    ("123456789012345678901234567890", "1.2345678901234568e29"),
    ("9007199254740993.0", "9007199254740994.0"),  // Not the nearest value: see `referenceText`.
    ("0.1234567890123456789", "0.12345678901234568"), ("3.141592653589793238462643", "3.141592653589793"),
    ("1.7976931348623157e308", "1.7976931348623157e308"),
    ("2.2250738585072014e-308", "2.2250738585072014e-308"),
    ("1e400", "1e400"),  // Out of range: stays as it was written.
  ])
  func numbersAsTheReferenceWritesThem(_ text: String, expected: String) throws {
    guard case .number(let number) = try JSONValue(parsing: text) else {
      Issue.record("\(text) is no number")
      return
    }
    #expect(number.text == text)
    #expect(number.referenceText == expected)
  }

  @Test func equalityIsExact() throws {
    #expect(try JSONValue(parsing: #"{"a":[1,"é"]}"#) == ["a": [1, "é"]])
    #expect(try JSONValue(parsing: "1.0") != 1)
    #expect(JSONValue.string("é") != "e\u{301}")
    #expect(["a": 1, "b": 2] as JSONValue != ["b": 2, "a": 1])
  }

  @Test func objectsKeepOrderThroughChanges() {
    var object = JSONObject((0..<20).map { (key: "k\($0)", value: JSONValue.number(JSONNumber($0))) })
    object["k3"] = "three"
    object.remove("k0")
    object["k0"] = 0
    #expect(object.keys.first == "k1")
    #expect(object.keys.last == "k0")
    #expect(object["k3"] == "three")
    #expect(object["k19"] == 19)
    #expect(object["missing"] == nil)
    #expect(object.remove("missing") == nil)
  }
}
