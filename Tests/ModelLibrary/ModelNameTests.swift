import GPTOSSModelLibrary
import Testing

/// Names of the Hub and of files.
struct ModelNameTests {
  @Test(arguments: [
    ("o/r", "o/r"), ("o/r:Q4_K_M", "o/r:Q4_K_M"), ("o/r/m.gguf", "o/r/m.gguf"),
    ("o/r/Q4/m.gguf", "o/r/Q4/m.gguf"), ("https://huggingface.co/o/r", "o/r"), ("hf.co/o/r:Q8_0", "o/r:Q8_0"),
    ("https://huggingface.co/o/r/", "o/r"), ("https://huggingface.co/o/r/tree/main", "o/r"),
    ("https://huggingface.co/o/r/blob/main/m.gguf", "o/r/m.gguf"),
    ("https://huggingface.co/o/r/resolve/main/a/m.gguf?download=true", "o/r/a/m.gguf"),
    ("http://huggingface.co/o/r#x", "o/r"), ("huggingface.co/o/r", "o/r"),
  ])
  func areRead(_ text: String, _ expected: String) {
    #expect(ModelName(text)?.description == expected)
  }

  /// What the Hub has under a name that is too long for a file here is named, and refused when it is asked for.
  @Test func longFileNamesAreNames() {
    let name = "o/r/\(String(repeating: "m", count: 250)).gguf"
    #expect(ModelName(name)?.choice == .file(String(name.dropFirst(4))))
  }

  /// Whatever becomes part of a path or an address is one name, and stays below its folder.
  @Test(arguments: [
    "", "r", "o/", "/r", "o//r", "o/r/", "../r", "o/..", "o/.r", "o/r/../m.gguf", "o/r/x", "o/r:",
    "o/r:..", "o/r:Q8 0", "o/r:Q8\u{1B}",
    "o/r:a/b.gguf",
    "https://example.org/o/r", "https://huggingface.co/o", "o/r r", "o/ré", "o/r\u{0}", "o\\x/r",
    "o/r/.m.gguf",
    "o/" + String(repeating: "r", count: 97),
  ])
  func areRefused(_ text: String) {
    #expect(ModelName(text) == nil)
  }

  @Test(
    arguments: [
      ("m.gguf", "m", nil), ("m.GGUF", "m", nil), ("m-00002-of-00003.gguf", "m", 2),
      ("m-00004-of-00003.gguf", "m-00004-of-00003", nil), ("m-00000-of-00003.gguf", "m-00000-of-00003", nil),
      ("m-1-of-3.gguf", "m-1-of-3", nil), ("m-0000x-of-00003.gguf", "m-0000x-of-00003", nil),
    ] as [(String, String, Int?)])
  func partsAreRead(_ file: String, _ stem: String, _ number: Int?) {
    let read = ModelName.stem(ofFile: file)
    #expect(read.stem == stem && read.part?.number == number)
  }

  @Test(
    arguments: [
      ("gpt-oss-20b-mxfp4", "MXFP4"), ("gpt-oss-20b-Q4_K_M", "Q4_K_M"), ("m.IQ4_XS", "IQ4_XS"),
      ("m-F16", "F16"),
      ("m-UD-Q4_K_XL", "UD-Q4_K_XL"), ("gpt-oss-20b", nil), ("m-Q", nil), ("qwen", nil),
    ] as [(String, String?)])
  func quantizationsAreRead(_ stem: String, _ expected: String?) {
    #expect(ModelName.quantization(ofStem: stem) == expected)
  }

  @Test func theBestFileOfARepository() {
    func best(_ stems: String...) -> String? { ModelName.preferred(stems) { $0 } }
    #expect(best("m-Q8_0", "m-mxfp4", "m-Q4_K_M") == "m-mxfp4")
    #expect(best("m-Q8_0", "m-Q4_K_M") == "m-Q4_K_M")
    #expect(best("mmproj-Q8_0", "m-Q2_K", "m-F16") == "m-F16")
    #expect(best() == nil)
  }
}
