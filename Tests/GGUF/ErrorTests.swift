import GGUF
import Testing

/// What people read.
@Suite struct ErrorTests {
  @Test func everyDescriptionIsOneLineWithTheFileInIt() throws {
    for row in HostileFileTests.rows {
      let error = try #require(try refusal(of: FileBuilder.sample.setting(row.field, to: row.value).bytes))
      #expect(error.description.hasPrefix(error.path + ": "))
      #expect(!error.description.contains { $0.isNewline })
    }
  }

  @Test func namesFromTheFileCannotBreakTheLineOrCommandATerminal() throws {
    for name in [
      "a\nb", "a\r\nb", "\u{1B}[2J", "\u{85}", "\u{2028}", "\u{202E}", String(repeating: "x", count: 9_999),
    ] {
      var builder = FileBuilder(tensors: 0, entries: 1)
      builder.key(name, type: 99)
      builder.number(UInt64(0), "value")
      let error = try #require(try refusal(of: builder.bytes))
      #expect(error.place == .key(name))
      let unwanted = error.description.unicodeScalars.filter {
        $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
          || $0.properties.generalCategory == .lineSeparator
      }
      #expect(unwanted.isEmpty)
      #expect(error.description.count < 400)
    }
  }

  @Test func thePlaceIsGivenToTheByte() throws {
    let sample = FileBuilder.sample
    let field = try #require(sample.fields.first { $0.label == "u8 type" })
    let error = try refusal(of: sample.setting("u8 type", to: 99).bytes)
    #expect(error?.byteOffset == field.range.upperBound)
  }
}
