import GPTOSSBlockFormats
import Testing

/// If these fail, files' formats are mistaken for one another.
@Suite("Block formats")
struct BlockFormatTests {
  // From ggml.h (enum ggml_type) and ggml.c (type_traits).
  private static let table: [(BlockFormat, name: String, typeID: UInt32, weights: Int, bytes: Int)] = [
    (.f32, "F32", 0, 1, 4), (.f16, "F16", 1, 1, 2), (.bf16, "BF16", 30, 1, 2),
    (.mxfp4, "MXFP4", 39, 32, 17), (.q8_0, "Q8_0", 8, 32, 34),
    (.q4_0, "Q4_0", 2, 32, 18), (.q4_1, "Q4_1", 3, 32, 20),
    (.q5_0, "Q5_0", 6, 32, 22), (.q5_1, "Q5_1", 7, 32, 24),
    (.q2_K, "Q2_K", 10, 256, 84), (.q3_K, "Q3_K", 11, 256, 110), (.q4_K, "Q4_K", 12, 256, 144),
    (.q5_K, "Q5_K", 13, 256, 176), (.q6_K, "Q6_K", 14, 256, 210),
    (.iq4_NL, "IQ4_NL", 20, 32, 18), (.iq4_XS, "IQ4_XS", 23, 256, 136),
  ]

  @Test("Every format has ggml's name, number and sizes", arguments: table)
  func layout(format: BlockFormat, name: String, typeID: UInt32, weights: Int, bytes: Int) {
    #expect(format.name == name)
    #expect(format.ggmlTypeID == typeID)
    #expect(format.weightsPerBlock == weights)
    #expect(format.bytesPerBlock == bytes)
    #expect(BlockFormat(ggmlTypeID: typeID) == format)
  }

  @Test("The table has every format")
  func complete() {
    #expect(Self.table.map(\.0.rawValue).sorted() == BlockFormat.allCases.map(\.rawValue).sorted())
  }

  @Test("Other type numbers are no format", arguments: [4, 9, 15, 16, 24, 38, 40, .max] as [UInt32])
  func unknown(typeID: UInt32) {
    #expect(BlockFormat(ggmlTypeID: typeID) == nil)
  }

  @Test("Four formats are written")
  func encoders() {
    #expect(BlockFormat.allCases.filter { $0.encoder != nil } == [.f16, .bf16, .mxfp4, .q8_0])
  }
}
