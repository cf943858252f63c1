import GGUF
import GPTOSS
import GPTOSSJSON
import Testing

/// Metadata as JSON: every type, no digit lost, and long arrays cut.
struct GGUFFileJSONTests {
  @Test(arguments: [
    (GGUFValue.uint8(255), "255"), (.int8(-128), "-128"), (.uint64(.max), "18446744073709551615"),
    (.int64(.min), "-9223372036854775808"), (.float32(0.1), "0.1"), (.float32(1e-5), "0.00001"),
    (.float64(0.1), "0.1"), (.float64(.nan), "\"nan\""), (.float32(-.infinity), "\"-inf\""),
    (.float64(.infinity), "\"inf\""), (.bool(true), "true"),
  ])
  func scalars(_ value: GGUFValue, _ text: String) {
    #expect(value.json(wholeArrays: false).text == text)
  }

  @Test func longArraysAreCut() {
    let long = GGUFValue.array(GGUFArray((0..<17).map { Int32($0) }))
    let short = GGUFValue.array(GGUFArray((0..<16).map { Int32($0) }))
    #expect(long.json(wholeArrays: false).text == #"{"type":"int32","count":17,"first":[0,1,2,3]}"#)
    #expect(long.json(wholeArrays: true).arrayValue?.count == 17)
    #expect(short.json(wholeArrays: false).arrayValue?.count == 16)
  }
}
